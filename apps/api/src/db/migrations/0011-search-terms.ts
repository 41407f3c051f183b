import type { Knex } from 'knex';

/**
 * The words by which users are found: one row for the user id, and one for each word of the name, which
 * begins at that word and goes on to the end of the name. So a prefix is one range of one index, also a
 * prefix of several words.
 *
 * Triggers keep the rows from the folded columns, so that they are right for every writer: the import,
 * the demo rows, the command line, an earlier version beside this one, and SQL by hand that sets
 * `uid_key` and `name_key`.
 */
export async function up(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  for (const statement of isPostgres ? postgres : sqlite) await db.raw(statement);
  if (isPostgres) {
    // A role that may only change users has no right to the terms, and perhaps another search path.
    const { rows } = await db.raw('select current_schema() as schema');
    await db.raw(
      'alter function keep_terms_of_user() security definer set search_path = :schema:, pg_temp',
      rows[0],
    );
  }
  await db.schema.alterTable('users', (table) => {
    table.dropIndex('name_key');
    table.dropIndex('role');
    table.index(['name_key', 'id']);
    table.index(['role', 'id']);
    table.index(['role', 'name_key', 'id']);
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('users', (table) => {
    table.dropIndex(['role', 'name_key', 'id']);
    table.dropIndex(['role', 'id']);
    table.dropIndex(['name_key', 'id']);
    table.index('role');
    table.index('name_key');
  });
  const isPostgres = db.client.config.client === 'pg';
  for (const name of ['users_terms_insert', 'users_terms_update'])
    await db.raw(`drop trigger ${name}${isPostgres ? ' on users' : ''}`);
  if (isPostgres) await db.raw('drop function keep_terms_of_user()');
  await db.schema.dropTable('user_terms');
}

/**
 * What ends a word. NFKC, which the folded columns have, has made a space of nearly every other kind of
 * space. There is no question mark, because knex would take it for a binding.
 */
const separators = ` !"#$%&()*+,-./:;<=>@[\\]^_\`{|}~'’‘‛′“”„‟«»‹›·•‐‑‒–—―`.replaceAll("'", "''");

/** Whether a word of `key` begins at `position`: at the start, or after a separator. */
const beginsAt = (key: string, find: (character: string) => string) =>
  `(position = 1 or (${find(`substr(${key}, position - 1, 1)`)} > 0 and ${find(`substr(${key}, position, 1)`)} = 0))`;

// SQLite takes a common table expression inside a trigger only in a subquery.
const insertOnSqlite = `
  insert into user_terms (user_id, term, role)
  select new.id, term, new.role from (
    select substr(new.uid_key, 1, 255) as term
    union
    select substr(new.name_key, position, 255) from (
      with recursive positions (position) as (
        select 1 union all select position + 1 from positions where position < length(new.name_key)
      )
      select position from positions
      where ${beginsAt('new.name_key', (character) => `instr('${separators}', ${character})`)}
    )
  ) where term <> '';`;

const indexes = [
  'create index user_terms_term on user_terms (term, user_id)',
  'create index user_terms_role_term on user_terms (role, term, user_id)',
];

const sqlite = [
  `create table user_terms (
     user_id integer not null references users (id) on delete cascade,
     term varchar(255) not null,
     role varchar(16) not null,
     primary key (user_id, term)
   ) without rowid`,
  `create trigger users_terms_insert after insert on users begin ${insertOnSqlite} end`,
  `create trigger users_terms_update after update of uid_key, name_key, role on users begin
     delete from user_terms where user_id = new.id; ${insertOnSqlite} end`,
  // The trigger makes the terms of the users that exist. The indexes come after it, because sorted at once they are
  // made many times faster than row by row.
  'update users set name_key = name_key',
  ...indexes,
];

const termsOnPostgres = (row: string) => `
  select left(${row}.uid_key, 255) as term
  union
  select substr(${row}.name_key, position, 255) from generate_series(1, length(${row}.name_key)) as position
  where ${beginsAt(`${row}.name_key`, (character) => `strpos('${separators}', ${character})`)}`;

const postgres = [
  `create table user_terms (
     user_id integer not null references users (id) on delete cascade,
     term varchar(255) collate "C" not null,
     role varchar(16) not null,
     primary key (user_id, term)
   )`,
  `insert into user_terms (user_id, term, role)
   select users.id, term, users.role from users
   cross join lateral (${termsOnPostgres('users')}) as terms where term <> ''`,
  ...indexes,
  `create function keep_terms_of_user() returns trigger language plpgsql as $$
     begin
       if tg_op = 'UPDATE' then delete from user_terms where user_id = new.id; end if;
       insert into user_terms (user_id, term, role)
       select new.id, term, new.role from (${termsOnPostgres('new')}) as terms where term <> '';
       return null;
     end $$`,
  `create trigger users_terms_insert after insert on users
   for each row execute function keep_terms_of_user()`,
  `create trigger users_terms_update after update of uid_key, name_key, role on users
   for each row execute function keep_terms_of_user()`,
];
