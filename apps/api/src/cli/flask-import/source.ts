import { statSync } from 'node:fs';
import type { Database } from '../../db/connect.ts';
import { openForeign } from '../../db/foreign-sqlite.ts';
import { codeOf } from '../../errors.ts';
import { readSchema, type SourceSchema } from './source-schema.ts';

/** A row as it stands in the file. SQLite keeps any value in any column, so nothing is known of them. */
export type FlaskRow = { readonly position: number } & Readonly<Record<string, unknown>>;

export type FlaskTable = 'users' | 'players' | 'posts';

const batchSize = 500;

/**
 * A statement reads one batch by its row ids, or counts a table: both end in seconds unless the file is made
 * not to.
 */
const statementMs = 60_000;

/** More rows than any lesson has, and few enough to keep what is known of each in memory. */
const maxRows = 5_000_000;

export type FlaskSource = Awaited<ReturnType<typeof openFlaskSource>>;

/**
 * A database that Flask-SQLAlchemy made of the lesson's models, read only and as of one moment. `close` it.
 * Throws, in words for the operator, where the file is not one, or takes too long to read.
 */
export async function openFlaskSource(file: string) {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${file}`);
  const { db, interrupt } = openForeign(file);
  try {
    const schema = await bounded(() => readSchema(db, file));
    await db.raw('BEGIN');
    return {
      leftOut: schema.leftOut,

      has: (table: FlaskTable): boolean => schema.tables.has(table),

      count: (table: FlaskTable): Promise<number> => bounded(() => countRows(db, table)),

      /** The highest id of a table that could be kept. */
      maxId: async (table: FlaskTable, limit: number): Promise<number> => {
        const row = await bounded(() => db(table).where('id', '<=', limit).max({ id: 'id' }).first());
        return typeof row?.id === 'number' ? row.id : 0;
      },

      /** The values of a column that has no place here, with how often each occurs; the most common first. */
      countValues: async (
        table: FlaskTable,
        column: string,
      ): Promise<readonly { value: unknown; rows: unknown }[]> =>
        bounded(() =>
          db(table)
            .select({ value: column })
            .select(db.raw('count(*) as ??', ['rows']))
            .whereNotNull(column)
            .groupBy(column)
            .orderBy([{ column: 'rows', order: 'desc' }, 'value'])
            .limit(5),
        ),

      hasImages: async (): Promise<boolean> =>
        (schema.tables.get('posts')?.columns.includes('image') ?? false) &&
        (await bounded(() => db('posts').whereNotNull('image').where('image', '<>', '').first('id'))) !==
          undefined,

      /** The rows of any table. Undefined for one that cannot be counted. */
      countRows: (table: string): Promise<number | undefined> =>
        bounded(() => countRows(db, table)).catch(() => undefined),

      /** All rows in their order, some at a time. */
      async *batches(table: FlaskTable): AsyncGenerator<readonly FlaskRow[]> {
        let count = 0;
        for (let last: number | undefined; ; ) {
          const rows = await bounded(() => batch(table, schema, last));
          last = rows.at(-1)?.position;
          count += rows.length;
          if (last === undefined) return;
          if (count > maxRows) throw new Error(`Table ${table} has more than ${maxRows} rows`);
          yield rows;
        }
      },

      close: () => db.destroy(),
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }

  async function batch(
    table: FlaskTable,
    { tables }: SourceSchema,
    last: number | undefined,
  ): Promise<readonly FlaskRow[]> {
    const { columns, rowid } = tables.get(table) ?? { columns: [], rowid: 'rowid' };
    const names = Object.fromEntries(columns.map((name) => [name, `${table}.${name}`]));
    const rows = db(table)
      .select({ position: `${table}.${rowid}`, ...names })
      .orderBy(`${table}.${rowid}`)
      .limit(batchSize);
    if (last !== undefined) rows.where(`${table}.${rowid}`, '>', last);
    return rows;
  }

  /** Runs a statement, and ends it after a time: a crafted file can keep SQLite busy for ever. */
  async function bounded<Result>(statement: () => PromiseLike<Result>): Promise<Result> {
    const timer = setTimeout(interrupt, statementMs);
    try {
      return await statement();
    } catch (error) {
      if (codeOf(error) === 'SQLITE_INTERRUPT')
        throw new Error(`${file} takes too long to read: a statement ran for more than a minute`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function countRows(db: Database, table: string): Promise<number> {
  return Number((await db(table).count({ rows: '*' }).first())?.rows ?? 0);
}
