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

test('a sign-in takes two transactions and ten statements, of which the limits are counted before the hash', async () => {
  const api = await startApi();
  await api.signIn();
  const sent = await statementsOf(api, () => api.signIn());
  expect(sent.filter((sql) => /^commit/i.test(sql))).toHaveLength(2);
  expect(sent.filter((sql) => !isFrame(sql)).length).toBeLessThanOrEqual(10);
  const counting = sent.findIndex((sql) => sql.startsWith('insert into') && /limits/.test(sql));
  const methods = sent.findIndex((sql) => sql.startsWith('with recursive'));
  expect(counting).toBeGreaterThan(-1);
  expect(counting).toBeLessThan(methods);
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
