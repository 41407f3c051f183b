import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { transact } from '../../src/db/transact.ts';
import { watchConnections, watchWrites } from '../../src/db/watch.ts';
import { temporaryFolder } from '../run-cli.ts';

/** A database with one table, and how many ends of writes have been seen so far. */
async function watched() {
  const db = connect({ engine: 'sqlite', file: join(temporaryFolder(), 'watched.db') });
  onTestFinished(() => db.destroy());
  await db.schema.createTable('words', (table) => table.text('word').unique());
  const seen = { ends: 0 };
  watchWrites(db, () => {
    seen.ends += 1;
  });
  return { db, seen };
}

const words = (db: Database) => db('words');

const writes: readonly [string, (db: Database) => PromiseLike<unknown>][] = [
  ['an insert', (db) => words(db).insert({ word: 'a' })],
  ['an insert that returns rows', (db) => words(db).insert({ word: 'a' }).returning('word')],
  ['an update', (db) => words(db).update({ word: 'a' })],
  ['a deletion', (db) => words(db).delete()],
  ['SQL by hand', (db) => db.raw(`update words set word = 'a'`)],
  ['a change of the schema', (db) => db.schema.alterTable('words', (table) => table.text('meaning'))],
  ['a transaction that only updates', (db) => transact(db, async (trx) => words(trx).update({ word: 'a' }))],
  ['a statement that fails', (db) => words(db).insert({ none: 'a' })],
  [
    'a transaction that is rolled back',
    (db) =>
      transact(db, async (trx) => {
        await words(trx).insert({ word: 'a' });
        throw new Error('on second thoughts');
      }),
  ],
];

test.each(writes)('the end of %s is seen before its caller goes on', async (_what, write) => {
  const { db, seen } = await watched();
  await Promise.resolve(write(db)).catch(() => undefined);
  expect(seen.ends).toBeGreaterThan(0);
});

test('the end of a transaction is not seen before it is committed', async () => {
  const { db, seen } = await watched();
  await transact(db, async (trx) => {
    await words(trx).insert({ word: 'a' });
    await words(trx).select();
    expect(seen.ends).toBe(0);
  });
  expect(seen.ends).toBe(1);
});

test('statements that only read are no writes', async () => {
  const { db, seen } = await watched();
  await words(db).select();
  await words(db).first();
  await words(db).pluck('word');
  expect(seen.ends).toBe(0);
});

test('a connection that has written once is not taken for one that writes when it reads later', async () => {
  const { db, seen } = await watched();
  await words(db).insert({ word: 'a' });
  await words(db).select();
  expect(seen.ends).toBe(1);
});

test('each new connection of a pool is seen, also one that replaces another', async () => {
  const db = connect({ engine: 'sqlite', file: join(temporaryFolder(), 'watched.db') });
  onTestFinished(() => db.destroy());
  let connections = 0;
  watchConnections(db, () => {
    connections += 1;
  });
  await db.raw('select 1');
  expect(connections).toBe(1);
  await db.raw('select 1');
  expect(connections).toBe(1);
  const connection = await db.client.acquireConnection();
  // What knex marks a connection with that the server has closed.
  connection.__knex__disposed = new Error('closed');
  await db.client.releaseConnection(connection);
  await db.raw('select 1');
  expect(connections).toBe(2);
});
