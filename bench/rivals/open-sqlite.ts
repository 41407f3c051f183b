import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';

/**
 * Opens the file with the version of better-sqlite3 for the Node that runs this process: 12 aborts on Node 24 when a
 * statement is collected, and 13 crashes on Node 20. 13 brings a native part for every Node, 12 is told where its own is.
 */
export function openSqlite(filename: string): Database.Database {
  const major = Number(process.versions.node.split('.')[0]);
  const open: typeof Database = createRequire(import.meta.url)(
    major >= 22 ? 'better-sqlite3-13' : 'better-sqlite3',
  );
  const { BETTER_SQLITE3: nativeBinding } = process.env;
  const database = new open(filename, nativeBinding ? { nativeBinding } : {});
  database.pragma('journal_mode = WAL');
  return database;
}
