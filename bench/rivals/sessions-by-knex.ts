import knex from 'knex';

type User = { readonly id: number; readonly username: string };

/**
 * A database by knex and sqlite3 with one user and their session. Returns a function that finds the user of a live
 * session, in two queries.
 */
export async function createSessionsByKnex(filename: string) {
  const db = knex({ client: 'sqlite3', connection: { filename }, useNullAsDefault: true });
  await db.raw('PRAGMA journal_mode = WAL');
  await db.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('username').notNullable();
  });
  await db.schema.createTable('sessions', (table) => {
    table.string('id').primary();
    table.integer('user_id').notNullable();
    table.timestamp('expires_at').notNullable();
  });
  await db('users').insert({ id: 1, username: 'toby' });
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  await db('sessions').insert({ id: 'the-session', user_id: 1, expires_at });

  return async (sessionId: string, userId: number): Promise<User | undefined> => {
    const session = await db('sessions')
      .where({ id: sessionId })
      .where('expires_at', '>', new Date().toISOString())
      .first();
    return session && (await db('users').where({ id: userId }).first());
  };
}
