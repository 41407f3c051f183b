import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('limits', (table) => {
    table.string('key', 43).primary();
    table.integer('count').notNullable();
    table.timestamp('window_ends_at').notNullable().index();
  });
  await db.schema.createTable('audit_events', (table) => {
    table.increments('id');
    table.timestamp('at').notNullable();
    table.string('event', 32).notNullable();
    // No foreign key: an event outlives the user that it is about.
    table.integer('user_id').index();
    table.string('session_id', 22);
    table.string('ip', 64);
    table.string('request_id', 64);
    table.text('detail').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('audit_events');
  await db.schema.dropTable('limits');
}
