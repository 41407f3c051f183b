import type { Knex } from 'knex';
import { connectPostgres } from './postgres.ts';
import { connectSqlite, inMemory } from './sqlite.ts';

export type Database = Knex;

export type DatabaseConfig =
  /** `file` is a path or `:memory:`. */
  | { readonly engine: 'sqlite'; readonly file: string }
  /**
   * `poolMax` is how many connections one process opens at most, `maxBytes` how large the database may be
   * before growth is refused.
   */
  | {
      readonly engine: 'postgres';
      readonly url: string;
      readonly poolMax: number;
      readonly maxBytes?: number;
    };

/**
 * A pool of connections, not opened yet. Rows come out in the wire's forms: times as
 * ISO 8601 in UTC, days as `YYYY-MM-DD`.
 *
 * SQLite gets one connection: a statement that waits for a lock holds one of libuv's four threads, so that
 * several waiting ones would leave no thread to the statement that has the lock and must commit.
 */
export function connect(config: DatabaseConfig): Database {
  return config.engine === 'sqlite'
    ? connectSqlite(config.file, { max: 1, readOnly: false })
    : connectPostgres(config.url, { max: config.poolMax });
}

/**
 * A second pool for statements that only read, so that they do not queue behind a write that waits for a
 * lock or for the disk. With PostgreSQL, and with SQLite in memory, it is the same pool.
 */
export function connectReader(config: DatabaseConfig, db: Database): Database {
  return config.engine === 'sqlite' && config.file !== inMemory
    ? connectSqlite(config.file, { max: 2, readOnly: true })
    : db;
}

export function isPostgres(db: Database): boolean {
  return db.client.config.client === 'pg';
}
