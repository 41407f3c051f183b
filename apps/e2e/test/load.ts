import { Agent, request } from 'node:http';

type Outcome = { readonly what: string; readonly method: string; readonly beganAt: number };

/** The API takes 120 writes a minute of one user, and a round of a caller has two. */
const roundsPerMinute = 55;

type Load = {
  readonly url: string;
  /** Each of another user. The callers share them. */
  readonly tokens: readonly string[];
  readonly callers: number;
};

/**
 * Callers that read and write until `stop`, each on a kept connection of its own, and read only while their user may
 * not write again. `failures` has every request that got another answer than the expected one.
 */
export function startLoad({ url, tokens, callers }: Load) {
  const roundMs = (60_000 / roundsPerMinute) * Math.ceil(callers / tokens.length);
  const failures: Outcome[] = [];
  const counts = { answered: 0 };
  const made = new Set<number>();
  let isOver = false;
  const loops = Array.from({ length: callers }, async (_, index) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const token = tokens[index % tokens.length] ?? '';
    const call = (method: string, path: string, status: number, body?: string) =>
      send({ agent, token }, method, path, status, body);
    let nextRoundAt = 0;
    while (!isOver) {
      await call('GET', '/protected', 200);
      if (Date.now() < nextRoundAt) continue;
      nextRoundAt = Date.now() + roundMs;
      const id = await call(
        'POST',
        '/api/posts',
        201,
        JSON.stringify({ note: `Written under load by ${index}` }),
      );
      if (id === undefined) continue;
      await call('PATCH', `/api/posts/${id}`, 200, JSON.stringify({ note: 'Changed under load' }));
      if (index % 2 === 0) await call('DELETE', `/api/posts/${id}`, 204);
      else made.add(id);
    }
    agent.destroy();
  });

  function send(
    { agent, token }: { agent: Agent; token: string },
    method: string,
    path: string,
    status: number,
    body?: string,
  ): Promise<number | undefined> {
    const beganAt = Date.now();
    return new Promise((resolve) => {
      const fail = (what: string) => {
        failures.push({ what, method, beganAt });
        resolve(undefined);
      };
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request(
        `${url.replace('localhost', '127.0.0.1')}${path}`,
        { method, agent, headers },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', ({ message }) => fail(message));
          response.on('end', () => {
            counts.answered += 1;
            if (response.statusCode !== status) return fail(`${response.statusCode} ${text}`);
            resolve(text ? (JSON.parse(text) as { id: number }).id : 0);
          });
        },
      );
      sent.on('error', ({ message }) => fail(message));
      sent.end(body);
    });
  }

  return {
    failures,
    counts,
    made,
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}
