import { setTimeout as delay } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Database } from './connect.ts';
import * as usersAndSessions from './migrations/0001-users-and-sessions.ts';
import * as limitsAndAudit from './migrations/0002-limits-and-audit.ts';
import * as postsAndPlayers from './migrations/0003-posts-and-players.ts';

type Migration = { readonly name: string } & Knex.Migration;

const migrations: readonly Migration[] = [
  { name: '0001-users-and-sessions', ...usersAndSessions },
  { name: '0002-limits-and-audit', ...limitsAndAudit },
  { name: '0003-posts-and-players', ...postsAndPlayers },
];

const settings: Knex.MigratorConfig = {
  migrationSource: {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }: Migration) => name,
    getMigration: async (migration: Migration) => migration,
  },
};

/** Brings the schema up to date under knex's lock. A process that finds it taken waits up to a minute for the other to finish. */
export async function migrate(db: Database): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Even the question makes knex's own tables where there are none, and may collide with another process in that.
      if (await isMigrated(db)) return;
      await db.migrate.latest(settings);
    } catch (error) {
      if (!isLocked(error) || attempt === 120) throw error;
      await delay(500);
    }
  }
}

/** Takes the last batch of migrations back. */
export async function rollback(db: Database): Promise<void> {
  await db.migrate.rollback(settings);
}

/** Whether the database can be reached and has every migration. */
export async function isMigrated(db: Database): Promise<boolean> {
  const [, pending] = (await db.migrate.list(settings)) as [unknown[], unknown[]];
  return pending.length === 0;
}

/** Two processes that begin on an empty database also collide in making knex's own tables. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && (error.name === 'MigrationLocked' || /knex_migrations|pg_type_typname_nsp_index/.test(error.message));
}
