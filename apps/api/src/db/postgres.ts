import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import type { ClientConfig } from 'pg';
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
  const connection = { connectionString, connectionTimeoutMillis: 5_000, ...keepAlive, types };
  // An attempt to connect has a timeout of its own, and one that waits for a
  // free slot is ended by `untilASlotIsFree`.
  const pool = { min: 0, max, createTimeoutMillis: 2 ** 31 - 1 };
  const db = knex({ ...knexSettings, client: 'pg', connection, pool });
  const { client } = db;
  client.driver = { Client: clientOf(pg) };
  const open = refusingStandby(client.acquireRawConnection.bind(client));
  client.acquireRawConnection = untilASlotIsFree(client.pool, open);
  return db;
}

/**
 * A machine that lost its power ends no connection. Probes find that out in about 20 seconds; the system's default is two
 * hours.
 */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** pg's client, which has no option for startup parameters of one's own. */
function clientOf({ Client }: typeof import('pg')) {
  return class extends Client {
    isStandby = false;
    /** knex closes a connection that has this, instead of using it again. */
    __knex__disposed: string | undefined;

    constructor(config: ClientConfig) {
      super(config);
      const messages: EventEmitter = this.connection;
      messages.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
        if (parameterName === 'in_hot_standby') this.isStandby = parameterValue === 'on';
      });
      messages.on('errorMessage', ({ code }: { code?: string }) => {
        if (code === readOnly) this.__knex__disposed = 'The server is read-only';
      });
    }

    getStartupConf(): Record<string, string> {
      // @ts-expect-error The types leave this method out.
      return { ...super.getStartupConf(), ...startupParameters };
    }
  };
}

/** The server reports it when a connection begins, and when it changes (PostgreSQL 14 and later). */
type ParameterStatus = { readonly parameterName: string; readonly parameterValue: string };

/**
 * Every write on such a connection fails (PostgreSQL, appendix A: `read_only_sql_transaction`). The next one may reach
 * another server, as after a failover.
 */
const readOnly = '25006';

type Connection = InstanceType<ReturnType<typeof clientOf>>;

/**
 * Opens a connection to a primary. A standby is refused, because it is behind: sessions that have ended would still be
 * live there. After a failover an address may lead to one for a while.
 */
function refusingStandby(open: () => Promise<Connection>) {
  return async (): Promise<Connection> => {
    const connection = await open();
    if (!connection.isStandby) return connection;
    await connection.end();
    throw Object.assign(new Error('The server is a standby: it follows another one, and is read-only'), {
      code: readOnly,
    });
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
