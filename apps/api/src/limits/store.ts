import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { deleteOld } from '../db/delete-old.ts';
import { transact } from '../db/transact.ts';

export type Bucket = {
  readonly name: string;
  readonly value: string;
  readonly limit: number;
  readonly windowSeconds: number;
};

/** One unit taken out of a bucket. */
export type Taken = { readonly key: string; readonly count: number; readonly window_ends_at: string };

export type Outcome =
  | { readonly taken: readonly Taken[] }
  | { readonly refusedBy: Bucket; readonly window_ends_at: string };

/** Counters in the database, the same for every process. A window begins with the first count in it. */
export function createLimitStore({ db, clock }: { db: Database; clock: Clock }) {
  return {
    /**
     * Takes one unit out of each bucket, or none at all if any bucket is empty; within `trx` if the caller
     * has a transaction.
     */
    take: (buckets: readonly Bucket[], trx?: Database): Promise<Outcome> =>
      trx ? take(trx, buckets) : transact(db, (own) => take(own, buckets)),

    /** Puts the units back, within `trx` if the caller has a transaction. */
    refund: (taken: readonly Taken[], trx?: Database): Promise<void> =>
      trx ? refund(trx, taken) : transact(db, (own) => refund(own, taken)),

    /** Deletes the counters whose window is over. */
    sweep: (): Promise<void> =>
      deleteOld(db, {
        table: 'limits',
        primaryKey: 'key',
        column: 'window_ends_at',
        // A window is over at its very end, and times have milliseconds.
        before: clock.timestamp(0.001),
      }),
  };

  async function take(trx: Database, buckets: readonly Bucket[]): Promise<Outcome> {
    const counted = await count(trx, buckets);
    const taken = buckets.flatMap(({ name, value }) => counted.get(keyOf(name, value)) ?? []);
    const refusedBy = buckets.find(({ name, value }) => !counted.has(keyOf(name, value)));
    if (!refusedBy) return { taken };
    await refund(trx, taken);
    return { refusedBy, window_ends_at: await windowEnd(trx, refusedBy) };
  }

  /**
   * Counts one in each bucket that is not empty; the counters by their keys. One statement, so that no more than
   * the limit pass, however many arrive at once. It locks the rows in the order of the buckets.
   */
  async function count(trx: Database, buckets: readonly Bucket[]): Promise<Map<string, Taken>> {
    const rows = buckets.map(({ name, value, windowSeconds }) => ({
      key: keyOf(name, value),
      count: 1,
      window_ends_at: clock.timestamp(windowSeconds),
    }));
    const isOver = trx.raw('limits.window_ends_at <= ?', [clock.timestamp()]);
    const limitOfRow = trx.raw(
      `case limits.key ${buckets.map(() => 'when ? then cast(? as integer)').join(' ')} end`,
      buckets.flatMap(({ name, value, limit }) => [keyOf(name, value), limit]),
    );
    const counted: Taken[] = await trx('limits')
      .insert(rows)
      .onConflict('key')
      .merge({
        count: trx.raw('case when ? then 1 else limits.count + 1 end', [isOver]),
        window_ends_at: trx.raw('case when ? then excluded.window_ends_at else limits.window_ends_at end', [
          isOver,
        ]),
      })
      .whereRaw('(limits.count < ? or ?)', [limitOfRow, isOver])
      .returning(['key', 'count', 'window_ends_at']);
    return new Map(counted.map((each) => [each.key, each]));
  }

  /**
   * Locks the rows in the order in which they were taken: PostgreSQL holds each lock until the transaction ends,
   * and a fixed order prevents deadlocks. A unit of a window that is over needs no refund.
   */
  async function refund(trx: Database, taken: readonly Taken[]): Promise<void> {
    if (taken.length === 0) return;
    const place = `case key ${taken.map((_, index) => `when ? then ${index}`).join(' ')} end`;
    const current = trx('limits')
      .select('key')
      .whereIn(
        ['key', 'window_ends_at'],
        taken.map(({ key, window_ends_at }) => [key, window_ends_at]),
      )
      .andWhere('count', '>', 0)
      .orderByRaw(
        place,
        taken.map(({ key }) => key),
      )
      .forUpdate();
    await trx('limits').whereIn('key', current).decrement('count', 1);
  }

  async function windowEnd(trx: Database, { name, value }: Bucket): Promise<string> {
    const row = await trx('limits')
      .first('window_ends_at')
      .where({ key: keyOf(name, value) });
    return row?.window_ends_at ?? clock.timestamp();
  }
}

/** A digest has a fixed length, and keeps addresses and uids out of the table. */
function keyOf(name: string, value: string): string {
  return createHash('sha256').update(`${name}\0${value}`).digest('base64url');
}
