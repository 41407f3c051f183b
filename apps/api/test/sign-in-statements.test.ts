import { expect, test } from 'vitest';
import { type Api, engine, startApi } from './start-api.ts';

/** What `work` sends to the database, in order. On PostgreSQL one pool has all connections. */
async function statementsOf({ db, reader }: Api, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const listener = ({ sql }: { sql: string }) => void sent.push(sql);
  const pools = new Set([db, reader]);
  for (const pool of pools) pool.client.on('query', listener);
  await work();
  for (const pool of pools) pool.client.off('query', listener);
  return sent;
}

const isFrame = (sql: string) => /^(begin|commit)/i.test(sql);

test('a sign-in takes two transactions and eight statements, and commits the count of the attempt in the first', async () => {
  const api = await startApi();
  await api.signIn();
  const sent = await statementsOf(api, () => api.signIn());
  expect(sent.filter((sql) => /^commit/i.test(sql))).toHaveLength(2);
  expect(sent.filter((sql) => !isFrame(sql)).length).toBeLessThanOrEqual(8);
  const counted = sent.findIndex((sql) => sql.startsWith('insert into') && /limits/.test(sql));
  const committed = sent.findIndex((sql) => /^commit/i.test(sql));
  const begun = sent.findIndex((sql) => sql.startsWith('insert into') && /sessions/.test(sql));
  expect(counted).toBeGreaterThan(-1);
  expect(counted).toBeLessThan(committed);
  expect(committed).toBeLessThan(begun);
});

test('a refused sign-in sends the same statements for a known and an unknown user, so that its time reveals nothing', async () => {
  const api = await startApi();
  const refused = (username: string) =>
    statementsOf(api, async () => {
      const body = { username, password: 'not the password' };
      expect((await api.send('POST', '/token', { body })).status).toBe(401);
    });
  // The first refusal of an address may have more to record.
  await refused('hop');
  expect(await refused('niko')).toEqual(await refused('nobody-has-this-one'));
});

test('every BEGIN of a sign-in is followed by a statement of its transaction, and on SQLite it is immediate', async () => {
  const api = await startApi();
  const sent = await statementsOf(api, () => api.signIn());
  const begins = sent.flatMap((sql, index) => (/^begin/i.test(sql) ? [index] : []));
  expect(begins.length).toBeGreaterThan(0);
  for (const index of begins) {
    expect(sent[index]).toBe(engine === 'sqlite' ? 'BEGIN IMMEDIATE;' : 'BEGIN;');
    expect(isFrame(sent[index + 1] ?? 'COMMIT')).toBe(false);
  }
});

if (engine === 'postgres')
  test('no statement is prepared under a name, because a pooler in transaction mode passes the next one to another connection', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn();
    for (let time = 0; time < 3; time += 1) {
      expect((await api.send('GET', '/protected', { token })).status).toBe(200);
      expect((await api.send('GET', '/api/users?q=n', { token })).status).toBe(200);
      expect((await api.send('POST', '/api/posts', { token, body: { note: 'one' } })).status).toBe(201);
    }
    await api.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } });
    const pool = api.db.client.pool;
    const open = pool.numUsed() + pool.numFree();
    // Each holds a connection until all have one, so that every connection is asked.
    const transactions = await Promise.all(Array.from({ length: open }, () => api.db.transaction()));
    const named = await Promise.all(
      transactions.map(async (trx) => trx('pg_prepared_statements').pluck('statement')),
    );
    for (const trx of transactions) await trx.rollback();
    expect(open).toBeGreaterThan(0);
    expect(named.flat()).toEqual([]);
  });
