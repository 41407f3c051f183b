import { type Database, isPostgres } from './connect.ts';

/**
 * Runs `work` in a transaction that may write. Throws what `work` throws.
 *
 * knex opens SQLite's transactions deferred: one that reads first and then writes fails at once if somebody else
 * wrote in between, whatever the busy timeout. Opened immediate, it waits for its turn like any other write.
 */
export async function transact<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
): Promise<Result> {
  const causes: unknown[] = [];
  try {
    return await db.transaction(async (trx) => {
      try {
        if (!isPostgres(db)) {
          await trx.raw('COMMIT');
          await trx.raw('BEGIN IMMEDIATE');
        }
        return await work(trx);
      } catch (cause) {
        causes.push(cause);
        throw cause;
      }
    });
  } catch (error) {
    // Where the lock was not given, or SQLite has rolled back by itself (a full disk), knex's own ROLLBACK fails too, and
    // that there was nothing to roll back would hide why.
    throw causes.length > 0 ? causes[0] : error;
  }
}
