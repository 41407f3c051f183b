import { existsSync, statSync } from 'node:fs';
import { codeOf } from '../errors.ts';
import { type Database, type DatabaseConfig, isPostgres } from './connect.ts';
import { openForeign } from './foreign-sqlite.ts';
import { bookkeeping, migrationNames } from './migrate.ts';

/** What a database holds: nothing, Signet's tables, or tables of something else. */
type Holder = 'nobody' | 'signet' | { readonly tables: readonly string[]; readonly isLesson: boolean };

/**
 * Throws where the SQLite file holds tables that are not Signet's. It changes nothing: no journal mode, no
 * file beside it. Opening a database as our own writes to it, so this comes first.
 */
export async function requireOwnFile(config: DatabaseConfig): Promise<void> {
  if (config.engine === 'postgres' || !isFilled(config.file)) return;
  refuseForeign(await findHolderOfFile(config.file), `sqlite:${config.file}`, config.file);
}

/** Throws where PostgreSQL's current schema holds tables that are not Signet's, or may not be given any. */
export async function requireOwnSchema(db: Database): Promise<void> {
  if (!isPostgres(db)) return;
  const { rows } = await db.raw(
    'select current_schema() as schema, current_user as role, current_database() as database',
  );
  const { schema, role, database } = rows[0] ?? {};
  // PostgreSQL reserves names with pg_ for its own schemas.
  if (schema === null || schema.startsWith('pg_'))
    throw new Error(
      `The role's search_path leads to no schema for tables: it needs one that exists and is not PostgreSQL's own. Either create one: CREATE SCHEMA "${role}" AUTHORIZATION "${role}"; or set it: ALTER ROLE "${role}" SET search_path = public`,
    );
  const holder = await findHolder(
    await db('pg_tables').where({ schemaname: schema }).pluck('tablename'),
    (table) =>
      db('information_schema.columns')
        .where({ table_schema: schema, table_name: table })
        .pluck('column_name'),
    () => db('knex_migrations').pluck('name'),
  );
  refuseForeign(holder, `schema ${schema} of database ${database}`, undefined);
  if (holder === 'nobody' && !(await mayCreate(db, schema)))
    throw new Error(
      `The role ${role} may not create tables in schema ${schema} (since PostgreSQL 15 only the database's owner may, in public). As a superuser: GRANT CREATE ON SCHEMA "${schema}" TO "${role}"`,
    );
}

/** Why a file cannot be read as a database, and what to do, by SQLite's code (sqlite.org/rescode.html). */
const notOurs: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'is not a SQLite database. Move it away',
  SQLITE_CORRUPT: 'is a damaged SQLite database. Restore a backup (npm run signet -- restore FILE)',
  SQLITE_CANTOPEN: 'cannot be opened. Let this user read and write it and its folder',
  SQLITE_IOERR: 'cannot be read. Check its disk, and that it is a regular file',
};

/** Whose tables are in a SQLite file. Throws where it is not a SQLite database. */
export async function findHolderOfFile(file: string): Promise<Holder> {
  // Without a WAL beside it, the file holds everything; read as immutable, SQLite makes no file beside it.
  const { db } = openForeign(file, { isImmutable: !existsSync(`${file}-wal`) });
  try {
    const tables: string[] = await db('sqlite_schema')
      .whereIn('type', ['table', 'view'])
      .whereRaw("name not like 'sqlite\\_%' escape '\\'")
      .pluck('name');
    return await findHolder(
      tables,
      async (table) =>
        (await db.raw('select name from pragma_table_info(?)', [table])).map(
          (row: { name: string }) => row.name,
        ),
      () => db('knex_migrations').pluck('name'),
    );
  } catch (cause) {
    const why = notOurs[codeOf(cause) ?? ''];
    if (why === undefined) throw cause;
    throw new Error(`${file} ${why}, or name another file in DATABASE_URL.`, { cause });
  } finally {
    await db.destroy();
  }
}

async function findHolder(
  tables: readonly string[],
  columnsOf: (table: string) => PromiseLike<string[]>,
  readMigrations: () => PromiseLike<string[]>,
): Promise<Holder> {
  const applied = tables.includes('knex_migrations') ? await readMigrations() : [];
  if (applied.some((name) => migrationNames.includes(name))) return 'signet';
  // knex's own tables can be there alone, where the very first start was interrupted.
  const others = tables.filter((table) => !bookkeeping.includes(table));
  if (others.length === 0 && applied.length === 0) return 'nobody';
  const isLesson = tables.includes('users') && (await columnsOf('users')).includes('_uid');
  return { tables: others, isLesson };
}

function refuseForeign(holder: Holder, where: string, file: string | undefined): void {
  if (typeof holder === 'string') return;
  const shown = holder.tables.slice(0, 5).join(', ');
  const found = `${where} belongs to another program: its tables are ${shown}${holder.tables.length > 5 ? ', …' : ''}. Nothing was changed.`;
  const source = file ?? 'FILE.db';
  throw new Error(
    holder.isLesson
      ? `${found}\nIt looks like the lesson's Flask app. Import it instead: set DATABASE_URL to another database, and run npm run signet -- import-flask ${source}`
      : `${found}\nSet DATABASE_URL to a database of Signet's own; an empty one will do.`,
  );
}

/** Throws for a folder, a pipe or a device. */
function isFilled(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile())
    throw new Error(`${file} is not a regular file. Move it away, or name another file in DATABASE_URL.`);
  return found !== undefined && found.size > 0;
}

async function mayCreate(db: Database, schema: string): Promise<boolean> {
  const { rows } = await db.raw("select has_schema_privilege(?, 'CREATE') as may", [schema]);
  return rows[0]?.may === true;
}
