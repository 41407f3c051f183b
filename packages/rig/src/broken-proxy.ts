import { createServer, type IncomingMessage, request as requestHttp, type Server } from 'node:http';

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
 * A proxy before an API, not listening yet; it breaks what `broken` says at each request. Of several APIs it asks each in
 * turn.
 */
export function createBrokenProxy(apiUrls: readonly string[], broken: () => Breakage): Server {
  const apis = apiUrls.map((each) => new URL(each));
  let count = 0;
  return createServer((request, response) => {
    const api = apis[count % apis.length] ?? new URL('http://127.0.0.1');
    count += 1;
    const { answers, toApi, toPage } = broken();
    const own = answers?.(request);
    if (own) {
      request.resume();
      response.writeHead(own.status, flat(own.lines ?? [])).end(own.body);
      return;
    }
    const given = pairs(request.rawHeaders);
    const lines = toApi?.(given, request) ?? given;
    const forwarded = requestHttp(
      { host: api.hostname, port: api.port, method: request.method, path: request.url, headers: flat(lines) },
      (answer) => {
        const back = pairs(answer.rawHeaders).filter(([name]) => !/^(connection|keep-alive)$/i.test(name));
        const status = answer.statusCode ?? 502;
        response.writeHead(status, flat(toPage?.(back, request, status) ?? back));
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    // A caller that leaves must not keep the request to the API open.
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
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
