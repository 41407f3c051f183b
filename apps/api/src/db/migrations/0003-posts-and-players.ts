import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('images', (table) => {
    table.string('id', 64).primary();
    table.string('media_type', 32).notNullable();
    table.binary('bytes').notNullable();
  });
  await db.schema.createTable('posts', (table) => {
    table.increments('id');
    table.text('note').notNullable();
    table.string('image', 64).references('images.id').index();
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE').index();
    table.timestamp('created_at').notNullable();
    table.timestamp('updated_at').notNullable();
  });
  await db.schema.createTable('players', (table) => {
    table.increments('id');
    table.string('name', 255).notNullable();
    table.string('uid', 255).notNullable();
    table.string('uid_key', 1024).notNullable().unique();
    table.string('password', 512).notNullable();
    table.integer('tokens').notNullable();
  });
  // knex's own `index` knows no descending columns.
  await db.raw('create index players_by_tokens on players (tokens desc, id)');
  await db.schema.createTable('imported_posts', (table) => {
    table.string('digest', 43).primary();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('imported_posts');
  await db.schema.dropTable('players');
  await db.schema.dropTable('posts');
  await db.schema.dropTable('images');
}
