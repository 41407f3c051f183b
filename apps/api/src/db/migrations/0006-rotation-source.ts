import type { Knex } from 'knex';

/**
 * Who made a session's last rotation: only they get its successor again. For a session from before this
 * migration it is who signed in, so that nobody is refused in the grace window during the update.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('sessions', (table) => {
    table.string('rotated_ip', 64);
    table.string('rotated_user_agent', 255);
  });
  await db('sessions').update({ rotated_ip: db.ref('ip'), rotated_user_agent: db.ref('user_agent') });
}

export async function down(db: Knex): Promise<void> {
  // By hand, because knex makes a new table on SQLite, and deletes whatever refers to the old one.
  for (const column of ['rotated_ip', 'rotated_user_agent'])
    await db.raw('alter table sessions drop column ??', [column]);
}
