import { type Database, isPostgres } from './connect.ts';

/**
 * Runs `work` in a transaction that may write. Throws what `work` throws.
 *
 * knex begins SQLite's transactions deferred. Such a transaction that reads first and then writes fails at
 * once if another connection wrote in between, whatever the busy timeout. Begun immediate, it waits like
 * any other write.
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
    // If the lock was not obtained, or if SQLite has rolled back by itself (disk full), knex's own ROLLBACK
    // fails as well. Its error would hide the cause.
    throw causes.length > 0 ? causes[0] : error;
  }
}
