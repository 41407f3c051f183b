import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import type { Knex } from 'knex';

/** The demo users by their ids, each with the password that the article publishes. */
const published = [
  { id: 1, key: 'toby', password: '123toby' },
  { id: 2, key: 'niko', password: '123niko' },
  { id: 3, key: 'lex', password: '123qwerty' },
  { id: 4, key: 'hop', password: '123hop' },
];

/**
 * Marks demo users, so that a deployment can refuse their sign-ins.
 *
 * Of the rows that exist, a user with the id or the user id of a demo user is marked if the published
 * password is theirs. The text of the hash does not tell, because the first sign-in replaces it; so the
 * password is checked. A user who has a password of their own is never marked.
 */
export async function up(db: Knex): Promise<void> {
  await db.schema.alterTable('users', (table) => {
    table.boolean('is_demo').notNullable().defaultTo(false);
  });
  const rows = await db('users')
    .select('id', 'uid_key', 'password')
    .whereIn(
      'uid_key',
      published.map(({ key }) => key),
    )
    .orWhereIn(
      'id',
      published.map(({ id }) => id),
    );
  for (const row of rows) {
    const candidates = published.filter(({ id, key }) => id === row.id || key === row.uid_key);
    for (const { password } of candidates)
      if (await isPassword(password, row.password))
        await db('users').where({ id: row.id }).update({ is_demo: true });
  }
}

/**
 * Not by knex's `dropColumn`: on SQLite that copies the table and drops it, and the foreign keys would
 * delete sessions.
 */
export async function down(db: Knex): Promise<void> {
  await db.raw('alter table users drop column is_demo');
}

/**
 * Whether the password is stored in one of the two forms that a sign-in writes: argon2id, or
 * Werkzeug's PBKDF2.
 */
async function isPassword(password: string, stored: string): Promise<boolean> {
  if (/^\$argon2id\$v=19\$m=\d{1,6},t=\d,p=\d\$/.test(stored))
    return verify(stored, password).catch(() => false);
  const [, iterations, salt = '', hex = ''] =
    /^pbkdf2:sha256:(\d{1,7})\$([^$]{1,64})\$([0-9a-f]{64})$/.exec(stored) ?? [];
  if (!Number(iterations)) return false;
  return timingSafeEqual(
    pbkdf2Sync(password, salt, Number(iterations), 32, 'sha256'),
    Buffer.from(hex, 'hex'),
  );
}
