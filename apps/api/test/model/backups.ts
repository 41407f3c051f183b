import { copyFileSync, rmSync } from 'node:fs';
import { backup } from '../../src/cli/backup.ts';
import { endAllSessions } from '../../src/cli/end-all-sessions.ts';
import { restore } from '../../src/cli/restore.ts';
import type { Clock } from '../../src/clock.ts';
import { connect, type Database, type DatabaseConfig } from '../../src/db/connect.ts';
import { transact } from '../../src/db/transact.ts';

/** One backup of a database, which a later one replaces. No process may run while it is put back. */
export type Backups = {
  readonly take: () => Promise<void>;
  /** With `endsSessions` as `docs/operations.md` has it, otherwise the rows alone, as they were. */
  readonly putBack: (endsSessions: boolean) => Promise<void>;
};

export function createBackups(config: DatabaseConfig, clock: Clock): Backups {
  return config.engine === 'sqlite' ? ofFile(config.file, clock) : ofTables(config, clock);
}

function ofFile(file: string, clock: Clock): Backups {
  const copy = `${file}.backup`;
  const config = { engine: 'sqlite', file } as const;
  return {
    async take() {
      rmSync(copy, { force: true });
      await backup(config, copy);
    },
    async putBack(endsSessions) {
      if (!endsSessions) return copyFileSync(copy, file);
      const { kept } = await restore(config, copy, clock);
      if (kept) rmSync(kept);
    },
  };
}

/**
 * PostgreSQL's own tools take a second. What they leave is the same: the rows of then, with no trigger run for them, and
 * the sequences of then.
 */
function ofTables(config: DatabaseConfig, clock: Clock): Backups {
  return {
    take: () =>
      using(config, async (db) => {
        await db.raw('drop schema if exists backup cascade');
        await db.raw('create schema backup');
        for (const name of await tablesOf(db)) {
          await db.raw('create table backup.?? as table public.??', [name, name]);
        }
      }),
    putBack: (endsSessions) =>
      using(config, async (db) => {
        await transact(db, async (trx) => {
          await trx.raw('set local session_replication_role = replica');
          for (const name of await tablesOf(trx)) {
            await trx.raw('delete from public.??', [name]);
            await trx.raw('insert into public.?? select * from backup.??', [name, name]);
          }
        });
        if (endsSessions) await endAllSessions(db, clock);
      }),
  };
}

async function tablesOf(db: Database): Promise<string[]> {
  const rows: { tablename: string }[] = await db('pg_tables')
    .where({ schemaname: 'public' })
    .select('tablename');
  return rows.map(({ tablename }) => tablename);
}

async function using<Result>(
  config: DatabaseConfig,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  const db = connect(config);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
