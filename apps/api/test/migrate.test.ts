import { expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { connect } from '../src/db/connect.ts';
import { isMigrated, migrate } from '../src/db/migrate.ts';
import { engine, freshDatabase } from './start-api.ts';

/** With SQLite one less than libuv's four threads, because each connection that waits for the lock holds one. */
const atOnce = engine === 'postgres' ? 6 : 3;

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

async function connectTo(databaseUrl: string, count: number) {
  const { database } = readConfig(
    { DATABASE_URL: databaseUrl, SECRET_KEY: 'of no use here, and long enough for a key' },
    { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
  );
  return Array.from({ length: count }, () => connect(database));
}
