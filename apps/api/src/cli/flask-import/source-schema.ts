import type { Database } from '../../db/connect.ts';
import type { FlaskTable } from './source.ts';

/** The columns that are read, and the name under which SQLite's own row id can be read. */
type SourceTable = { readonly columns: readonly string[]; readonly rowid: string };

export type SourceSchema = {
  readonly tables: ReadonlyMap<FlaskTable, SourceTable>;
  /** What has no place here: columns of the lesson's tables, and other tables and views. */
  readonly leftOut: {
    readonly columns: readonly { readonly table: FlaskTable; readonly column: string }[];
    readonly tables: readonly { readonly name: string; readonly type: string }[];
  };
};

/** What the lesson's models have; rows of a table without an optional column have none of it. */
const lesson: Record<FlaskTable, { needed: readonly string[]; optional: readonly string[] }> = {
  users: { needed: ['id', '_name', '_uid', '_password'], optional: ['_dob', '_role', 'role'] },
  players: { needed: ['id', '_name', '_uid', '_password'], optional: ['_tokens'] },
  posts: { needed: ['id', 'note', 'userID'], optional: ['image'] },
};

type SchemaRow = { type: string; name: string; rootpage: number };

/**
 * The lesson's tables in the file, and what else is in it. Only tables proper are read: a view or a virtual
 * table may compute without end, and so may a generated column. Throws, in words for the operator.
 */
export async function readSchema(db: Database, file: string): Promise<SourceSchema> {
  const entries = await readEntries(db, file);
  const tables = new Map<FlaskTable, SourceTable>();
  const columns: { table: FlaskTable; column: string }[] = [];
  for (const [table, { needed, optional }] of Object.entries(lesson) as [
    FlaskTable,
    (typeof lesson)['users'],
  ][]) {
    const entry = entries.find(({ name }) => name.toLowerCase() === table);
    if (!entry) continue;
    if (!isTable(entry)) throw new Error(`${table} in ${file} is not a table but a view or a virtual table`);
    const present = await readColumns(db, table);
    const missing = needed.filter((name) => !present.includes(name));
    if (missing.length > 0)
      throw new Error(`Table ${table} in ${file} is not the lesson's: it has no ${missing.join(', ')}`);
    const read = [...needed, ...optional].filter((name) => present.includes(name));
    tables.set(table, { columns: read, rowid: rowidOf(present, table, file) });
    // A role is read to be reported, and has no place here either.
    const unread = present.filter((name) => !read.includes(name) || name.endsWith('role'));
    columns.push(...unread.map((column) => ({ table, column })));
  }
  if (tables.size === 0) throw new Error(`${file} has none of the lesson's tables (users, players, posts)`);
  const others = entries.filter(({ name }) => !tables.has(name.toLowerCase() as FlaskTable));
  return {
    tables,
    leftOut: {
      columns,
      tables: others.map((entry) => ({ name: entry.name, type: isTable(entry) ? 'table' : 'view' })),
    },
  };
}

async function readEntries(db: Database, file: string): Promise<SchemaRow[]> {
  try {
    return await db.raw(
      "select type, name, rootpage from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'",
    );
  } catch (cause) {
    throw new Error(`${file} cannot be read as a SQLite database`, { cause });
  }
}

/** Virtual tables have no root page. */
function isTable({ type, rootpage }: SchemaRow): boolean {
  return type === 'table' && rootpage > 0;
}

/** The stored columns: `hidden` is not 0 for those that are generated. */
async function readColumns(db: Database, table: string): Promise<string[]> {
  const rows: { name: string; hidden: number }[] = await db.raw(`PRAGMA table_xinfo(${table})`);
  return rows.filter(({ hidden }) => hidden === 0).map(({ name }) => name);
}

/** A column may bear one of the names, and is then read instead of the row id. */
function rowidOf(columns: readonly string[], table: string, file: string): string {
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
  if (free === undefined) throw new Error(`The rows of table ${table} in ${file} cannot be told apart`);
  return free;
}
