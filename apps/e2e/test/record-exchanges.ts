import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  readonly answerHeaders: IncomingHttpHeaders;
};

/**
 * A server on a free port that passes every request to the API unchanged and keeps what both sides sent. Unlike a
 * page, it sees the preflights and the cookies.
 */
export async function recordExchanges(apiPort: number) {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const passed = send({ host: '127.0.0.1', port: apiPort, method, path, headers }, (answer) => {
      const { statusCode: status = 0, headers: answerHeaders } = answer;
      exchanges.push({ method, path, headers, status, answerHeaders });
      response.writeHead(status, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    /** What has been recorded since the last call. */
    take: () => exchanges.splice(0),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
