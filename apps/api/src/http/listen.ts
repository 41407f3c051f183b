import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { answerClientError } from './client-error.ts';
import { messagesOf } from './messages.ts';
import { cutStalledReaders } from './stalled.ts';
import { readTarget } from './target.ts';

/**
 * Serves the app. Resolves when it accepts connections; rejects if it cannot listen there. Port 0 is any
 * free port.
 */
export function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Server> {
  const serve: RequestListener = (request, response) => {
    readTarget(request);
    app(request, response);
  };
  const messages = messagesOf(app);
  const server = createServer(
    {
      ...messages,
      // The host check answers it, with a problem; Node's own answer would be a bare status line.
      requireHostHeader: false,
      // A caller that sends slowly on purpose holds a connection for two minutes at most. An image over a
      // slow line takes one minute.
      requestTimeout: 120_000,
      headersTimeout: 10_000,
      // More than our nginx passes on (four buffers of 16 kB, and what it adds), so that nginx refuses longer
      // headers: its answer has CORS headers, and the page can read it. Browsers send the cookies of all
      // ports of localhost.
      maxHeaderSize: 80 * 1024,
      // Longer than the proxy's, because otherwise the proxy may send a request at the moment in which
      // we close.
      keepAliveTimeout: 75_000,
    },
    serve,
  );
  server.once('draining', () => app.emit('draining'));
  server.on('clientError', (error, socket) =>
    answerClientError(error, socket as Socket, (record) => app.emit('unreadable', record)),
  );
  cutStalledReaders(server);
  // Without a listener Node closes the connection without an answer. The app refuses the target.
  server.on('connect', (request, socket) => {
    const response = new messages.ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => socket.end());
    serve(request, response);
  });
  // A server may ignore an expectation that it does not know (RFC 9110, section 10.1.1). Node's 417 has no
  // CORS headers.
  server.on('checkExpectation', serve);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
