import type { Knex } from 'knex';

/**
 * Digests of the users and players that `import-flask` has seen, so that a
 * second run tells them from other accounts.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('imported_accounts', (table) => {
    table.string('digest', 43).primary();
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('imported_accounts');
}
