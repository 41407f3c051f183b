import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runNode, startPostgres } from '@signet/rig';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Three processes of the built API on one PostgreSQL: what one of them ends must open nothing in any. */
const SECRET_KEY = randomBytes(48).toString('base64url');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let apis: Api[];

const startReplica = () => startApi({ env: { DATABASE_URL: postgres.url, SECRET_KEY } });

beforeAll(async () => {
  postgres = await startPostgres();
  apis = await Promise.all([startReplica(), startReplica(), startReplica()]);
});

afterAll(async () => {
  for (const each of apis ?? []) await each.stop();
  await postgres?.stop();
});

type Caller = { readonly token: string; readonly user_id: number };
type Session = Caller & { readonly uid: string; readonly admin: Caller };

/** The default of SESSION_STALENESS_MS, and a wait that is longer: a request after it asks. */
const untilStale = () => delay(60);

/** So long that a sign-out is answered meanwhile. */
const longMs = 60_000;

const password = 'one password for all of them';

/** A new user whose session every process has in memory. `role` is theirs. */
async function inEveryMemory(targets: readonly Api[], role: 'user' | 'admin' = 'user'): Promise<Session> {
  const [first] = targets;
  const admin = await signIn(first, 'toby', '123toby');
  const uid = `user-${randomBytes(6).toString('hex')}`;
  const made = await ask(first, 'POST', '/api/users', admin, { name: uid, uid, password, role });
  expect(made.status).toBe(201);
  const session = await signIn(first, uid, password);
  for (const api of targets)
    for (const path of ['/protected', '/protected'])
      expect((await ask(api, 'GET', path, session)).status).toBe(200);
  return { ...session, uid, admin };
}

const changes: readonly [string, (session: Session) => Promise<Answer>][] = [
  ['signs out', (session) => ask(apis[0], 'DELETE', '/api/sessions/current', session)],
  ['ends all their sessions', (session) => ask(apis[0], 'DELETE', '/api/sessions', session)],
  [
    'changes their password',
    (session) =>
      ask(apis[0], 'PUT', '/api/users/me/password', session, {
        current_password: password,
        new_password: 'alternating current',
      }),
  ],
  [
    'gets a password from an admin',
    ({ user_id, admin }) =>
      ask(apis[0], 'PUT', `/api/users/${user_id}/password`, admin, { new_password: 'alternating current' }),
  ],
  [
    'has their sessions ended by an admin',
    ({ user_id, admin }) => ask(apis[0], 'DELETE', `/api/users/${user_id}/sessions`, admin),
  ],
  ['is deleted by an admin', ({ user_id, admin }) => ask(apis[0], 'DELETE', `/api/users/${user_id}`, admin)],
];

test.each(changes)(
  'When a user %s in one of three processes, their session opens nothing there at once, nor in the others after SESSION_STALENESS_MS',
  async (_what, change) => {
    const session = await inEveryMemory(apis);
    expect((await change(session)).status).toBeLessThan(300);
    expect(await ask(apis[0], 'GET', '/protected', session)).toMatchObject(ended);
    await untilStale();
    for (const api of apis) expect(await ask(api, 'GET', '/protected', session)).toMatchObject(ended);
  },
);

test('When an admin becomes a user in one of three processes, no process gives them the audit log any more', async () => {
  const session = await inEveryMemory(apis, 'admin');
  for (const api of apis) expect((await ask(api, 'GET', '/api/audit', session)).status).toBe(200);
  const path = `/api/users/${session.user_id}`;
  expect((await ask(apis[0], 'PATCH', path, session.admin, { role: 'user' })).status).toBe(200);
  const forbidden = { status: 403, code: 'forbidden' };
  expect(await ask(apis[0], 'GET', '/api/audit', session)).toMatchObject(forbidden);
  await untilStale();
  for (const api of apis) expect(await ask(api, 'GET', '/api/audit', session)).toMatchObject(forbidden);
});

const commands: readonly [string, (uid: string) => readonly string[], string][] = [
  ['ends the sessions of a user', (uid) => ['sessions', 'end', '--user', uid], ''],
  ['ends all sessions', () => ['sessions', 'end', '--all'], ''],
];

test.each(commands)(
  'When the command line %s, an API beside it on the same SQLite file accepts them no longer than SESSION_STALENESS_MS',
  async (_what, args) => {
    const DATA_DIR = temporaryFolder();
    const api = await startApi({ env: { DATA_DIR } });
    onTestFinished(api.stop);
    const session = await inEveryMemory([api]);
    const cli = fileURLToPath(new URL('../../api/dist/cli.js', import.meta.url));
    const run = runNode([cli, ...args(session.uid)], { DATA_DIR });
    expect(await run.exit, run.errors()).toEqual({ code: 0, signal: null });
    await untilStale();
    expect(await ask(api, 'GET', '/protected', session)).toMatchObject(ended);
  },
);

test('A sign-out that was answered stays one, whenever its process is killed, and one that was not is the same everywhere', async () => {
  const others = apis.slice(1);
  const unanswered: number[] = [];
  for (const ms of [0, 1, 2, 3, 4, 6, 8, 12, longMs]) {
    const victim = await startReplica();
    const session = await inEveryMemory([victim, ...others]);
    const answer = ask(victim, 'DELETE', '/api/sessions/current', session).catch(() => undefined);
    await Promise.race([answer, delay(ms, undefined, { ref: false })]);
    victim.kill('SIGKILL');
    await victim.stop();
    const isAnswered = (await answer)?.status === 204;
    if (!isAnswered) unanswered.push(ms);
    const successor = await startReplica();
    const statuses = () =>
      Promise.all(
        [successor, ...others].map(async (api) => (await ask(api, 'GET', '/protected', session)).status),
      );
    await untilStale();
    if (isAnswered) expect(new Set(await statuses())).toEqual(new Set([401]));
    // Otherwise the server may still be carrying out what the process had sent.
    else await expect.poll(async () => new Set(await statuses()).size).toBe(1);
    await successor.stop();
  }
  expect(unanswered).not.toContain(longMs);
});

test('While PostgreSQL hangs, every process answers 503 instead of what it has in memory, and then what is true', async () => {
  const session = await inEveryMemory(apis);
  const other = await inEveryMemory(apis);
  expect((await ask(apis[0], 'DELETE', '/api/sessions/current', session)).status).toBe(204);
  await postgres.suspend();
  try {
    await untilStale();
    const asked = apis.flatMap((api) => [
      ask(api, 'GET', '/protected', session),
      ask(api, 'GET', '/protected', other),
    ]);
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({ status: 503, code: 'not_ready' });
  } finally {
    postgres.proceed();
  }
  for (const api of apis) {
    expect(await afterUnavailable(api, session)).toMatchObject(ended);
    expect(await afterUnavailable(api, other)).toMatchObject({ status: 200 });
  }
});

test('While PostgreSQL is stopped, every process answers 503 instead of what it has in memory, and then what is true', async () => {
  const session = await inEveryMemory(apis);
  const other = await inEveryMemory(apis);
  expect((await ask(apis[0], 'DELETE', '/api/sessions/current', session)).status).toBe(204);
  await postgres.interrupt();
  await untilStale();
  for (const api of apis)
    for (const each of [session, other])
      expect(await ask(api, 'GET', '/protected', each)).toMatchObject({ status: 503, code: 'not_ready' });
  await postgres.resume();
  for (const api of apis) {
    expect(await afterUnavailable(api, session)).toMatchObject(ended);
    expect(await afterUnavailable(api, other)).toMatchObject({ status: 200 });
  }
});

const ended = { status: 401, code: 'session_ended' };

/** The first answer that is not 503. */
async function afterUnavailable(api: Api, session: Session): Promise<Answer> {
  for (;;) {
    const answer = await ask(api, 'GET', '/protected', session);
    if (answer.status !== 503) return answer;
    await delay(100);
  }
}

type Answer = { readonly status: number; readonly code?: string };

async function ask(
  api: Api | undefined,
  method: string,
  path: string,
  { token }: { readonly token: string },
  body?: object,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${api?.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = response.ok ? undefined : JSON.parse(text).code;
  return { status: response.status, ...(code !== undefined && { code }) };
}

async function signIn(api: Api | undefined, username: string, given: string): Promise<Caller> {
  const response = await fetch(`http://127.0.0.1:${api?.port}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: given }),
  });
  expect(response.status).toBe(200);
  return response.json();
}
