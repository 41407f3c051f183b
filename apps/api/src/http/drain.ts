import type { Server as HttpServer } from 'node:http';
import { type Server, Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type DrainTimes = {
  /**
   * How long an idle connection stays open. A proxy may send a request on it at the moment in which we
   * close it, and a request that is not idempotent is then lost; so this is longer than the proxy keeps
   * idle connections.
   */
  readonly idleSeconds: number;
  /** Connections that are still open after this time are destroyed. */
  readonly totalSeconds: number;
};

/**
 * Stops accepting connections, lets requests in progress finish, and resolves when every connection is
 * closed. Each further answer says `Connection: close`. Streams of events end at once.
 */
export async function drain(server: HttpServer, { idleSeconds, totalSeconds }: DrainTimes): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // Streams of events end now, because they would last until they are cut.
  server.emit('draining');
  // The event loop first accepts the connections that wait: the system resets those that wait while we close.
  await new Promise((resolve) => setImmediate(resolve));
  // `close` of http.Server would close idle connections at once.
  const closed = new Promise<void>((resolve) =>
    TcpServer.prototype.close.call(server as Server, () => resolve()),
  );
  const cut = setTimeout(() => server.closeAllConnections(), totalSeconds * 1000);
  await Promise.race([closed, delay(idleSeconds * 1000)]);
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
