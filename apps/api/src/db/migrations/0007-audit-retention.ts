import type { Knex } from 'knex';

/**
 * Old events are found by their time. The details of failed sign-ins with an unknown user id are removed:
 * they held the text that was typed as a user id, which may have been a password.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('audit_events', (table) => {
    table.index('at');
  });
  await db('audit_events').where({ event: 'sign_in_failed' }).whereNull('user_id').update({ detail: '{}' });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('audit_events', (table) => {
    table.dropIndex('at');
  });
}
