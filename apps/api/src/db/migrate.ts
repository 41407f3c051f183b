import type { Knex } from 'knex';
import { type Database, isPostgres } from './connect.ts';
import * as usersAndSessions from './migrations/0001-users-and-sessions.ts';
import * as limitsAndAudit from './migrations/0002-limits-and-audit.ts';
import * as postsAndPlayers from './migrations/0003-posts-and-players.ts';
import * as finalSigma from './migrations/0004-final-sigma.ts';
import * as importedAccounts from './migrations/0005-imported-accounts.ts';
import * as rotationSource from './migrations/0006-rotation-source.ts';
import * as auditRetention from './migrations/0007-audit-retention.ts';
import * as demoUsers from './migrations/0008-demo-users.ts';
import * as usageOfUsers from './migrations/0009-usage-of-users.ts';
import * as principalChanges from './migrations/0010-principal-changes.ts';
import * as searchTerms from './migrations/0011-search-terms.ts';
import * as auditFilters from './migrations/0012-audit-filters.ts';
import * as usageRights from './migrations/0013-usage-rights.ts';
import * as imageSizes from './migrations/0014-image-sizes.ts';
import { transact } from './transact.ts';

type Migration = { readonly name: string } & Knex.Migration;

const migrations: readonly Migration[] = [
  { name: '0001-users-and-sessions', ...usersAndSessions },
  { name: '0002-limits-and-audit', ...limitsAndAudit },
  { name: '0003-posts-and-players', ...postsAndPlayers },
  { name: '0004-final-sigma', ...finalSigma },
  { name: '0005-imported-accounts', ...importedAccounts },
  { name: '0006-rotation-source', ...rotationSource },
  { name: '0007-audit-retention', ...auditRetention },
  { name: '0008-demo-users', ...demoUsers },
  { name: '0009-usage-of-users', ...usageOfUsers },
  { name: '0010-principal-changes', ...principalChanges },
  { name: '0011-search-terms', ...searchTerms },
  { name: '0012-audit-filters', ...auditFilters },
  { name: '0013-usage-rights', ...usageRights },
  { name: '0014-image-sizes', ...imageSizes },
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

/** The names of all migrations: a database that has one of them is Signet's. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name);

/** The tables that knex keeps for itself. */
export const bookkeeping: readonly string[] = ['knex_migrations', 'knex_migrations_lock'];

/**
 * Brings the schema up to date. Processes that start at the same time wait for each other.
 *
 * knex's own lock does not ensure that on an empty database: it is a row that each process inserts first,
 * and with two such rows no process ever gets the lock.
 * Throws where an earlier version left that lock behind.
 */
export async function migrate(db: Database): Promise<void> {
  await exclusively(db, async (trx) => {
    if (!(await isMigrated(trx))) await trx.migrate.latest(settings);
  });
}

/** Rolls back the last batch of migrations. Throws where an earlier version left knex's lock behind. */
export async function rollback(db: Database): Promise<void> {
  await exclusively(db, (trx) => trx.migrate.rollback(settings));
}

/** Frees the lock that an earlier version held when it was killed. This version leaves none behind. */
export async function unlock(db: Database): Promise<void> {
  await exclusively(db, (trx) => trx.migrate.forceFreeMigrationsLock(settings));
}

/**
 * The one way into the schema. The transaction holds everything, knex's lock included, so that a kill undoes
 * it all.
 */
async function exclusively(db: Database, work: (trx: Database) => Promise<unknown>): Promise<void> {
  try {
    await transact(db, async (trx) => {
      if (isPostgres(db)) await trx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
      await work(trx);
    });
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'MigrationLocked') throw cause;
    throw new Error(
      'A migration holds its lock: one is running, or an earlier version of Signet was killed during one. If none is running: npm run signet -- migrate --unlock',
      { cause },
    );
  }
}

/** Whether the database answers and has every migration. */
export async function isMigrated(db: Database): Promise<boolean> {
  const [, pending] = (await db.migrate.list(settings)) as [unknown[], unknown[]];
  return pending.length === 0;
}
