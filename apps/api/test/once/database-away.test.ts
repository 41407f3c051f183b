import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '@signet/rig';
import { expect, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { createReadiness } from '../../src/system/readiness.ts';
import { send, startApi } from '../start-api.ts';

test('while PostgreSQL is stopped the API answers 503, and afterwards it works again in the same processes', async () => {
  const postgres = await startPostgres();
  try {
    const api = await startApi({ env: { DATABASE_URL: postgres.url }, processes: 2 });
    const { token } = await api.signIn();
    await postgres.interrupt();
    const unready = { status: 503, code: 'not_ready' };
    for (const url of api.urls) {
      const away = await send(url, 'GET', '/protected', { token });
      expect(away.body).toMatchObject(unready);
      expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(
        (await send(url, 'POST', '/token', { body: { username: 'niko', password: '123niko' } })).body,
      ).toMatchObject(unready);
      // The refusal stands although it cannot be recorded.
      expect(
        (await send(url, 'POST', '/token', { origin: 'http://foreign.example', body: {} })).body,
      ).toMatchObject({ status: 403 });
      expect((await send(url, 'GET', '/readyz')).body).toMatchObject(unready);
      expect((await send(url, 'GET', '/healthz')).status).toBe(200);
    }
    await postgres.resume();
    for (const url of api.urls) {
      await expect.poll(async () => (await send(url, 'GET', '/protected', { token })).status).toBe(200);
      expect((await send(url, 'GET', '/readyz')).status).toBe(200);
    }
    await api.signIn();
  } finally {
    await postgres.stop();
  }
});

test('readiness is answered while a write waits, and with one question to the database for all callers of a second', async () => {
  const api = await startApi();
  const { refreshToken } = await api.signIn();
  const releaseLock = await lockWrites(api.databaseUrl);
  const write = api.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } });
  const first = await Promise.race([api.send('GET', '/readyz'), write]);
  expect(first.body).toEqual({ status: 'ready' });
  await releaseLock();
  expect((await write).status).toBe(200);

  let questions = 0;
  const isReady = createReadiness(async () => {
    questions += 1;
    return true;
  });
  expect(await Promise.all([isReady(), isReady(), isReady()])).toEqual([true, true, true]);
  expect(questions).toBe(1);
});

test('a process is ready again as soon as its database is', async () => {
  const answers = [
    () => Promise.reject(new Error('The database is away')),
    async () => false,
    async () => true,
  ];
  const isReady = createReadiness(async () => (answers.shift() ?? (async () => false))());
  await expect(isReady()).rejects.toThrow('away');
  expect([await isReady(), await isReady(), await isReady()]).toEqual([false, true, true]);
});

test('while another process locks SQLite for three seconds, writes wait and reads go on', async () => {
  const api = await startApi();
  const { token, refreshToken } = await api.signIn();
  const releaseLock = await lockWrites(api.databaseUrl);
  let isWritten = false;
  const write = api
    .send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } })
    .finally(() => {
      isWritten = true;
    });
  const [read] = await Promise.all([api.send('GET', '/protected', { token }), delay(3000)]);
  expect([read.status, isWritten]).toEqual([200, false]);
  await releaseLock();
  expect((await write).status).toBe(200);
});

test('a write that waits too long for a lock of SQLite is 503 and not 500', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  await api.db.raw('PRAGMA busy_timeout = 50');
  const releaseLock = await lockWrites(api.databaseUrl);
  const unready = { status: 503, code: 'not_ready' };
  expect(
    (await api.send('POST', '/token', { body: { username: 'niko', password: '123niko' } })).body,
  ).toMatchObject(unready);
  expect((await api.send('POST', '/api/posts', { token, body: { note: 'Too late' } })).body).toMatchObject(
    unready,
  );
  await releaseLock();
  await api.signIn();
});

/** Takes SQLite's write lock as another process would; returns a function that releases it. */
async function lockWrites(DATABASE_URL: string): Promise<() => Promise<void>> {
  const { db } = await startApi({ env: { DATABASE_URL } });
  const trx = await db.transaction();
  await trx('users').where({ id: 4 }).update({ name: 'Grace' });
  return async () => void (await trx.commit());
}

/** Expects that reads are answered and that every write is refused with 503 and Retry-After. */
async function expectOnlyReads(
  api: Awaited<ReturnType<typeof startApi>>,
  { token, refreshToken }: { token: string; refreshToken: string },
) {
  const unready = { status: 503, code: 'not_ready' };
  const writes = [
    ['POST', '/token', { username: 'niko', password: '123niko' }],
    ['POST', '/token', { username: 'niko', password: 'not the password' }],
    ['POST', '/api/users/authenticate', { uid: 'niko', password: '123niko' }],
    ['POST', '/api/users/signup', { name: 'Ada', uid: 'ada', password: 'no room for this' }],
    ['POST', '/api/sessions/refresh', { refresh_token: refreshToken }],
    ['POST', '/api/posts', { note: 'No room for it '.repeat(600) }],
    ['PATCH', '/api/users/2', { name: 'Nikola' }],
    ['DELETE', '/api/posts/2', undefined],
  ] as const;
  for (const [method, path, body] of writes) {
    const answer = await api.send(method, path, { ...(body && { body }), token });
    expect([method, path, answer.body]).toMatchObject([method, path, unready]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  for (const path of [
    '/protected',
    '/api/users',
    '/api/users/me',
    '/api/posts',
    '/api/posts/1/image',
    '/api/players',
    '/api/sessions',
  ]) {
    expect([path, (await api.send('GET', path, { token })).status]).toEqual([path, 200]);
  }
}

test('while SQLite is read-only, reads and token checks go on, and afterwards writes work again', async () => {
  const api = await startApi();
  const signedIn = await api.signIn();
  await api.db.raw('PRAGMA query_only = ON');
  await expectOnlyReads(api, signedIn);
  await api.db.raw('PRAGMA query_only = OFF');
  expect(
    (await api.send('POST', '/api/posts', { token: signedIn.token, body: { note: 'There is room again' } }))
      .status,
  ).toBe(201);
  await api.signIn();
});

test('while SQLite is full, a write that needs room is refused and reads go on', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  const note = 'x'.repeat(9000);
  // SQLite raises a limit that is below the current size to the current size.
  await api.db.raw('PRAGMA max_page_count = 1');
  const answer = await api.send('POST', '/api/posts', { token, body: { note } });
  expect(answer.body).toMatchObject({ status: 503, code: 'not_ready' });
  expect((await api.send('GET', '/protected', { token })).status).toBe(200);
  await api.db.raw('PRAGMA max_page_count = 1000000');
  expect((await api.send('POST', '/api/posts', { token, body: { note } })).status).toBe(201);
});

test('while PostgreSQL is read-only, reads and token checks go on, and afterwards writes work again', async () => {
  const postgres = await startPostgres();
  const admin = connect({ engine: 'postgres', url: postgres.url, poolMax: 1 });
  try {
    const api = await startApi({ env: { DATABASE_URL: postgres.url } });
    const signedIn = await api.signIn();
    const isReadOnly = async () =>
      (await api.db.raw('show default_transaction_read_only')).rows[0].default_transaction_read_only;
    await admin.raw('alter system set default_transaction_read_only = on');
    await admin.raw('select pg_reload_conf()');
    await expect.poll(isReadOnly).toBe('on');
    await expectOnlyReads(api, signedIn);
    await admin.raw('set default_transaction_read_only = off');
    await admin.raw('alter system reset default_transaction_read_only');
    await admin.raw('select pg_reload_conf()');
    await expect.poll(isReadOnly).toBe('off');
    expect(
      (await api.send('POST', '/api/posts', { token: signedIn.token, body: { note: 'There is room again' } }))
        .status,
    ).toBe(201);
    await api.signIn();
  } finally {
    await admin.destroy();
    await postgres.stop();
  }
});
