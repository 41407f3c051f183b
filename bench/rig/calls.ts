import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** An answer, or status 0 with the reason why there is no answer. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
  readonly failure?: string;
};

/** `body` is sent as JSON, unless it is a Buffer. */
export type CallOptions = {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

export type Caller = ReturnType<typeof createCaller>;

/**
 * A client with one kept connection, like a browser or a proxy. It never
 * throws: the answer contains the failure. `from` is the address of loopback that it calls from.
 */
export function createCaller({
  port,
  patienceMs = 60_000,
  from,
}: {
  port: number;
  patienceMs?: number;
  from?: string | undefined;
}) {
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
            ...(from !== undefined && { localAddress: from }),
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

/** Whether the answer is a problem with a Retry-After header. */
export function isRefusalForNow({ status, headers }: Answer): boolean {
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  return (status === 429 || status === 503) && isProblem && /^\d+$/.test(headers['retry-after'] ?? '');
}

/** The JSON body of an answer. */
export function json<Body>({ text }: Answer): Body {
  return JSON.parse(text) as Body;
}

/** Signs in by bearer token. Throws if that fails. */
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

/**
 * Repeats `work` in `callers` concurrent loops until `stop` is called,
 * which resolves when all loops have ended.
 */
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
