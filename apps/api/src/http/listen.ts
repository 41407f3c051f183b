import { createServer, type Server } from 'node:http';
import type { Express } from 'express';
import { answerClientError } from './client-error.ts';

/** Serves the app; resolves once it takes connections, rejects where the port is not to be had. Port 0 takes a free one. */
export function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer(
    {
      // Somebody who sends a request drop by drop holds a connection for two minutes at most; a picture over a slow line takes one.
      requestTimeout: 120_000,
      headersTimeout: 10_000,
      // More than our nginx passes on (four buffers of 16 kB, and what it adds): what is too much is refused there, where
      // the origin is known and the page may read why. Browsers send the cookies of every port of localhost along.
      maxHeaderSize: 80 * 1024,
      // Longer than the proxy's, or it would reuse a connection in the moment in which we close it.
      keepAliveTimeout: 75_000,
    },
    app,
  );
  server.on('clientError', answerClientError);
  // An expectation that nobody knows may be ignored (RFC 9110, section 10.1.1). Node's own answer has no header of ours.
  server.on('checkExpectation', app);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
