import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request as requestHttp } from 'node:http';
import { onTestFinished } from 'vitest';

export type Line = readonly [name: string, value: string];

/** What a proxy does wrong. Each function gets what is right, and returns what is sent instead. */
export type Breakage = {
  /** Header lines of the request on its way to the API. */
  readonly toApi?: (lines: Line[], request: IncomingMessage) => Line[];
  /** Header lines of the answer on its way back. */
  readonly toPage?: (lines: Line[], request: IncomingMessage, status: number) => Line[];
  /** Answers itself instead of asking the API. */
  readonly answers?: (
    request: IncomingMessage,
  ) => { status: number; lines?: Line[]; body?: string } | undefined;
};

/**
 * A proxy before an API, on a free port of loopback; returns its port. It ends with the test. Of several
 * addresses it asks each in turn.
 */
export async function startProxy(
  apiUrls: string | readonly string[],
  broken: Breakage = {},
): Promise<number> {
  const apis = [apiUrls].flat().map((each) => new URL(each));
  let count = 0;
  return startServer((request, response) => {
    const api = apis[count % apis.length] ?? new URL('http://127.0.0.1');
    count += 1;
    const own = broken.answers?.(request);
    if (own) {
      request.resume();
      response.writeHead(own.status, flat(own.lines ?? [])).end(own.body);
      return;
    }
    const given = pairs(request.rawHeaders);
    const lines = broken.toApi?.(given, request) ?? given;
    const forwarded = requestHttp(
      { host: api.hostname, port: api.port, method: request.method, path: request.url, headers: flat(lines) },
      (answer) => {
        const back = pairs(answer.rawHeaders).filter(([name]) => !/^(connection|keep-alive)$/i.test(name));
        response.writeHead(
          answer.statusCode ?? 502,
          flat(broken.toPage?.(back, request, answer.statusCode ?? 0) ?? back),
        );
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
}

/** A server on a free port of loopback, which ends with the test. */
export async function startServer(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** The lines with a change of those of this name; `undefined` removes a line. */
export function change(name: string, to: (value: string) => string | undefined): (lines: Line[]) => Line[] {
  return (lines) =>
    lines.flatMap((line): Line[] => {
      if (line[0].toLowerCase() !== name.toLowerCase()) return [line];
      const value = to(line[1]);
      return value === undefined ? [] : [[line[0], value]];
    });
}

export const remove = (name: string) => change(name, () => undefined);

function pairs(rawHeaders: readonly string[]): Line[] {
  const lines: Line[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    lines.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  return lines;
}

function flat(lines: readonly Line[]): string[] {
  return lines.flat();
}
