import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex from 'knex';
import { codeOf } from '../errors.ts';
import type { DatabaseConfig } from './connect.ts';

/** One API lets go of the file before the next takes it, where a process is replaced by another. */
const patienceMs = 5000;

/**
 * Claims an SQLite database for this process alone, until the function that it gives is called or the process ends.
 * Throws where another API has it, or where it may not be written to. With PostgreSQL, and in memory, there is nothing to claim.
 *
 * Two APIs on one file would each queue writes that the other cannot see. The claim is a lock of the operating system's
 * on a file beside the database, taken by SQLite: a process that is killed loses it, and no number of a process that
 * another one may get is written anywhere. The command line does not ask for it.
 */
export async function claimDatabase(config: DatabaseConfig): Promise<() => Promise<void>> {
  if (config.engine === 'postgres' || config.file === ':memory:') return async () => {};
  requireWritable(config.file);
  const filename = `${config.file}.api-lock`;
  const lock = knex({
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    // The lock is the connection's, so there is one, and it stays.
    pool: { min: 1, max: 1, idleTimeoutMillis: Number.POSITIVE_INFINITY },
  });
  try {
    await lock.raw(`PRAGMA busy_timeout = ${patienceMs}`);
    await lock.raw('BEGIN EXCLUSIVE');
  } catch (cause) {
    await lock.destroy();
    if (codeOf(cause) !== 'SQLITE_BUSY') throw cause;
    throw new Error(
      `another API has ${config.file}. SQLite serves one; for several set DATABASE_URL to a PostgreSQL (postgres://…).`,
      {
        cause,
      },
    );
  }
  return () => lock.destroy();
}

/** SQLite opens a file that is read-only without a word, claims it without a lock, and fails at the first write. */
function requireWritable(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  for (const path of [folder, file]) if (existsSync(path)) accessSync(path, constants.W_OK);
}
