import type { Knex } from 'knex';
import { type Database, isPostgres } from './connect.ts';
import * as usersAndSessions from './migrations/0001-users-and-sessions.ts';
import * as limitsAndAudit from './migrations/0002-limits-and-audit.ts';
import * as postsAndPlayers from './migrations/0003-posts-and-players.ts';
import * as finalSigma from './migrations/0004-final-sigma.ts';
import * as importedAccounts from './migrations/0005-imported-accounts.ts';
import { transact } from './transact.ts';

type Migration = { readonly name: string } & Knex.Migration;

const migrations: readonly Migration[] = [
  { name: '0001-users-and-sessions', ...usersAndSessions },
  { name: '0002-limits-and-audit', ...limitsAndAudit },
  { name: '0003-posts-and-players', ...postsAndPlayers },
  { name: '0004-final-sigma', ...finalSigma },
  { name: '0005-imported-accounts', ...importedAccounts },
];

const settings: Knex.MigratorConfig = {
  migrationSource: {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }: Migration) => name,
    getMigration: async (migration: Migration) => migration,
  },
};

/** Identifies our lock among PostgreSQL's advisory locks. */
const lockKey = 7_463_645;

/**
 * Brings the schema up to date. Processes that start at the same time wait for each other.
 *
 * knex's own lock does not ensure that on an empty database: it is a row that each process inserts first,
 * and with two such rows no process ever gets the lock.
 */
export async function migrate(db: Database): Promise<void> {
  await transact(db, async (trx) => {
    if (isPostgres(db)) await trx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
    if (!(await isMigrated(trx))) await trx.migrate.latest(settings);
  });
}

/** Rolls back the last batch of migrations. */
export async function rollback(db: Database): Promise<void> {
  await db.migrate.rollback(settings);
}

/** Whether the database answers and has every migration. */
export async function isMigrated(db: Database): Promise<boolean> {
  const [, pending] = (await db.migrate.list(settings)) as [unknown[], unknown[]];
  return pending.length === 0;
}
