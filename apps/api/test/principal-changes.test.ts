import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { connect, type Database } from '../src/db/connect.ts';
import { migrate, rollback } from '../src/db/migrate.ts';
import { type Api, engine, freshDatabase, startApi, withoutPooler } from './start-api.ts';

type Change = { number: number; session_id: string | null; user_id: number | null };

const anything = { session_id: null, user_id: null };

/** The changes that `work` has noted, without their numbers. */
async function notedBy(db: Database, work: () => Promise<unknown>) {
  const before = await lastNumber(db);
  await work();
  const rows: Change[] = await db('principal_changes')
    .where('number', '>', before)
    .orderBy(['number', 'position'])
    .select('session_id', 'user_id');
  return rows;
}

async function lastNumber(db: Database): Promise<number> {
  return (await db('principal_version').first('number')).number;
}

/** niko (2) with two sessions, and hop (4) with one. */
async function withSessions() {
  const api = await startApi();
  await api.signIn('niko');
  await api.signIn('niko');
  await api.signIn('hop');
  const ids = (user_id: number): Promise<string[]> =>
    api.db('sessions').where({ user_id }).orderBy('id').pluck('id');
  const [[first = '', second = ''], [other = '']] = [await ids(2), await ids(4)];
  return { api, db: api.db, first, second, other };
}

type Scene = Awaited<ReturnType<typeof withSessions>>;
type Statement = (scene: Scene) => Promise<unknown>;

const future = '2040-01-01T00:00:00.000Z';

const noted: readonly [string, Statement, (scene: Scene) => object[]][] = [
  [
    'the end of a session',
    ({ db, first }) => db('sessions').where({ id: first }).update({ ended_at: new Date().toISOString() }),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'an earlier expiry of a session',
    ({ db, first }) => db('sessions').where({ id: first }).update({ expires_at: '2020-01-01T00:00:00.000Z' }),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'another owner of a session',
    ({ db, first }) => db('sessions').where({ id: first }).update({ user_id: 4 }),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'another carrier of a session',
    ({ db, first }) => db('sessions').where({ id: first }).update({ carrier: 'cookie' }),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'another id of a session',
    ({ db, first }) =>
      db('sessions')
        .where({ id: first })
        .update({ id: 'x'.repeat(22) }),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'the deletion of a session',
    ({ db, first }) => db('sessions').where({ id: first }).delete(),
    ({ first }) => [{ session_id: first, user_id: null }],
  ],
  [
    'another role',
    ({ db }) => db('users').where({ id: 2 }).update({ role: 'admin' }),
    () => [{ session_id: null, user_id: 2 }],
  ],
  [
    'another user id',
    ({ db }) => db('users').where({ id: 2 }).update({ uid: 'nikita', uid_key: 'nikita' }),
    () => [{ session_id: null, user_id: 2 }],
  ],
  [
    'the mark of a demo user',
    ({ db }) => db('users').where({ id: 2 }).update({ is_demo: false }),
    () => [{ session_id: null, user_id: 2 }],
  ],
];

test.each(noted)('%s is noted, also when it is made by hand', async (_what, change, expected) => {
  const scene = await withSessions();
  expect(await notedBy(scene.db, () => change(scene))).toEqual(expected(scene));
});

test('the deletion of a user is noted with each of their sessions', async () => {
  const { db, first, second } = await withSessions();
  await db('posts').delete();
  const changes = await notedBy(db, () => db('users').where({ id: 2 }).delete());
  expect(changes).toHaveLength(3);
  for (const change of [
    { session_id: first, user_id: null },
    { session_id: second, user_id: null },
    { session_id: null, user_id: 2 },
  ])
    expect(changes).toContainEqual(change);
});

const unnoted: readonly [string, Statement][] = [
  ['a sign-in', ({ api }) => api.signIn('lex', '123qwerty')],
  [
    'a refresh',
    async ({ api }) => {
      const { refreshToken } = await api.signIn('lex', '123qwerty');
      await api.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } });
    },
  ],
  [
    'a later expiry of a session',
    ({ db, first }) => db('sessions').where({ id: first }).update({ expires_at: future }),
  ],
  [
    'the deletion of a session that has ended',
    async ({ db, first, other }) => {
      await db('sessions').whereIn('id', [first, other]).whereNotNull('ended_at').delete();
    },
  ],
  ['another name', ({ db }) => db('users').where({ id: 2 }).update({ name: 'Nikita', name_key: 'nikita' })],
  ['the same role again', ({ db }) => db('users').where({ id: 2 }).update({ role: 'user' })],
  ['another hash', ({ db }) => db('users').where({ id: 2 }).update({ password: 'x' })],
];

test.each(unnoted)('%s is not noted, because no principal depends on it', async (_what, change) => {
  const scene = await withSessions();
  await scene.db('sessions').where({ id: scene.other }).update({ ended_at: new Date().toISOString() });
  expect(await notedBy(scene.db, () => change(scene))).toEqual([]);
});

test('a change that is rolled back is not noted', async () => {
  const { db, first } = await withSessions();
  const end = async () => {
    await db.transaction(async (trx) => {
      await trx('sessions').where({ id: first }).delete();
      throw new Error('on second thoughts');
    });
  };
  expect(await notedBy(db, () => end().catch(() => undefined))).toEqual([]);
});

test('each change has a mark of its own, so that a number used again is told apart', async () => {
  const { db, first, second } = await withSessions();
  for (const id of [first, second]) await db('sessions').where({ id }).delete();
  const marks = await db('principal_changes').distinct('mark').pluck('mark');
  const numbers = await db('principal_changes').distinct('number').pluck('number');
  expect(marks).toHaveLength(numbers.length);
  const { number, mark } = await db('principal_version').first();
  expect(await db('principal_changes').where({ number }).first('mark')).toEqual({ mark });
});

test('only the last 1000 changes are kept', async () => {
  const { db } = await withSessions();
  for (let round = 0; round < 6; round += 1) {
    const rows = Array.from({ length: 200 }, () => newSession(2));
    await db.batchInsert('sessions', rows, 50);
    // One transaction each on PostgreSQL, where a transaction has one number.
    for (const { id } of rows) await db('sessions').where({ id }).delete();
  }
  const numbers: number[] = await db('principal_changes').orderBy('number').pluck('number');
  expect(numbers).toHaveLength(1000);
  expect(numbers.at(-1)).toBe(await lastNumber(db));
});

test('after a rollback of the migration its triggers and tables are gone, and it can be applied again', async () => {
  const { db, first } = await withSessions();
  await rollback(db);
  expect(await db.schema.hasTable('principal_changes')).toBe(false);
  await migrate(db);
  expect(await lastNumber(db)).toBe(0);
  await db('sessions').where({ id: first }).delete();
  await db('users').where({ id: 2 }).update({ role: 'admin' });
});

if (engine === 'sqlite') {
  test('a row that another one replaces is noted, although SQLite fires no delete trigger for it', async () => {
    const { db, first, second } = await withSessions();
    const copy = (id: string, to: string) =>
      db.raw(
        `insert or replace into sessions (id, user_id, carrier, created_at, last_used_at, rotated_at, expires_at)
         select ?, 4, carrier, created_at, last_used_at, rotated_at, expires_at from sessions where id = ?`,
        [to, id],
      );
    expect(await notedBy(db, () => copy(second, first))).toEqual([{ session_id: first, user_id: null }]);
    const move = () => db.raw('update or replace sessions set id = ? where id = ?', [first, second]);
    expect(await notedBy(db, move)).toEqual([
      { session_id: first, user_id: null },
      { session_id: second, user_id: null },
    ]);
    const replaceUser = () =>
      db.raw(
        `insert or replace into users (id, name, uid, uid_key, name_key, password, password_method, role, created_at, updated_at)
         select id, name, uid, uid_key, name_key, password, password_method, 'admin', created_at, updated_at
         from users where id = 4`,
      );
    expect(await notedBy(db, replaceUser)).toContainEqual(anything);
    const takeUid = () => db.raw(`update or replace users set uid_key = 'niko' where id = 4`);
    expect(await notedBy(db, takeUid)).toContainEqual(anything);
  });

  test('the deletion of a user is noted where foreign keys are off, as in the sqlite3 shell', async () => {
    const { db } = await withSessions();
    await db.raw('pragma foreign_keys = off');
    const changes = await notedBy(db, () => db('users').where({ id: 2 }).delete());
    expect(changes).toEqual([{ session_id: null, user_id: 2 }]);
  });
}

if (engine === 'postgres') {
  test('of one transaction with more than 100 changes the rest is noted as a change of everything', async () => {
    const { db } = await withSessions();
    await db.batchInsert(
      'sessions',
      Array.from({ length: 300 }, () => newSession(2)),
      100,
    );
    const changes = await notedBy(db, () => db('sessions').update({ ended_at: future }));
    expect(changes).toHaveLength(101);
    expect(changes.filter(({ session_id }) => session_id === null)).toEqual([anything]);
    expect(changes.at(-1)).toEqual(anything);
  });

  test('truncated tables are noted as a change of everything', async () => {
    const { db } = await withSessions();
    expect(await notedBy(db, () => db.raw('truncate sessions'))).toEqual([anything]);
  });

  test('changes of one transaction share a number, and those of a savepoint that is rolled back are left out', async () => {
    const { db, first, second, other } = await withSessions();
    const changes = await notedBy(db, () =>
      db.transaction(async (trx) => {
        await trx('sessions').where({ id: first }).delete();
        await trx.raw('savepoint one');
        await trx.raw('set constraints all immediate');
        await trx('sessions').where({ id: second }).delete();
        await trx.raw('rollback to savepoint one');
        await trx('sessions').where({ id: other }).delete();
      }),
    );
    expect(changes).toEqual([
      { session_id: first, user_id: null },
      { session_id: other, user_id: null },
    ]);
    const numbers = await db('principal_changes').whereIn('session_id', [first, other]).distinct('number');
    expect(numbers).toHaveLength(1);
  });

  test('a later number is never visible before an earlier one, however many commit at once', async () => {
    const { db, databaseUrl } = await manySessions(300);
    const watcher = connectTo(databaseUrl);
    const ids: string[] = await db('sessions').pluck('id');
    let isOver = false;
    const watching = (async () => {
      let seen = await lastNumber(watcher);
      while (!isOver) {
        const rows: Change[] = await watcher('principal_changes')
          .where('number', '>', seen)
          .orderBy('number');
        for (const { number } of rows) {
          expect(number).toBe(seen + 1);
          seen = number;
        }
      }
    })();
    await Promise.all(
      ids.map((id) =>
        db.transaction(async (trx) => {
          await trx('sessions').where({ id }).delete();
          await trx.raw('select pg_sleep(random() / 200)');
        }),
      ),
    );
    isOver = true;
    await watching;
    await watcher.destroy();
  });

  test('transactions that end sessions and lock users in opposite order do not deadlock by the counter', async () => {
    const { db, first, other } = await withSessions();
    const [one, two] = [await db.transaction(), await db.transaction()];
    await one('sessions').where({ id: first }).update({ ended_at: future });
    await two('users').where({ id: 1 }).forUpdate().first();
    const waiting = one('users').where({ id: 1 }).forUpdate().first();
    const started = waiting.then(() => one.commit());
    await two('sessions').where({ id: other }).update({ ended_at: future });
    await two.commit();
    await started;
    expect(await db('sessions').whereNotNull('ended_at')).toHaveLength(2);
  });

  test('a role that may only change users, with another search path, has its changes noted', async () => {
    const { db, api } = await withSessions();
    const role = `flask_${randomBytes(4).toString('hex')}`;
    await db.raw('create role ?? login', [role]);
    await db.raw('grant select, update on users to ??', [role]);
    const url = withoutPooler(api.databaseUrl);
    url.username = role;
    const flask = connectTo(url.href);
    const demote = () =>
      flask.transaction(async (trx) => {
        await trx.raw(`set local search_path = ''`);
        await trx.raw(`update public.users set role = 'user' where id = 1`);
      });
    expect(await notedBy(db, demote)).toEqual([{ session_id: null, user_id: 1 }]);
    await flask.destroy();
  });
}

const newSession = (user_id: number) => ({
  id: randomBytes(16).toString('base64url'),
  user_id,
  carrier: 'bearer',
  created_at: future,
  last_used_at: future,
  rotated_at: future,
  expires_at: future,
});

async function manySessions(count: number): Promise<Api> {
  const api = await startApi({ env: { DATABASE_URL: await freshDatabase() } });
  await api.db.batchInsert(
    'sessions',
    Array.from({ length: count }, () => newSession(2)),
    100,
  );
  return api;
}

function connectTo(databaseUrl: string): Database {
  const { database } = readConfig(
    { DATABASE_URL: databaseUrl, SECRET_KEY: 'of no use here, and long enough for a key' },
    { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
  );
  return connect(database);
}
