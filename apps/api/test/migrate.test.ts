import { expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { connect } from '../src/db/connect.ts';
import { isMigrated, migrate, rollback } from '../src/db/migrate.ts';
import { runCli, startCli } from './run-cli.ts';
import { engine, freshDatabase, withoutPooler } from './start-api.ts';

/**
 * With SQLite one less than libuv's four threads, because each connection that waits for the lock holds one.
 */
const atOnce = engine === 'postgres' ? 6 : 3;

const secret = 'of no use here, and long enough for a key';

test('processes that start at the same time on an empty database all bring it up to date', async () => {
  for (let round = 0; round < 10; round += 1) {
    const databases = await connectTo(await freshDatabase(), atOnce);
    await Promise.all(databases.map(migrate));
    for (const db of databases) expect(await isMigrated(db)).toBe(true);
    // With a second row no process would get knex's lock any more.
    expect(await databases[0]?.('knex_migrations_lock')).toHaveLength(1);
    await Promise.all(databases.map((db) => db.destroy()));
  }
});

test('a rollback that is killed changes nothing and leaves no lock', async () => {
  const databaseUrl = await freshDatabase();
  const [db, other] = await connectTo(databaseUrl, 2);
  if (!db || !other) throw new Error('two connections were asked for');
  await migrate(db);
  // A reader keeps the rollback from finishing: on PostgreSQL it waits for
  // this table, on SQLite for the write lock.
  const reader = await other.transaction();
  await (engine === 'postgres' ? reader('players').select() : reader('players').delete());
  const child = startCli({ databaseUrl, secret }, ['migrate', '--rollback']);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  child.kill('SIGKILL');
  await exited;
  await reader.rollback();
  expect(await db('knex_migrations_lock').pluck('is_locked')).toEqual([0]);
  expect(await isMigrated(db)).toBe(true);
  await rollback(db);
  expect(await isMigrated(db)).toBe(false);
  await migrate(db);
  await Promise.all([db.destroy(), other.destroy()]);
});

test('a lock that an earlier version left behind is named with the command that frees it', async () => {
  const databaseUrl = await freshDatabase();
  const [db] = await connectTo(databaseUrl, 1);
  if (!db) throw new Error('a connection was asked for');
  await migrate(db);
  await db('knex_migrations_lock').update({ is_locked: 1 });
  const on = { databaseUrl, secret };
  expect(await runCli(on, ['migrate', '--rollback'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('migrate --unlock'),
  });
  expect(await runCli(on, ['migrate', '--unlock', '--rollback'])).toMatchObject({ code: 2 });
  expect(await runCli(on, ['migrate', '--unlock'])).toMatchObject({ code: 0 });
  expect(await runCli(on, ['migrate', '--rollback'])).toMatchObject({ code: 0 });
  await db.destroy();
});

test('a database with the tables of another program is refused, and gets no table', async () => {
  const databaseUrl = await freshDatabase();
  const [db] = await connectTo(databaseUrl, 1);
  if (!db) throw new Error('a connection was asked for');
  await db.schema.createTable('users', (table) => table.string('_uid'));
  expect(await runCli({ databaseUrl, secret }, ['migrate'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/belongs to another program.*import-flask/s),
  });
  expect(await db.schema.hasTable('knex_migrations')).toBe(false);
  await db.destroy();
});

if (engine === 'postgres')
  test('a role, a database or TLS that cannot work is named with its fix', async () => {
    const databaseUrl = await freshDatabase();
    const [db] = await connectTo(databaseUrl, 1);
    if (!db) throw new Error('a connection was asked for');
    await db.raw('drop role if exists guest');
    await db.raw('create role guest login');
    const url = withoutPooler(databaseUrl);
    url.username = 'guest';
    const answer = await runCli({ databaseUrl: url.href, secret }, ['migrate']);
    expect(answer).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('GRANT CREATE ON SCHEMA "public" TO "guest"'),
    });
    url.pathname = '/nowhere';
    expect((await runCli({ databaseUrl: url.href, secret }, ['migrate'])).stderr).toContain(
      'Create the database',
    );
    url.searchParams.set('sslmode', 'require');
    expect((await runCli({ databaseUrl: url.href, secret }, ['migrate'])).stderr).toContain('remove sslmode');
    await db.destroy();
  });

async function connectTo(databaseUrl: string, count: number) {
  const { database } = readConfig(
    { DATABASE_URL: databaseUrl, SECRET_KEY: secret },
    { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
  );
  return Array.from({ length: count }, () => connect(database));
}
