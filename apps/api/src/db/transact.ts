import type { Database } from './connect.ts';

/** Runs `work` in a transaction that may write. Throws what `work` throws. */
export async function transact<Result>(
  db: Database,
  work: (trx: Database) => Promise<Result>,
): Promise<Result> {
  const causes: unknown[] = [];
  try {
    return await db.transaction(async (trx) => {
      try {
        return await work(trx);
      } catch (cause) {
        causes.push(cause);
        throw cause;
      }
    });
  } catch (error) {
    // If SQLite has rolled back by itself (disk full), knex's own ROLLBACK fails as well. Its error would hide
    // the cause.
    throw causes.length > 0 ? causes[0] : error;
  }
}
