import type { Knex } from 'knex';

/**
 * How many posts and bytes each user has, kept by triggers: so it is right for every writer (the import,
 * the Flask app, an earlier version beside this one), and a quota costs one row to check instead of one for
 * each post.
 *
 * An image counts for each post that shows it. Its length is read off the row's header on either engine, so
 * that no column has to repeat it.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('user_usage', (table) => {
    table.integer('user_id').primary().references('users.id').onDelete('CASCADE');
    table.integer('posts').notNullable();
    table.bigInteger('bytes').notNullable();
  });
  const isPostgres = db.client.config.client === 'pg';
  await db.raw(
    `insert into user_usage (user_id, posts, bytes)
     select user_id, count(*), sum(${bytesOf('posts', isPostgres)}) from posts group by user_id`,
  );
  for (const statement of isPostgres ? postgres : sqlite) await db.raw(statement);
}

export async function down(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  for (const name of ['posts_usage_insert', 'posts_usage_delete', 'posts_usage_update'])
    await db.raw(`drop trigger ${name}${isPostgres ? ' on posts' : ''}`);
  if (isPostgres) await db.raw('drop function count_posts_of_users()');
  await db.schema.dropTable('user_usage');
}

const add = (row: string, isPostgres: boolean) =>
  `insert into user_usage (user_id, posts, bytes) values (${row}.user_id, 1, ${bytesOf(row, isPostgres)})
   on conflict (user_id) do update
   set posts = user_usage.posts + 1, bytes = user_usage.bytes + excluded.bytes;`;
const subtract = (row: string, isPostgres: boolean) =>
  `update user_usage set posts = posts - 1, bytes = bytes - ${bytesOf(row, isPostgres)} where user_id = ${row}.user_id;`;

/**
 * Not SQLite's `octet_length`: an application with an SQLite older than 3.43 could not write posts any more.
 */
const bytesOf = (row: string, isPostgres: boolean) => {
  const [note, image] = isPostgres
    ? [`octet_length(${row}.note)`, 'octet_length(images.bytes)']
    : [`length(cast(${row}.note as blob))`, 'length(images.bytes)'];
  return `(${note} + coalesce((select ${image} from images where images.id = ${row}.image), 0))`;
};

const sqlite = [
  `create trigger posts_usage_insert after insert on posts begin ${add('new', false)} end`,
  `create trigger posts_usage_delete after delete on posts begin ${subtract('old', false)} end`,
  `create trigger posts_usage_update after update of note, image, user_id on posts begin
       ${subtract('old', false)} ${add('new', false)} end`,
];

const postgres = [
  `create function count_posts_of_users() returns trigger language plpgsql as $$
     begin
       if tg_op <> 'INSERT' then ${subtract('old', true)} end if;
       if tg_op <> 'DELETE' then ${add('new', true)} end if;
       return null;
     end $$`,
  ...[
    ['posts_usage_insert', 'insert'],
    ['posts_usage_delete', 'delete'],
    ['posts_usage_update', 'update of note, image, user_id'],
  ].map(
    ([name, event]) =>
      `create trigger ${name} after ${event} on posts for each row execute function count_posts_of_users()`,
  ),
];
