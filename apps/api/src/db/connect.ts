import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { codeOf } from '../errors.ts';

export type Database = Knex;

export type DatabaseConfig =
  /** `file` is a path or `:memory:`. */
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string };

/**
 * A pool of connections, not opened yet. Rows come out in the wire's forms: times as ISO 8601 in UTC, days as `YYYY-MM-DD`.
 *
 * To SQLite it has one connection: a statement that waits for a lock holds one of libuv's four threads, and several
 * that wait would leave none to whoever has the lock and must commit.
 */
export function connect(config: DatabaseConfig): Database {
  return config.engine === 'sqlite'
    ? connectSqlite(config.file, { max: 1, readOnly: false })
    : connectPostgres(config.url);
}

/**
 * A second way in for what only reads, so that it does not queue behind a write that waits for a lock or for the disk.
 * With PostgreSQL, and with SQLite in memory, it is the same pool.
 */
export function connectReader(config: DatabaseConfig, db: Database): Database {
  return config.engine === 'sqlite' && config.file !== inMemory
    ? connectSqlite(config.file, { max: 2, readOnly: true })
    : db;
}

export function isPostgres(db: Database): boolean {
  return db.client.config.client === 'pg';
}

/** Somebody else's SQLite file, opened so that nothing in it changes. One connection: a transaction begun on it is there for all that follows. */
export function connectForeign(filename: string): Database {
  const pool = { min: 1, max: 1, idleTimeoutMillis: Number.POSITIVE_INFINITY };
  // As a URI, since knex itself always adds the flags that ask for writing.
  const connection = { filename: `${pathToFileURL(filename).href}?mode=ro`, flags: ['OPEN_URI'] };
  return knex({ ...common, client: 'sqlite3', connection, useNullAsDefault: true, pool });
}

const inMemory = ':memory:';

// knex puts a failed statement's values into the error's message, and password hashes are among them.
const common = {
  compileSqlOnError: false,
  acquireConnectionTimeout: 10_000,
  // knex prints to standard output what it also rejects with; the rejection is logged with its request.
  log: { warn() {}, error() {}, deprecate() {}, debug() {} },
};

type SqliteConnection = { exec: (sql: string, done: (error: Error | null) => void) => void };

function connectSqlite(filename: string, { max, readOnly }: { max: number; readOnly: boolean }): Database {
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
    ) => execPatiently(connection, setUp, (error) => done(error, connection)),
  };
  return knex({ ...common, client: 'sqlite3', connection: { filename }, useNullAsDefault: true, pool });
}

/**
 * SQLite does not wait, whatever the busy timeout, where two connections switch a new file to WAL: one of them is told at
 * once that the file is locked. It asks again, for as long as anything waits for a lock.
 */
function execPatiently(connection: SqliteConnection, sql: string, done: (error: Error | null) => void): void {
  const end = performance.now() + busyTimeoutMs;
  const attempt = () =>
    connection.exec(sql, (error) => {
      if (codeOf(error) === 'SQLITE_BUSY' && performance.now() < end) setTimeout(attempt, 20);
      else done(error);
    });
  attempt();
}

/** SQLite would make it readable by everybody, and it holds password hashes. Its journals take after it. */
function makePrivateFile(filename: string): void {
  mkdirSync(dirname(filename), { recursive: true });
  if (!existsSync(filename)) closeSync(openSync(filename, 'a', 0o600));
}

const busyTimeoutMs = 5000;

/** Per connection, as SQLite has them. With `synchronous=NORMAL` a power cut could take back a write that was acknowledged. */
const pragmas = `
  PRAGMA busy_timeout = ${busyTimeoutMs};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
`;

const asDay = (text: string) => text;
const asTimestamp = (text: string) => new Date(text).toISOString();
const asNumber = (text: string) => Number(text);

function connectPostgres(connectionString: string): Database {
  const { DATE, TIMESTAMPTZ, INT8 } = pg.types.builtins;
  const parsers = new Map<number, (text: string) => unknown>([
    [DATE, asDay],
    [TIMESTAMPTZ, asTimestamp],
    [INT8, asNumber],
  ]);
  const connection = {
    connectionString,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: string) =>
        parsers.get(oid) ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
    },
  };
  return knex({ ...common, client: 'pg', connection, pool: { min: 0, max: 10 } });
}
