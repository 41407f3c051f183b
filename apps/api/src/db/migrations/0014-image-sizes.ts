import type { Knex } from 'knex';

/**
 * The size of a post's image in pixels, so that a page can reserve its place before the bytes arrive. It stands beside
 * the note: behind an image's bytes SQLite would read all of them first. Rows that exist keep null, because their sizes
 * could only be found by reading every image.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('posts', (table) => {
    table.integer('image_width');
    table.integer('image_height');
  });
}

/** Not by knex's `dropColumn`: on SQLite that copies the table and drops it, and with it the triggers. */
export async function down(db: Knex): Promise<void> {
  await db.raw('alter table posts drop column image_height');
  await db.raw('alter table posts drop column image_width');
}
