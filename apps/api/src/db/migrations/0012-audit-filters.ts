import type { Knex } from 'knex';

/**
 * An index for each filter of the audit log, each in the order of the list. `actor_id` is who did it, where
 * that is another user than the one whom the event is about; it is in the detail as `by`, where no index
 * finds it.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('audit_events', (table) => {
    table.integer('actor_id');
  });
  const by =
    db.client.config.client === 'pg' ? `(detail::json ->> 'by')::integer` : `json_extract(detail, '$.by')`;
  // Callers choose some of the texts in a detail, but in JSON their quotation marks are escaped.
  await db.raw(
    `update audit_events set actor_id = ${by} where detail like '%"by":%' and ${by} > 0 and ${by} <> coalesce(user_id, 0)`,
  );
  await db.schema.alterTable('audit_events', (table) => {
    table.dropIndex('at');
    table.dropIndex('user_id');
    table.index(['at', 'id']);
    table.index(['event', 'at', 'id']);
    table.index(['user_id', 'at', 'id']);
    table.index(['user_id', 'event', 'at', 'id']);
    table.index(['actor_id', 'at', 'id'], undefined, { predicate: db.whereNotNull('actor_id') });
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('audit_events', (table) => {
    table.dropIndex(['actor_id', 'at', 'id']);
    table.dropIndex(['user_id', 'event', 'at', 'id']);
    table.dropIndex(['user_id', 'at', 'id']);
    table.dropIndex(['event', 'at', 'id']);
    table.dropIndex(['at', 'id']);
    table.index('user_id');
    table.index('at');
  });
  await db.raw('alter table audit_events drop column actor_id');
}
