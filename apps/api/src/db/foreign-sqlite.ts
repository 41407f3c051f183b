import { pathToFileURL } from 'node:url';
import knex, { type Knex } from 'knex';
import sqlite3 from 'sqlite3';
import { knexSettings } from './knex-settings.ts';

const maxValueBytes = 16 * 1024 * 1024;

type ForeignConnection = {
  exec: (sql: string, done: (error: Error | null) => void) => void;
  configure: (option: 'limit', id: number, value: number) => void;
  interrupt: () => void;
};

/**
 * A SQLite file that another program may have written, opened so that nothing in it changes. It has one
 * connection, so that a transaction begun on it includes every later statement.
 *
 * The file is not trusted (https://sqlite.org/security.html): its schema may call no function with side
 * effects, no value may be larger than 16 MiB, and `interrupt` ends a statement that takes too long.
 * `isImmutable` says that nobody writes to it meanwhile, so that SQLite makes no file beside it.
 */
export function openForeign(
  filename: string,
  { isImmutable = false }: { isImmutable?: boolean } = {},
): { readonly db: Knex; readonly interrupt: () => void } {
  let connected: ForeignConnection | undefined;
  const pool: Knex.PoolConfig = {
    min: 1,
    max: 1,
    idleTimeoutMillis: Number.POSITIVE_INFINITY,
    afterCreate(connection: ForeignConnection, done: (error: Error | null, connection: object) => void) {
      connected = connection;
      connection.configure('limit', sqlite3.LIMIT_LENGTH, maxValueBytes);
      connection.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;', (error) =>
        done(error, connection),
      );
    },
  };
  // As a URI, because knex itself always adds the flags that ask for writing.
  const connection = {
    filename: `${pathToFileURL(filename).href}?mode=ro${isImmutable ? '&immutable=1' : ''}`,
    flags: ['OPEN_URI'],
  };
  const db = knex({ ...knexSettings, client: 'sqlite3', connection, useNullAsDefault: true, pool });
  return { db, interrupt: () => connected?.interrupt() };
}
