import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import knex from 'knex';
import { codeOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { DatabaseConfig } from './connect.ts';

/** When one process replaces another, the old one releases the file before the new one claims it. */
const patienceMs = 5000;

/**
 * Claims an SQLite database for this process, until the returned function is called or the process ends.
 * Throws if another API has it, or if it is not writable. PostgreSQL and a database in memory need no claim.
 *
 * Two APIs on one file would each queue writes that the other cannot see. The claim is a lock of the
 * operating system on a file beside the database, taken by SQLite. The OS releases it when the process
 * dies, so there is no PID file that could go stale. The command line does not take it.
 */
export async function claimDatabase(config: DatabaseConfig): Promise<() => Promise<void>> {
  if (config.engine === 'postgres' || config.file === ':memory:') return async () => {};
  requireWritable(config.file);
  const filename = `${config.file}.api-lock`;
  const lock = knex({
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    // The lock belongs to the connection, so there is exactly one, and it stays open.
    pool: { min: 1, max: 1, idleTimeoutMillis: Number.POSITIVE_INFINITY },
  });
  try {
    await lock.raw(`PRAGMA busy_timeout = ${patienceMs}`);
    await lock.raw('BEGIN EXCLUSIVE');
  } catch (cause) {
    await lock.destroy();
    if (codeOf(cause) !== 'SQLITE_BUSY') throw cause;
    const fix = 'Stop it; for several at once set DATABASE_URL to a PostgreSQL (postgres://…).';
    throw new Error(`another API has ${config.file}. ${fix}`, { cause });
  }
  return () => lock.destroy();
}

/** SQLite opens a read-only file without an error, locks nothing, and fails only at the first write. */
function requireWritable(file: string): void {
  const folder = dirname(file);
  makeFolder(folder);
  for (const path of [folder, file]) if (existsSync(path)) accessSync(path, constants.W_OK);
}
