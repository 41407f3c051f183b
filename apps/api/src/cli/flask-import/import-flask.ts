import { maxId } from '@signet/contracts';
import type { Database } from '../../db/connect.ts';
import { fold } from '../../db/fold.ts';
import { transact } from '../../db/transact.ts';
import { createImageStore } from '../../images/store.ts';
import { toPlayerColumns } from '../../players/store.ts';
import { toNewUserRow } from '../../users/row.ts';
import { RefusedRow, readPlayer, readPost, readUpload, readUser } from './rows.ts';
import type { FlaskRow, FlaskSource, FlaskTable } from './source.ts';
import { createImportStore, isId } from './store.ts';

type Tally = { taken: number; present: number; refused: number };

/** What became of the rows of each table. */
export type ImportReport = { readonly tables: Record<FlaskTable, Tally>; readonly hasAdmin: boolean };

type ImportOptions = {
  readonly db: Database;
  readonly source: FlaskSource;
  /** The folder that the images' names refer to. */
  readonly uploads: string | undefined;
  /** Everything is done and then taken back. */
  readonly dryRun: boolean;
  readonly onRefusal: (table: FlaskTable, id: unknown, reason: string) => void;
  readonly onProgress: (table: FlaskTable, done: number, of: number) => void;
  readonly now?: () => number;
};

/**
 * Takes over users, players and posts in one transaction: all of it happens, or nothing.
 *
 * Hashes stay as they are, so that every password goes on to work; ids stay where they are free. Rows that are there
 * already (by user id; posts by a digest of what they were) are left alone, so that doing it again adds nothing.
 */
export async function importFlask(options: ImportOptions): Promise<ImportReport> {
  try {
    return await transact(options.db, async (trx) => {
      const report = await run(trx, options);
      if (options.dryRun) throw new TakenBack(report);
      return report;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.report;
    throw error;
  }
}

class TakenBack extends Error {
  override name = 'TakenBack' as const;
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('A dry run is taken back');
    this.report = report;
  }
}

/** What a table's rows are turned into, and the ways in which one of them is none. */
type Batch = {
  /** Leaves one out, with the reason. */
  refuse: (row: FlaskRow, reason: string) => void;
  present: () => void;
  /** The row's own id if it is free, else one behind all others. */
  idFor: (row: FlaskRow) => number;
};

async function run(
  trx: Database,
  { source, uploads, onRefusal, onProgress, now = Date.now }: ImportOptions,
): Promise<ImportReport> {
  const store = createImportStore(trx);
  const images = createImageStore({ reader: trx });
  const at = new Date(now()).toISOString();
  const tables = { users: emptyTally(), players: emptyTally(), posts: emptyTally() };
  await images.lock(trx);
  await store.lock();

  await eachBatch('users', async (rows, batch) => {
    const users = parsed(rows, batch, readUser);
    const added = await withFreeUid('users', users, batch);
    await store.add(
      'users',
      added.map(({ row, value: { password, ...details } }) => ({
        id: batch.idFor(row),
        ...toNewUserRow(details, password, at),
      })),
    );
    return added.length;
  });

  await eachBatch('players', async (rows, batch) => {
    const added = await withFreeUid('players', parsed(rows, batch, readPlayer), batch);
    await store.add(
      'players',
      added.map(({ row, value }) => ({ id: batch.idFor(row), ...toPlayerColumns(value) })),
    );
    return added.length;
  });

  await eachBatch('posts', async (rows, batch) => {
    const posts = parsed(rows, batch, readPost);
    const authors = await store.findUids(
      'users',
      posts.map(({ value }) => fold(value.author)),
    );
    const done = await store.findDigests(posts.map(({ value }) => value.digest));
    const sameId = await store.findPosts(rows.map(({ id }) => id).filter(isId));
    const added: object[] = [];
    const digests: string[] = [];
    for (const { row, value } of posts) {
      const { author, note, image: file, digest } = value;
      const owner = authors.get(fold(author));
      const before = isId(row.id) ? sameId.get(row.id) : undefined;
      if (owner?.uid !== author) batch.refuse(row, 'its author was not taken over');
      else if (done.has(digest) || (before?.user_id === owner.id && before.note === note)) batch.present();
      else {
        const image = orRefuse(() => (file === null ? null : readUpload(uploads, file)));
        if (image instanceof RefusedRow) {
          batch.refuse(row, image.message);
          continue;
        }
        if (image) await images.keep(trx, image);
        added.push({
          id: batch.idFor(row),
          note,
          image: image?.id ?? null,
          user_id: owner.id,
          created_at: at,
          updated_at: at,
        });
        digests.push(digest);
      }
    }
    await store.add('posts', added);
    await store.addDigests(digests);
    return added.length;
  });

  return { tables, hasAdmin: await store.hasAdmin() };

  async function eachBatch(
    table: FlaskTable,
    work: (rows: readonly FlaskRow[], batch: Batch) => Promise<number>,
  ): Promise<void> {
    if (!source.has(table)) return;
    const tally = tables[table];
    const total = await source.count(table);
    let lastId = Math.max(await store.highestId(table), await source.maxId(table, maxId));
    let done = 0;
    for await (const rows of source.batches(table)) {
      const takenIds = await store.findTakenIds(table, rows.map(({ id }) => id).filter(isId));
      tally.taken += await work(rows, {
        refuse: (row, reason) => {
          tally.refused += 1;
          onRefusal(table, row.id, reason);
        },
        present: () => {
          tally.present += 1;
        },
        idFor: ({ id }) => {
          if (isId(id) && !takenIds.has(id)) return id;
          lastId += 1;
          return lastId;
        },
      });
      done += rows.length;
      onProgress(table, done, total);
    }
    await store.bumpSequence(table);
  }

  /** Leaves out whoever is there already, and those whose user id somebody else has in another spelling. */
  async function withFreeUid<Value extends { readonly uid: string }>(
    table: 'users' | 'players',
    rows: readonly Parsed<Value>[],
    batch: Batch,
  ): Promise<Parsed<Value>[]> {
    const taken = await store.findUids(
      table,
      rows.map(({ value }) => fold(value.uid)),
    );
    const seen = new Set<string>();
    return rows.filter(({ row, value: { uid } }) => {
      const key = fold(uid);
      const holder = taken.get(key);
      const isRepeated = seen.has(key);
      seen.add(key);
      if (!holder && !isRepeated) return true;
      if (holder?.uid === uid && !isRepeated) batch.present();
      else
        batch.refuse(
          row,
          `another of these has the user id ${uid} (case and Unicode spelling make no difference)`,
        );
      return false;
    });
  }
}

type Parsed<Value> = { readonly row: FlaskRow; readonly value: Value };

function parsed<Value>(
  rows: readonly FlaskRow[],
  batch: Batch,
  read: (row: FlaskRow) => Value,
): Parsed<Value>[] {
  return rows.flatMap((row) => {
    const value = orRefuse(() => read(row));
    if (!(value instanceof RefusedRow)) return [{ row, value }];
    batch.refuse(row, value.message);
    return [];
  });
}

function orRefuse<Value>(read: () => Value): Value | RefusedRow {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedRow) return error;
    throw error;
  }
}

function emptyTally(): Tally {
  return { taken: 0, present: 0, refused: 0 };
}
