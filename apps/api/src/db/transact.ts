import { type Database, isPostgres } from './connect.ts';

/**
 * Runs `work` in a transaction that may write.
 *
 * knex opens SQLite's transactions deferred: one that reads first and then writes fails at once if somebody else
 * wrote in between, whatever the busy timeout. Opened immediate, it waits for its turn like any other write.
 */
export function transact<Result>(db: Database, work: (trx: Database) => Promise<Result>): Promise<Result> {
  return db.transaction(async (trx) => {
    if (!isPostgres(db)) {
      await trx.raw('COMMIT');
      await trx.raw('BEGIN IMMEDIATE');
    }
    return work(trx);
  });
}
