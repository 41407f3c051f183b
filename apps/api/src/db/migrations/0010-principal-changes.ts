import type { Knex } from 'knex';

/**
 * Which sessions and users changed, in the order of the commits. A process that keeps principals in memory
 * asks with one cheap statement whether they still hold. Triggers write it, because the command line, an
 * earlier version beside this one, the Flask app and people change these tables as well.
 *
 * `principal_version` is one row with the number of the last change. `principal_changes` has the last
 * changes; a row without session and user says that any may have changed. Each change has a random mark:
 * after the restore of a backup the numbers go back and are used again, but the marks are others.
 *
 * Only what a principal depends on is noted. A new session is in no memory yet, and a refresh moves the end
 * of a session into the future only.
 */
export async function up(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  await db.schema.createTable('principal_version', (table) => {
    table.integer('id').primary();
    table.bigInteger('number').notNullable();
    table.string('mark', 36).notNullable();
  });
  await db.schema.createTable('principal_changes', (table) => {
    table.bigInteger('number').notNullable();
    // On PostgreSQL all changes of a transaction have one number.
    table.integer('position').notNullable();
    table.string('mark', 36).notNullable();
    table.string('session_id', 22);
    table.integer('user_id');
    table.primary(['number', 'position']);
  });
  const mark = isPostgres ? 'gen_random_uuid()' : 'hex(randomblob(16))';
  await db.raw(`insert into principal_version (id, number, mark) values (1, 0, ${mark})`);
  await db.raw(
    'insert into principal_changes (number, position, mark) select number, 0, mark from principal_version',
  );
  if (isPostgres) await db.raw(noteInPostgres, await currentSchema(db));
  for (const [trigger, table, definition] of isPostgres ? postgres : sqlite)
    await db.raw(definition, { trigger, table });
}

export async function down(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  for (const [trigger, table] of isPostgres ? postgres : sqlite)
    await db.raw(isPostgres ? 'drop trigger :trigger: on :table:' : 'drop trigger :trigger:', {
      trigger,
      table,
    });
  if (isPostgres) await db.raw('drop function note_principal_change()');
  await db.schema.dropTable('principal_changes');
  await db.schema.dropTable('principal_version');
}

/** A process that has missed more changes than these forgets everything that it has in memory. */
const kept = 1000;

/** Of more changes than these in one transaction the rest is noted as one that concerns everything. */
const eachOfTransaction = 100;

/** On SQLite `is not` is the word for `is distinct from`, which it knows since 3.39 only. */
const matters = (isDistinctFrom: 'is not' | 'is distinct from') => {
  const differs = (column: string) => `new.${column} ${isDistinctFrom} old.${column}`;
  const session = ['id', 'user_id', 'carrier', 'ended_at'].map(differs).join(' or ');
  return {
    sessions: `${session} or (${differs('expires_at')} and not coalesce(new.expires_at > old.expires_at, false))`,
    users: ['id', 'uid', 'role', 'is_demo'].map(differs).join(' or '),
  };
};

const note = (session_id: string, user_id: string) => `begin
  update principal_version set number = number + 1, mark = hex(randomblob(16));
  insert into principal_changes (number, position, mark, session_id, user_id)
    select number, 0, mark, ${session_id}, ${user_id} from principal_version;
  delete from principal_changes where number <= (select number from principal_version) - ${kept};
end`;

/** The name of a trigger, its table, and its definition. */
type Trigger = readonly [string, 'sessions' | 'users', string];

/**
 * The last four are for `insert or replace` and `update or replace`: they remove the rows that are in their
 * way, and no delete trigger fires for those.
 */
const sqlite: readonly Trigger[] = [
  [
    'sessions_principal_update',
    'sessions',
    `create trigger :trigger: after update on :table: when ${matters('is not').sessions} ${note('old.id', 'null')}`,
  ],
  [
    'sessions_principal_delete',
    'sessions',
    `create trigger :trigger: after delete on :table: when old.ended_at is null ${note('old.id', 'null')}`,
  ],
  [
    'users_principal_update',
    'users',
    `create trigger :trigger: after update on :table: when ${matters('is not').users} ${note('null', 'old.id')}`,
  ],
  [
    'users_principal_delete',
    'users',
    `create trigger :trigger: after delete on :table: ${note('null', 'old.id')}`,
  ],
  [
    'sessions_principal_insert_over',
    'sessions',
    `create trigger :trigger: before insert on :table:
     when exists (select 1 from sessions where id = new.id) ${note('new.id', 'null')}`,
  ],
  [
    'sessions_principal_update_over',
    'sessions',
    `create trigger :trigger: before update of id on :table:
     when new.id is not old.id and exists (select 1 from sessions where id = new.id) ${note('new.id', 'null')}`,
  ],
  [
    'users_principal_insert_over',
    'users',
    `create trigger :trigger: before insert on :table:
     when exists (select 1 from users where id = new.id or uid_key = new.uid_key) ${note('null', 'null')}`,
  ],
  [
    'users_principal_update_over',
    'users',
    `create trigger :trigger: before update of id, uid_key on :table:
     when exists (select 1 from users where id is not old.id and (id = new.id or uid_key = new.uid_key))
     ${note('null', 'null')}`,
  ],
];

/**
 * Deferred to the end of the transaction, so that the row of `principal_version` is the last that a
 * transaction locks: it then deadlocks with nothing, and is held for the commit only. The lock orders the
 * commits: a reader who sees a number sees every earlier one.
 */
const deferred = 'deferrable initially deferred for each row';
const execute = 'execute function note_principal_change()';

const postgres: readonly Trigger[] = [
  [
    'sessions_principal_update',
    'sessions',
    `create constraint trigger :trigger: after update on :table: ${deferred}
     when (${matters('is distinct from').sessions}) ${execute}`,
  ],
  [
    'sessions_principal_delete',
    'sessions',
    `create constraint trigger :trigger: after delete on :table: ${deferred}
     when (old.ended_at is null) ${execute}`,
  ],
  [
    'users_principal_update',
    'users',
    `create constraint trigger :trigger: after update on :table: ${deferred}
     when (${matters('is distinct from').users}) ${execute}`,
  ],
  [
    'users_principal_delete',
    'users',
    `create constraint trigger :trigger: after delete on :table: ${deferred} ${execute}`,
  ],
  ...(['sessions', 'users'] as const).map(
    (table): Trigger => [
      `${table}_principal_truncate`,
      table,
      `create trigger :trigger: after truncate on :table: for each statement ${execute}`,
    ],
  ),
];

async function currentSchema(db: Knex): Promise<{ schema: string }> {
  const { rows } = await db.raw('select current_schema() as schema');
  return rows[0];
}

/**
 * With the rights of its owner and the schema of these tables, because the role that changes a user by
 * hand may have no right to them and another search path (PostgreSQL, "Writing SECURITY DEFINER
 * Functions Safely").
 *
 * The setting counts the changes of this transaction. It ends with it, and a rollback to a savepoint takes it
 * back together with the changes.
 */
const noteInPostgres = `create function note_principal_change() returns trigger
  language plpgsql security definer set search_path = :schema:, pg_temp as $$
  declare
    noted integer := coalesce(nullif(current_setting('signet.principal_changes', true), ''), '0')::integer;
    session_id text;
    user_id integer;
  begin
    if noted > ${eachOfTransaction} then return null; end if;
    if noted = 0 then
      update principal_version set number = number + 1, mark = gen_random_uuid();
      delete from principal_changes where number <= (select number from principal_version) - ${kept};
    end if;
    if tg_op <> 'TRUNCATE' and noted < ${eachOfTransaction} then
      if tg_table_name = 'sessions' then session_id := old.id; else user_id := old.id; end if;
    end if;
    insert into principal_changes (number, position, mark, session_id, user_id)
      select version.number, noted, version.mark, session_id, user_id from principal_version as version;
    perform set_config('signet.principal_changes', (noted + 1)::text, true);
    return null;
  end $$`;
