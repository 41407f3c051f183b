import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { codeOf } from '../errors.ts';
import { acquireTimeoutMs, knexSettings } from './knex-settings.ts';

/**
 * Sent when a connection begins, because a role, a database or a server may have other defaults, and days
 * and times are read from their text. As startup parameters, and only those that a pooler in transaction
 * mode tracks for each of its clients: it forgets a `SET`, and refuses parameters that it does not know. pg
 * itself adds client_encoding=UTF8.
 */
const startupParameters = {
  // Both halves, or a pooler would see a difference to what the server reports
  // and set it again for every transaction.
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
};

/** A pool of at most `max` connections, opened when they are needed. */
export function connectPostgres(connectionString: string, { max }: { max: number }): Knex {
  // Not imported above, because under SQLite loading it would make the start a twentieth longer.
  const pg: typeof import('pg') = createRequire(import.meta.url)('pg');
  const types = createTypes(pg);
  const connection = { connectionString, connectionTimeoutMillis: 5_000, keepAlive: true, types };
  // An attempt to connect has a timeout of its own, and one that waits for a
  // free slot is ended by `untilASlotIsFree`.
  const pool = { min: 0, max, createTimeoutMillis: 2 ** 31 - 1 };
  const db = knex({ ...knexSettings, client: 'pg', connection, pool });
  const { client } = db;
  client.driver = { Client: clientOf(pg) };
  client.acquireRawConnection = untilASlotIsFree(client.pool, client.acquireRawConnection.bind(client));
  return db;
}

/** pg's client, which has no option for startup parameters of one's own. */
function clientOf({ Client }: typeof import('pg')) {
  return class extends Client {
    getStartupConf(): Record<string, string> {
      // @ts-expect-error The types leave this method out.
      return { ...super.getStartupConf(), ...startupParameters };
    }
  };
}

type Pool = {
  readonly numUsed: () => number;
  readonly numFree: () => number;
  readonly numPendingAcquires: () => number;
};

/**
 * Opens a connection, and retries while the server has no slot for it: others come free, and
 * waiting is better than refusing. Meanwhile the pool serves its statements from the connections
 * that it has. It gives up when no statement waits any more, or when the pool has had no connection
 * at all for as long as a statement waits.
 */
function untilASlotIsFree<Connection>(pool: Pool, open: () => Promise<Connection>) {
  return async (): Promise<Connection> => {
    const end = performance.now() + acquireTimeoutMs;
    for (let pauseMs = 50; ; pauseMs = Math.min(2 * pauseMs, 1000)) {
      try {
        return await open();
      } catch (error) {
        const isWorking = pool.numUsed() + pool.numFree() > 0;
        const isWorthWaiting = pool.numPendingAcquires() > 0 && (isWorking || performance.now() < end);
        if (codeOf(error) !== tooManyConnections || !isWorthWaiting) throw error;
        await delay(pauseMs);
      }
    }
  };
}

/** Of the server, of the role or of the database (PostgreSQL, appendix A: `too_many_connections`). */
const tooManyConnections = '53300';

/**
 * How these types are read: a day stays as it is written, and a bigint is a
 * number, since no count of ours is larger.
 */
function createTypes({ types }: typeof import('pg')) {
  const { DATE, TIMESTAMPTZ, INT8 } = types.builtins;
  const parsers = new Map<number, (text: string) => unknown>([
    [DATE, (text) => text],
    [TIMESTAMPTZ, (text) => new Date(text).toISOString()],
    [INT8, Number],
  ]);
  return {
    getTypeParser: (oid: number, format?: string) =>
      parsers.get(oid) ?? types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
  };
}
