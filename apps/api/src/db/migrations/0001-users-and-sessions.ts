import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('name', 255).notNullable();
    table.string('uid', 255).notNullable();
    keyColumn(db, table, 'uid_key').notNullable().unique();
    keyColumn(db, table, 'name_key').notNullable().index();
    table.string('password', 512).notNullable();
    table.string('password_method', 64).notNullable().index();
    table.date('dob');
    table.string('role', 16).notNullable().defaultTo('user').index();
    table.timestamp('created_at').notNullable();
    table.timestamp('updated_at').notNullable();
  });
  await db.schema.createTable('sessions', (table) => {
    table.string('id', 22).primary();
    table.integer('user_id').notNullable().references('users.id').onDelete('CASCADE').index();
    table.string('carrier', 16).notNullable();
    table.integer('generation').notNullable().defaultTo(0);
    table.timestamp('created_at').notNullable();
    table.timestamp('last_used_at').notNullable();
    table.timestamp('rotated_at').notNullable();
    table.timestamp('expires_at').notNullable().index();
    table.timestamp('ended_at');
    table.string('end_reason', 32);
    table.string('ip', 64);
    table.string('user_agent', 255);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('sessions');
  await db.schema.dropTable('users');
}

/**
 * Text that is compared byte by byte, as SQLite does by itself: only so
 * can an index serve a search for a prefix.
 */
function keyColumn(db: Knex, table: Knex.CreateTableBuilder, name: string): Knex.ColumnBuilder {
  return db.client.config.client === 'pg'
    ? table.specificType(name, 'varchar(1024) collate "C"')
    : table.string(name, 1024);
}
