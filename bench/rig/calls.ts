import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** What came back: an answer, or, with status 0, the reason why none did. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
  readonly failure?: string;
};

/** `body` is sent as JSON, unless it is bytes already. */
export type CallOptions = {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

export type Caller = ReturnType<typeof createCaller>;

/** A client that keeps one connection, as a browser or a proxy would. It never throws: what went wrong is part of the answer. */
export function createCaller({ port, patienceMs = 60_000 }: { port: number; patienceMs?: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  return {
    call: (method: string, path: string, { token, body, headers }: CallOptions = {}): Promise<Answer> =>
      new Promise((resolve) => {
        const began = performance.now();
        const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
        const fail = (failure: string) =>
          resolve({ status: 0, headers: {}, text: '', ms: performance.now() - began, failure });
        const sent = request(
          {
            agent,
            port,
            host: '127.0.0.1',
            method,
            path,
            timeout: patienceMs,
            headers: {
              ...(token !== undefined && { authorization: `Bearer ${token}` }),
              ...(bytes !== undefined && {
                'content-type': 'application/json',
                'content-length': bytes.length,
              }),
              ...headers,
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', ({ message }) => fail(`in the middle of an answer: ${message}`));
            response.on('end', () => {
              const answer = Buffer.concat(chunks).toString();
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: answer,
                ms: performance.now() - began,
              });
            });
          },
        );
        sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
        sent.on('error', ({ message }) => fail(message));
        sent.end(bytes);
      }),
    close: (): void => agent.destroy(),
  };
}

/** Whether it is a problem that says when to try again. */
export function isRefusalForNow({ status, headers }: Answer): boolean {
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  return (status === 429 || status === 503) && isProblem && /^\d+$/.test(headers['retry-after'] ?? '');
}

/** An answer's JSON. */
export function json<Body>({ text }: Answer): Body {
  return JSON.parse(text) as Body;
}

/** Signs in by bearer token. Throws where that fails. */
export async function signIn(
  port: number,
  username = 'toby',
  password = `123${username}`,
): Promise<{ token: string; refresh_token: string }> {
  const { call, close } = createCaller({ port });
  const answer = await call('POST', '/token', { body: { username, password } });
  close();
  if (answer.status !== 200)
    throw new Error(`Sign-in as ${username}: ${answer.status} ${answer.failure ?? answer.text}`);
  return json(answer);
}

/** Runs `work` over and over in each of `callers` loops until `stop` is called, which resolves when the last has finished. */
export function startLoops(
  callers: number,
  port: number,
  work: (caller: Caller, index: number) => Promise<unknown>,
) {
  let isOver = false;
  const loops = Array.from({ length: callers }, async (_, index) => {
    const caller = createCaller({ port });
    while (!isOver) await work(caller, index);
    caller.close();
  });
  return {
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(loops);
    },
  };
}
