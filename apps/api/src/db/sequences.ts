import { type Database, isPostgres } from './connect.ts';

/**
 * After rows were inserted with their ids: makes PostgreSQL continue from
 * the highest. SQLite does so by itself.
 */
export async function bumpSequence(db: Database, table: string): Promise<void> {
  if (!isPostgres(db)) return;
  await db.raw('select setval(pg_get_serial_sequence(?, ?), (select max(id) from ??))', [table, 'id', table]);
}
