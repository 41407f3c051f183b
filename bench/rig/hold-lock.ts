import { setTimeout as delay } from 'node:timers/promises';
import knex from 'knex';

/** A program that locks a database against all other writers: `hold-lock.ts DATABASE MILLISECONDS`. */
const [, , database = '', milliseconds] = process.argv;
const isPostgres = database.startsWith('postgres://');
const db = isPostgres
  ? knex({ client: 'pg', connection: database })
  : knex({
      client: 'sqlite3',
      connection: { filename: database },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });

const trx = await db.transaction();
if (isPostgres) {
  await trx.raw('LOCK TABLE users, sessions, posts, audit_events, limits IN SHARE ROW EXCLUSIVE MODE');
} else {
  await trx.raw('COMMIT');
  await trx.raw('BEGIN IMMEDIATE');
}
process.stdout.write('held\n');
await delay(Number(milliseconds));
await trx.commit();
await db.destroy();
