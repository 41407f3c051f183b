import { statSync } from 'node:fs';
import type { Database } from '../../db/connect.ts';
import { connectForeign } from '../../db/sqlite.ts';
import { codeOf } from '../../errors.ts';

/** A row as it stands in the file. SQLite keeps anything in any column, so nothing is known of the values. */
export type FlaskRow = { readonly position: number } & Readonly<Record<string, unknown>>;

export type FlaskTable = 'users' | 'players' | 'posts';

/** What the lesson's models have; those that a table may be without are null in its rows. */
const columns: Record<FlaskTable, { needed: readonly string[]; optional: readonly string[] }> = {
  users: { needed: ['id', '_name', '_uid', '_password'], optional: ['_dob'] },
  players: { needed: ['id', '_name', '_uid', '_password'], optional: ['_tokens'] },
  posts: { needed: ['id', 'note', 'userID'], optional: ['image'] },
};

const batchSize = 500;

export type FlaskSource = Awaited<ReturnType<typeof openFlaskSource>>;

/**
 * A database that Flask-SQLAlchemy made of the lesson's models, read only and as of one moment. `close` it.
 * Throws, in words for the operator, where the file is none.
 */
export async function openFlaskSource(file: string) {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${file}`);
  const db = connectForeign(file);
  try {
    const tables = await readTables(db, file);
    await db.raw('BEGIN');
    return {
      has: (table: FlaskTable): boolean => tables.has(table),

      count: async (table: FlaskTable): Promise<number> =>
        Number((await db(table).count({ rows: '*' }).first())?.rows ?? 0),

      /** The highest id of a table that could be kept. */
      maxId: async (table: FlaskTable, limit: number): Promise<number> => {
        const row = await db(table).where('id', '<=', limit).max({ id: 'id' }).first();
        return typeof row?.id === 'number' ? row.id : 0;
      },

      /** All rows in their order, some at a time. A post has its author's user id as `author`. */
      async *batches(table: FlaskTable): AsyncGenerator<readonly FlaskRow[]> {
        for (let last: number | undefined; ; ) {
          const rows = await batch(table, tables, last);
          last = rows.at(-1)?.position;
          if (last === undefined) return;
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
    tables: ReadonlyMap<string, ReadonlySet<string>>,
    last: number | undefined,
  ): Promise<readonly FlaskRow[]> {
    const { needed, optional } = columns[table];
    const present = optional.filter((name) => tables.get(table)?.has(name));
    const names = Object.fromEntries([...needed, ...present].map((name) => [name, `${table}.${name}`]));
    const rows = db(table)
      .select({ position: `${table}.rowid`, ...names })
      .orderBy(`${table}.rowid`)
      .limit(batchSize);
    if (last !== undefined) rows.where(`${table}.rowid`, '>', last);
    if (table === 'posts' && tables.has('users'))
      rows.leftJoin('users', 'users.id', 'posts.userID').select({ author: 'users._uid' });
    return rows;
  }
}

/** The lesson's tables in the file, with the names of their columns. */
async function readTables(db: Database, file: string): Promise<Map<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  try {
    for (const [table, { needed }] of Object.entries(columns)) {
      const names = new Set<string>(
        (await db.raw(`PRAGMA table_info(${table})`)).map(({ name }: { name: string }) => name),
      );
      if (names.size === 0) continue;
      const missing = needed.filter((name) => !names.has(name));
      if (missing.length > 0)
        throw new Error(`Table ${table} in ${file} is not the lesson's: it has no ${missing.join(', ')}`);
      found.set(table, names);
    }
  } catch (error) {
    if (codeOf(error) !== undefined)
      throw new Error(`${file} cannot be read as a SQLite database`, { cause: error });
    throw error;
  }
  if (found.size === 0) throw new Error(`${file} has none of the lesson's tables (users, players, posts)`);
  return found;
}
