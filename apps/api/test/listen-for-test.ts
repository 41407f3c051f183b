import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Express } from 'express';
import { onTestFinished } from 'vitest';
import { listen } from '../src/http/listen.ts';

/** Lets a server listen on a free port of `host`, and returns the port. Server and connections end with the test. */
export async function listenForTest(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return endWithTest(server);
}

/** Serves an app as the API's is served, on a free port, until the test finishes. */
export async function serveForTest(app: Express) {
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const port = endWithTest(server);
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** Ends a listening server and its connections with the test, and returns its port. */
function endWithTest(server: Server): number {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    // A connection that the other side cuts is what many of these tests are about.
    socket.on('error', () => undefined);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
