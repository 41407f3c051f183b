import { setTimeout as delay } from 'node:timers/promises';
import { type Database, isPostgres } from './connect.ts';
import { transact } from './transact.ts';

/** So many rows go in one transaction, so that other writers do not wait for long. */
const batchSize = 500;

type Old = {
  readonly table: string;
  readonly primaryKey: string;
  /** The column of the time, which needs an index. */
  readonly column: string;
  /** Rows whose time is earlier are deleted. */
  readonly before: string;
};

/**
 * Deletes the rows from before a time, the oldest first, in short transactions with a pause after each that leaves half
 * of the time to others. Any number of processes may do so at once.
 */
export async function deleteOld(db: Database, old: Old): Promise<void> {
  let from: string | undefined;
  for (;;) {
    const began = performance.now();
    const rows = await transact(db, (trx) => deleteBatch(trx, old, from));
    const last = rows.at(-1);
    if (!last || rows.length < batchSize) return;
    from = last.time;
    await delay(performance.now() - began);
  }
}

type Row = { readonly id: string | number; readonly time: string };

/** `from` is the last time of the batch before this one. */
async function deleteBatch(
  trx: Database,
  { table, primaryKey, column, before }: Old,
  from: string | undefined,
): Promise<readonly Row[]> {
  const batch = trx(table)
    .select({ id: primaryKey, time: column })
    .where(column, '<', before)
    .orderBy(column)
    .limit(batchSize);
  // Not from the beginning of the index: until a vacuum it leads through all rows that were deleted before.
  if (from !== undefined) batch.where(column, '>=', from);
  // Two processes that delete the same rows would wait for each other, or deadlock.
  if (isPostgres(trx)) batch.forUpdate().skipLocked();
  const rows: Row[] = await batch;
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await trx(table).whereIn(primaryKey, ids).delete();
  return rows;
}
