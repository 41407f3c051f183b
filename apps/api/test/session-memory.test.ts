import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findInitdb, startPooler, startPostgres } from '@signet/rig';
import knex, { type Knex } from 'knex';
import sqlite3 from 'sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Database } from '../src/db/connect.ts';
import { startDatabaseProxy } from './database-proxy.ts';
import { holdRequest } from './held-request.ts';
import { runCli, temporaryFolder } from './run-cli.ts';
import { type Api, engine, freshDatabase, send, startApi, withoutPooler } from './start-api.ts';

/** Whether the API reaches PostgreSQL through a pooler. */
const isPooled = process.env.SIGNET_TEST_POOLER !== undefined;

/** So long that a test which depends on its end does not end. */
const longMs = 10_000;
const long = { SESSION_STALENESS_MS: String(longMs) };

/** The default, and a wait that is longer. */
const stalenessMs = 50;
const untilStale = () => delay(stalenessMs + 10);

/** How many statements `work` has sent by the connections that read. */
async function statementsOf({ reader }: Api, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const listener = ({ sql }: { sql: string }) => void sent.push(sql);
  reader.client.on('query', listener);
  await work();
  reader.client.off('query', listener);
  return sent;
}

/** An admin toby and a user niko, both signed in, whose sessions every process has in memory. */
async function withTwoInMemory(env: Record<string, string>, processes: number) {
  const api = await startApi({ env, processes });
  const toby = await api.signIn('toby');
  const niko = await api.signIn('niko');
  for (const url of api.urls)
    for (const { token } of [toby, niko, toby, niko])
      expect((await send(url, 'GET', '/protected', { token })).status).toBe(200);
  const sessionOf = async (user_id: number): Promise<string> =>
    (await api.db('sessions').where({ user_id }).first('id')).id;
  return { api, toby, niko, nikosSession: await sessionOf(2) };
}

/** Ends a session as on a server that was promoted without the newest changes: the triggers note nothing. */
function endUnseen(db: Database, id: string): Promise<void> {
  return db.transaction(async (trx) => {
    await trx.raw('set local session_replication_role = replica');
    await trx('sessions').where({ id }).delete();
  });
}

/** The first requests may still meet a connection that is not known to be cut, but none may be granted. */
async function expectRefused(api: Api, who: { token: string }): Promise<void> {
  const statuses = new Set<number>();
  await expect
    .poll(async () => {
      statuses.add((await api.send('GET', '/protected', who)).status);
      return statuses.has(401);
    })
    .toBe(true);
  expect(statuses.has(200)).toBe(false);
}

type Scene = Awaited<ReturnType<typeof withTwoInMemory>>;

/** Changes that the API makes, after which niko's session is over. */
const endings: readonly [string, (scene: Scene) => Promise<{ status: number }>][] = [
  ['signed out', ({ api, niko }) => api.send('DELETE', '/api/sessions/current', niko)],
  [
    'ended by its user',
    ({ api, niko, nikosSession }) => api.send('DELETE', `/api/sessions/${nikosSession}`, niko),
  ],
  ['ended with all of its user’s', ({ api, niko }) => api.send('DELETE', '/api/sessions', niko)],
  [
    'ended by the user’s other session',
    async ({ api }) => {
      const { token } = await api.signIn('niko');
      return api.send('DELETE', '/api/sessions/others', { token });
    },
  ],
  [
    'ended by an admin',
    ({ api, toby, niko }) => api.send('DELETE', `/api/users/${niko.userId}/sessions`, toby),
  ],
  [
    'replaced by one with a new password',
    ({ api, niko }) =>
      api.send('PUT', '/api/users/me/password', {
        ...niko,
        body: { current_password: '123niko', new_password: 'alternating current' },
      }),
  ],
  [
    'ended by an admin who sets a password',
    ({ api, toby, niko }) =>
      api.send('PUT', `/api/users/${niko.userId}/password`, {
        ...toby,
        body: { new_password: 'alternating current' },
      }),
  ],
  [
    'without its user, who was deleted',
    ({ api, toby, niko }) => api.send('DELETE', `/api/users/${niko.userId}`, toby),
  ],
];

test.each(endings)(
  'a session that is %s opens nothing on the very next request to the same process',
  async (_how, end) => {
    const scene = await withTwoInMemory(long, 1);
    expect((await end(scene)).status).toBeLessThan(300);
    expect((await scene.api.send('GET', '/protected', scene.niko)).body).toMatchObject({
      code: 'session_ended',
    });
    expect((await scene.api.send('GET', '/protected', scene.toby)).status).toBe(200);
  },
);

test.each(endings)(
  'a session that is %s opens nothing in another process after SESSION_STALENESS_MS',
  async (_how, end) => {
    const scene = await withTwoInMemory({}, 3);
    expect((await end(scene)).status).toBeLessThan(300);
    await untilStale();
    for (const url of scene.api.urls) {
      expect((await send(url, 'GET', '/protected', scene.niko)).body).toMatchObject({
        code: 'session_ended',
      });
      expect((await send(url, 'GET', '/protected', scene.toby)).status).toBe(200);
    }
  },
);

test('a session that is ended opens nothing in another process at once where SESSION_STALENESS_MS is 0', async () => {
  const { api, niko } = await withTwoInMemory({ SESSION_STALENESS_MS: '0' }, 2);
  await api.send('DELETE', '/api/sessions/current', niko);
  for (const url of api.urls)
    expect((await send(url, 'GET', '/protected', niko)).body).toMatchObject({ code: 'session_ended' });
});

test('an admin who is demoted reads no audit log any more, at once in this process and soon in the others', async () => {
  const { api, toby, niko } = await withTwoInMemory({}, 2);
  const setRole = (role: string) =>
    api.send('PATCH', `/api/users/${niko.userId}`, { ...toby, body: { role } });
  const audit = (url: string) => send(url, 'GET', '/api/audit?limit=1', niko);
  await setRole('admin');
  expect((await audit(api.url)).status).toBe(200);
  await untilStale();
  expect((await audit(api.urls[1] ?? '')).status).toBe(200);
  await setRole('user');
  expect((await audit(api.url)).body).toMatchObject({ code: 'forbidden' });
  await untilStale();
  expect((await audit(api.urls[1] ?? '')).body).toMatchObject({ code: 'forbidden' });
});

/** Changes that reach the database past the API. */
const foreign: readonly [string, (scene: Scene) => Promise<unknown>][] = [
  [
    'SQL ends the session',
    ({ api, nikosSession }) =>
      byHand(api, `update sessions set ended_at = created_at where id = '${nikosSession}'`),
  ],
  [
    'SQL deletes the session',
    ({ api, nikosSession }) => byHand(api, `delete from sessions where id = '${nikosSession}'`),
  ],
  [
    'SQL lets the session expire',
    ({ api, nikosSession }) =>
      byHand(api, `update sessions set expires_at = '2020-01-01T00:00:00.000Z' where id = '${nikosSession}'`),
  ],
  ['SQL empties the table', ({ api }) => byHand(api, 'delete from sessions')],
  ['SQL deletes the user', ({ api }) => byHand(api, 'delete from posts; delete from users where id = 2')],
  ['the command line ends the session', ({ api }) => runCli(api, ['sessions', 'end', '--user', 'niko'])],
  [
    'the command line sets a password',
    ({ api }) => runCli(api, ['user', 'set-password', 'niko'], 'alternating current\n'),
  ],
];

test.each(foreign)('a session opens nothing after SESSION_STALENESS_MS when %s', async (_how, change) => {
  const scene = await withTwoInMemory({}, 1);
  await change(scene);
  await untilStale();
  expect((await scene.api.send('GET', '/protected', scene.niko)).body).toMatchObject({
    code: 'session_ended',
  });
});

test('a demotion by the command line counts after SESSION_STALENESS_MS', async () => {
  const { api, toby } = await withTwoInMemory({}, 1);
  await runCli(api, ['user', 'set-role', 'hop', 'admin']);
  expect((await runCli(api, ['user', 'set-role', 'toby', 'user'])).code).toBe(0);
  await untilStale();
  expect((await api.send('GET', '/api/audit', toby)).body).toMatchObject({ code: 'forbidden' });
});

test('a session that has expired by the clock is refused, and one that was refreshed in time is not', async () => {
  const { api, toby, niko } = await withTwoInMemory({ ...long, SESSION_IDLE_SECONDS: '60' }, 1);
  api.advance(50);
  const refreshed = await api.send('POST', '/api/sessions/refresh', {
    body: { refresh_token: niko.refreshToken },
  });
  expect(refreshed.status).toBe(200);
  api.advance(20);
  expect((await api.send('GET', '/protected', niko)).status).toBe(200);
  expect((await api.send('GET', '/protected', toby)).body).toMatchObject({ code: 'session_ended' });
});

test('requests within SESSION_STALENESS_MS are answered without a statement', async () => {
  const { api, niko, toby } = await withTwoInMemory(long, 1);
  const sent = await statementsOf(api, async () => {
    for (let request = 0; request < 10; request += 1) {
      expect((await api.send('GET', '/protected', niko)).body).toEqual({ id: 2, username: 'niko' });
      expect((await api.send('GET', '/protected', toby)).body).toEqual({ id: 1, username: 'toby' });
    }
  });
  expect(sent).toEqual([]);
});

test('concurrent requests of several sessions share one question, and an idle process asks nothing', async () => {
  const { api, niko, toby } = await withTwoInMemory({ SESSION_STALENESS_MS: '1000' }, 1);
  expect(await statementsOf(api, () => delay(1100))).toEqual([]);
  const sent = await statementsOf(api, async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => api.send('GET', '/protected', index % 2 ? niko : toby)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
  // One more on a machine so busy that the requests are spread over longer than the staleness.
  expect(sent.length).toBeLessThanOrEqual(2);
  expect(sent.every((sql) => sql.includes('principal_changes'))).toBe(true);
});

test('the end of one user’s session takes nobody else’s out of memory', async () => {
  const { api, niko, toby } = await withTwoInMemory(long, 1);
  await api.send('DELETE', '/api/sessions/current', niko);
  const sent = await statementsOf(api, async () => {
    expect((await api.send('GET', '/protected', toby)).status).toBe(200);
  });
  expect(sent).toEqual([expect.stringContaining('principal_changes')]);
});

test('a sign-out that is rolled back leaves the session as it was', async () => {
  const { api, niko } = await withTwoInMemory(long, 1);
  await api.db.schema.renameTable('audit_events', 'elsewhere');
  expect((await api.send('DELETE', '/api/sessions/current', niko)).status).toBe(503);
  await api.db.schema.renameTable('elsewhere', 'audit_events');
  expect((await api.send('GET', '/protected', niko)).status).toBe(200);
});

test('when a body has arrived, the database is asked and not the memory', async () => {
  const { api, niko, nikosSession } = await withTwoInMemory(long, 1);
  const held = await holdRequest(api.url, 'POST', '/api/posts', {
    token: niko.token,
    body: '{"note":"too late"}',
  });
  await byHand(api, `delete from sessions where id = '${nikosSession}'`);
  expect(await held.finish()).toMatchObject({ status: 401, code: 'session_ended' });
});

test('inside the transaction of a change the database is asked and not the memory', async () => {
  const { api, niko, nikosSession } = await withTwoInMemory(long, 1);
  const { body: post } = await api.send('POST', '/api/posts', { ...niko, body: { note: 'mine' } });
  expect((await api.send('GET', '/protected', niko)).status).toBe(200);
  await byHand(api, `delete from sessions where id = '${nikosSession}'`);
  const answer = await api.send('DELETE', `/api/posts/${post.id}`, niko);
  expect(answer.body).toMatchObject({ code: 'session_ended' });
});

test('after the restore of a backup a session is what the backup says, also where the counter is the same again', async () => {
  const api = await startApi();
  const niko = await api.signIn('niko');
  const hop = await api.signIn('hop');
  const restore = await backUp(api.databaseUrl);
  const [{ id: hops }] = await api.db('sessions').where({ user_id: 4 }).select('id');
  const lex = await api.signIn('lex', '123qwerty');
  await byHand(api, `update sessions set expires_at = '2020-01-01T00:00:00.000Z' where id = '${hops}'`);
  const before = await api.db('principal_version').first();
  for (const { token } of [niko, lex, niko, lex])
    expect((await api.send('GET', '/protected', { token })).status).toBe(200);

  await restore();
  await byHand(api, `update users set role = 'admin' where id = 4`);
  const after = await api.db('principal_version').first();
  expect(after.number).toBe(before.number);
  expect(after.mark).not.toBe(before.mark);
  await untilStale();
  // lex signed in after the backup, and hop's session was live then.
  expect((await api.send('GET', '/protected', lex)).body).toMatchObject({ code: 'session_ended' });
  expect((await api.send('GET', '/protected', hop)).status).toBe(200);
  expect((await api.send('GET', '/protected', niko)).status).toBe(200);
});

if (engine === 'sqlite')
  test('while another process holds the write lock, requests are answered, and an end is seen after it', async () => {
    const { api, niko, nikosSession } = await withTwoInMemory({}, 1);
    const other = byHandConnection(api);
    const trx = await other.transaction();
    await trx('sessions').where({ id: nikosSession }).delete();
    await untilStale();
    expect((await api.send('GET', '/protected', niko)).status).toBe(200);
    await trx.commit();
    await other.destroy();
    await untilStale();
    expect((await api.send('GET', '/protected', niko)).body).toMatchObject({ code: 'session_ended' });
  });

if (engine === 'postgres') {
  test('while a question waits for a lock, requests are answered 503 after its deadline, and an end is seen after it', async () => {
    const { api, niko, toby, nikosSession } = await withTwoInMemory({}, 1);
    const other = byHandConnection(api);
    const trx = await other.transaction();
    // Sessions too: a request that comes after the deadline reads them, and rightly finds what is not committed yet.
    await trx.raw('lock table principal_changes, sessions in access exclusive mode');
    await trx('sessions').where({ id: nikosSession }).delete();
    await untilStale();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.send('GET', '/protected', niko)));
    for (const { body, headers } of answers) {
      expect(body).toMatchObject({ code: 'not_ready' });
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
    await trx.commit();
    await other.destroy();
    expect((await api.send('GET', '/protected', niko)).body).toMatchObject({ code: 'session_ended' });
    expect((await api.send('GET', '/protected', toby)).status).toBe(200);
  });

  test('a sign-out whose commit is done but never confirmed opens nothing on the very next request', async () => {
    const databaseUrl = await freshDatabase();
    const proxy = await startDatabaseProxy(databaseUrl);
    const { api, niko, toby } = await withTwoInMemory({ ...long, DATABASE_URL: proxy.url }, 1);
    proxy.loseCommit();
    expect((await api.send('DELETE', '/api/sessions/current', niko)).body).toMatchObject({
      code: 'not_ready',
    });
    expect((await api.send('GET', '/protected', niko)).body).toMatchObject({ code: 'session_ended' });
    expect((await api.send('GET', '/protected', toby)).status).toBe(200);
  });

  // A pooler's clients keep their connections when those to the server are cut.
  if (!isPooled)
    test('after its connections were cut the memory grants nothing, because another server may have taken over', async () => {
      const { api, niko, toby, nikosSession } = await withTwoInMemory({}, 1);
      const other = byHandConnection(api);
      await endUnseen(other, nikosSession);
      const pids = (): Promise<number[]> =>
        other('pg_stat_activity')
          .whereRaw('datname = current_database() and pid <> pg_backend_pid()')
          .pluck('pid');
      const cut = await pids();
      for (const pid of cut) await other.raw('select pg_terminate_backend(?)', [pid]);
      await expect.poll(async () => (await pids()).filter((pid) => cut.includes(pid))).toEqual([]);
      await other.destroy();
      await untilStale();
      await expectRefused(api, niko);
      expect((await api.send('GET', '/protected', toby)).status).toBe(200);
    });

  if (isPooled)
    test('after another server has taken over behind a pooler the memory grants nothing that this one lacks', async () => {
      const server = await startPostgres();
      onTestFinished(server.stop);
      const pooler = await startPooler(server.url);
      onTestFinished(pooler.stop);
      const { api, niko, toby, nikosSession } = await withTwoInMemory({ DATABASE_URL: pooler.url }, 1);
      const direct = connect({ engine: 'postgres', url: server.url, poolMax: 1 });
      await endUnseen(direct, nikosSession);
      await direct.destroy();
      await server.interrupt();
      await server.resume();
      await untilStale();
      await expectRefused(api, niko);
      expect((await api.send('GET', '/protected', toby)).status).toBe(200);
    });

  test('a database that stops answering grants nothing: 503 after the deadline, and 200 when it answers again', async () => {
    const proxy = await startDatabaseProxy(await freshDatabase());
    const { api, niko } = await withTwoInMemory({ DATABASE_URL: proxy.url }, 1);
    const release = proxy.hold();
    await untilStale();
    for (let request = 0; request < 3; request += 1)
      expect((await api.send('GET', '/protected', niko)).body).toMatchObject({ code: 'not_ready' });
    release();
    await expect.poll(async () => (await api.send('GET', '/protected', niko)).status).toBe(200);
  });
}

/** A connection as a person has it in a shell: without our pragmas and startup parameters. */
function byHandConnection({ databaseUrl }: Pick<Api, 'databaseUrl'>): Knex {
  return engine === 'postgres'
    ? knex({ client: 'pg', connection: databaseUrl })
    : knex({
        client: 'sqlite3',
        connection: { filename: databaseUrl.slice('sqlite:'.length) },
        useNullAsDefault: true,
      });
}

async function byHand(api: Pick<Api, 'databaseUrl'>, statements: string): Promise<void> {
  const db = byHandConnection(api);
  for (const statement of statements.split(';')) await db.raw(statement);
  await db.destroy();
}

/** Copies the whole database; returns a function that restores it under the running API, with the engine's own tools. */
async function backUp(databaseUrl: string): Promise<() => Promise<void>> {
  const copy = join(temporaryFolder(), 'backup');
  if (engine === 'postgres') {
    const bin = dirname(findInitdb() ?? '');
    const direct = withoutPooler(databaseUrl).href;
    execFileSync(join(bin, 'pg_dump'), ['--clean', '--if-exists', '--file', copy, direct]);
    const options = ['-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '--single-transaction', '-f', copy];
    return async () => void execFileSync(join(bin, 'psql'), [...options, direct]);
  }
  const file = databaseUrl.slice('sqlite:'.length);
  await copyPages(file, copy, true);
  return () => copyPages(file, copy, false);
}

type Done = (error: Error | null) => void;
type WithBackup = sqlite3.Database & {
  backup: (
    file: string,
    to: string,
    from: string,
    isBackup: boolean,
    done: Done,
  ) => { step: (pages: number, done: Done) => void; finish: (done: () => void) => void };
};

/** SQLite's backup: what its shell does for `.backup` and `.restore`. */
function copyPages(file: string, copy: string, isBackup: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    // The library's types leave this method out.
    const db = new sqlite3.Database(file) as WithBackup;
    const backup = db.backup(copy, 'main', 'main', isBackup, (error) => error && reject(error));
    backup.step(-1, (error) => {
      backup.finish(() => db.close(() => (error ? reject(error) : resolve())));
    });
  });
}
