import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Caller, json, signIn, startLoops } from '../rig/calls.ts';
import { password } from '../rig/users.ts';

type Seen = { ms: number[]; unexpected: string[] };

type Tokens = { token: string; refresh_token: string };

type Work = {
  readonly name: string;
  readonly status: number;
  readonly ask: (user: { uid: string; tokens: Tokens }, call: Asking) => Promise<Answer>;
};

type Asking = (method: string, path: string, options?: Parameters<Caller['call']>[2]) => Promise<Answer>;

const works: readonly Work[] = [
  {
    name: 'sign-in',
    status: 200,
    // With the token of an earlier session, which says that the user has signed in on this device before.
    ask: ({ uid, tokens: { token } }, call) =>
      call('POST', '/token', { token, body: { username: uid, password } }),
  },
  {
    name: 'refresh',
    status: 200,
    async ask(user, call) {
      const { refresh_token } = user.tokens;
      const answer = await call('POST', '/api/sessions/refresh', { body: { refresh_token } });
      if (answer.status === 200) user.tokens = json(answer);
      return answer;
    },
  },
  {
    name: 'GET /protected',
    status: 200,
    ask: ({ tokens: { token } }, call) => call('GET', '/protected', { token }),
  },
  {
    name: 'GET /api/posts and users',
    status: 200,
    ask: ({ tokens: { token } }, call) =>
      call('GET', Math.random() < 0.5 ? '/api/posts?limit=20' : '/api/users?q=to', { token }),
  },
  {
    name: 'POST /api/posts',
    status: 201,
    async ask({ tokens: { token } }, call) {
      // Within the 120 writes of a minute.
      await delay(600);
      return call('POST', '/api/posts', { token, body: { note: 'Written beside a flood' } });
    },
  },
];

/**
 * Users who do what users do and are measured. Of the two who do the same, one is at the culprit's address.
 */
export async function startBystanders(port: number, uids: readonly string[], culpritAddress: string) {
  const seen: Record<string, Seen> = {};
  const users: { uid: string; tokens: Tokens }[] = [];
  for (const uid of uids.slice(0, works.length * 2))
    users.push({ uid, tokens: await signIn(port, uid, password) });

  const loops = startLoops(users.length, port, async ({ call }, index) => {
    const user = users[index];
    const work = works[index % works.length];
    if (!user || !work) return;
    const isNeighbour = index < works.length;
    const address = isNeighbour ? culpritAddress : `203.0.113.${index}`;
    const answer = await work.ask(user, (method, path, options = {}) =>
      call(method, path, { ...options, headers: { 'x-forwarded-for': address } }),
    );
    const name = `${work.name}${isNeighbour ? " at the culprit's address" : ''}`;
    seen[name] ??= { ms: [], unexpected: [] };
    const { ms, unexpected } = seen[name];
    ms.push(answer.ms);
    if (answer.status !== work.status)
      unexpected.push(`${name}: ${answer.failure ?? `${answer.status} ${answer.text.slice(0, 300)}`}`);
    await delay(50);
  });

  return {
    async stop(): Promise<Readonly<Record<string, Seen>>> {
      await loops.stop();
      return seen;
    },
  };
}
