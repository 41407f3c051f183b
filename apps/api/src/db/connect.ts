import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import pg from 'pg';

export type Database = Knex;

export type DatabaseConfig =
  /** `file` is a path or `:memory:`. */
  { readonly engine: 'sqlite'; readonly file: string } | { readonly engine: 'postgres'; readonly url: string };

/** A pool of connections, not opened yet. Rows come out in the wire's forms: times as ISO 8601 in UTC, days as `YYYY-MM-DD`. */
export function connect(config: DatabaseConfig): Database {
  // knex puts a failed statement's values into the error's message, and password hashes are among them.
  const common = { compileSqlOnError: false, acquireConnectionTimeout: 10_000, useNullAsDefault: true };
  return config.engine === 'sqlite'
    ? knex({ ...common, client: 'sqlite3', connection: { filename: config.file }, pool: sqlitePool(config.file) })
    : knex({ ...common, client: 'pg', connection: postgresConnection(config.url), pool: { min: 0, max: 10 } });
}

export function isPostgres(db: Database): boolean {
  return db.client.config.client === 'pg';
}

function sqlitePool(file: string): Knex.PoolConfig {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  return {
    min: 1,
    // Each connection to `:memory:` is a database of its own, so there must be one and it must stay. To a file there are
    // several, so that reads go on while a write waits for a lock.
    max: inMemory ? 1 : 4,
    ...(inMemory && { idleTimeoutMillis: Number.POSITIVE_INFINITY }),
    afterCreate: (
      connection: { exec: (sql: string, done: (error: Error | null) => void) => void },
      done: (error: Error | null, connection: unknown) => void,
    ) => connection.exec(pragmas, (error) => done(error, connection)),
  };
}

/** Per connection, as SQLite has them. With `synchronous=NORMAL` a power cut could take back a write that was acknowledged. */
const pragmas = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
`;

const asDay = (text: string) => text;
const asTimestamp = (text: string) => new Date(text).toISOString();
const asNumber = (text: string) => Number(text);

function postgresConnection(connectionString: string) {
  const { DATE, TIMESTAMPTZ, INT8 } = pg.types.builtins;
  const parsers = new Map<number, (text: string) => unknown>([
    [DATE, asDay],
    [TIMESTAMPTZ, asTimestamp],
    [INT8, asNumber],
  ]);
  return {
    connectionString,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: string) =>
        parsers.get(oid) ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
    },
  };
}
