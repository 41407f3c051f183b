import Database from 'better-sqlite3';

/** Opens the file with the native part for the Node that runs this process: the installed one fits one version only. */
export function openSqlite(filename: string): Database.Database {
  const { BETTER_SQLITE3: nativeBinding } = process.env;
  const database = new Database(filename, nativeBinding ? { nativeBinding } : {});
  database.pragma('journal_mode = WAL');
  return database;
}
