import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import { codeOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { knexSettings } from './knex-settings.ts';

export const inMemory = ':memory:';

type SqliteConnection = { exec: (sql: string, done: (error: Error | null) => void) => void };

/** A pool of at most `max` connections to the file, each with our pragmas. */
export function connectSqlite(filename: string, { max, readOnly }: { max: number; readOnly: boolean }): Knex {
  if (filename !== inMemory) makePrivateFile(filename);
  const setUp = readOnly ? `${pragmas} PRAGMA query_only = ON;` : pragmas;
  const pool: Knex.PoolConfig = {
    min: 1,
    max,
    // A database in memory is gone with its connection.
    idleTimeoutMillis: Number.POSITIVE_INFINITY,
    afterCreate: (
      connection: SqliteConnection,
      done: (error: Error | null, connection: SqliteConnection) => void,
    ) => execWithRetry(connection, setUp, (error) => done(error, connection)),
  };
  const db = knex({
    ...knexSettings,
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool,
  });
  beginImmediately(db);
  return db;
}

type Transaction = {
  begin: (connection: unknown) => Promise<unknown>;
  readonly trxClient: { readonly query: (connection: unknown, sql: string) => Promise<unknown> };
};

/**
 * knex begins SQLite's transactions deferred. Such a transaction that reads first and then writes fails at once
 * if another connection wrote in between, whatever the busy timeout. Begun immediate, it waits like any other
 * write. knex has no option for that.
 */
function beginImmediately({ client }: Knex): void {
  const makeTransaction = client.transaction.bind(client);
  client.transaction = (...given: unknown[]): Transaction => {
    const transaction: Transaction = makeTransaction(...given);
    // By the client, because the transaction's own `query` would hide that the lock was not obtained.
    transaction.begin = (connection) => transaction.trxClient.query(connection, 'BEGIN IMMEDIATE;');
    return transaction;
  };
}

/**
 * When two connections switch a new file to WAL at once, SQLite fails one of them immediately, whatever the
 * busy timeout. That one retries for as long as the busy timeout is.
 */
function execWithRetry(connection: SqliteConnection, sql: string, done: (error: Error | null) => void): void {
  const end = performance.now() + busyTimeoutMs;
  const attempt = () =>
    connection.exec(sql, (error) => {
      if (codeOf(error) === 'SQLITE_BUSY' && performance.now() < end) setTimeout(attempt, 20);
      else done(error);
    });
  attempt();
}

/**
 * Created with mode 0600: SQLite would make it world-readable, and it holds password hashes. WAL files
 * inherit the mode.
 */
function makePrivateFile(filename: string): void {
  makeFolder(dirname(filename));
  if (!existsSync(filename)) closeSync(openSync(filename, 'a', 0o600));
}

const busyTimeoutMs = 5000;

/**
 * SQLite keeps these per connection. With `synchronous=NORMAL` a power cut could lose an acknowledged
 * write. After a checkpoint a WAL that grew beyond its limit is cut, because the disk may be small.
 */
const pragmas = `
  PRAGMA busy_timeout = ${busyTimeoutMs};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA journal_size_limit = ${16 * 1024 * 1024};
`;
