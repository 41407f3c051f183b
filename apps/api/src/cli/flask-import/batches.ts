import { maxId } from '@signet/contracts';
import type { Batch, Finding, Tally } from './report.ts';
import type { FlaskRow, FlaskSource, FlaskTable } from './source.ts';
import { type ImportStore, isId } from './store.ts';

type BatchesDeps = {
  readonly source: FlaskSource;
  readonly store: ImportStore;
  readonly tables: Readonly<Record<FlaskTable, Tally>>;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (task: string, done: number, of: number) => void;
};

/** Goes through the rows of a table, some at a time, and gives each an id that no other row has. */
export function createBatches({ source, store, tables, onFinding, onProgress }: BatchesDeps) {
  return async function eachBatch(
    table: FlaskTable,
    work: (rows: readonly FlaskRow[], batch: Batch) => Promise<void>,
  ): Promise<void> {
    if (!source.has(table)) return;
    const total = await source.count(table);
    const newIds = createIds(await highestIdOf(store, source, table));
    let done = 0;
    for await (const rows of source.batches(table)) {
      const takenIds = await store.findTakenIds(table, rows.map(({ id }) => id).filter(isId));
      await work(rows, {
        tally: tables[table],
        find: (row, what, reason) => onFinding({ table, row: row.id ?? '?', what, reason }),
        idFor: ({ id }) => (isId(id) && !takenIds.has(id) ? id : newIds()),
      });
      done += rows.length;
      onProgress(table, done, total);
    }
    await store.bumpSequence(table);
  };
}

async function highestIdOf(store: ImportStore, source: FlaskSource, table: FlaskTable): Promise<number> {
  return Math.max(await store.highestId(table), await source.maxId(table, maxId));
}

function createIds(highest: number): () => number {
  let last = highest;
  return () => {
    last += 1;
    return last;
  };
}
