import type { Server as HttpServer } from 'node:http';
import { type Server, Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type DrainTimes = {
  /**
   * How long a kept-alive connection on which nothing happens is left open. A proxy may be about to use it, and a request
   * that is not safe to repeat is lost if we close it in that moment; so this is longer than the proxy keeps it.
   */
  readonly idleSeconds: number;
  /** After this long, whatever is still being served is cut. */
  readonly totalSeconds: number;
};

/** Takes no more connections, lets what is in flight finish, each answer being the last of its connection, and resolves when all are closed. */
export async function drain(server: HttpServer, { idleSeconds, totalSeconds }: DrainTimes): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // Just after the event loop has accepted what was waiting: the system resets whoever waits while we close.
  await new Promise((resolve) => setImmediate(resolve));
  // The close of http.Server itself would close idle connections at once.
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
