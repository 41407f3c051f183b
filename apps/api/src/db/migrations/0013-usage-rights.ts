import type { Knex } from 'knex';

/**
 * The function that counts posts and bytes (0009) runs with its owner's rights and a fixed search path. On PostgreSQL a
 * role that may only write posts has no right to `user_usage` and `images`, and perhaps another search path, as a
 * restored dump has: its writes would fail.
 */
export async function up(db: Knex): Promise<void> {
  if (db.client.config.client !== 'pg') return;
  const { rows } = await db.raw('select current_schema() as schema');
  await db.raw(
    'alter function count_posts_of_users() security definer set search_path = :schema:, pg_temp',
    rows[0],
  );
}

export async function down(db: Knex): Promise<void> {
  if (db.client.config.client !== 'pg') return;
  await db.raw('alter function count_posts_of_users() security invoker reset search_path');
}
