import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { createCaller, signIn } from './calls.ts';
import type { Stage } from './stage.ts';

export const password = 'one password for all of them';

/** How many users are made or signed in at a time: each needs a hash. */
const atOnce = 4;

/**
 * Makes users (fewer than the 300 that one address may make in 15 minutes) and signs each in. Returns
 * their tokens.
 *
 * An experiment spreads its writes over so many users that none meets the limit of 120 writes a minute.
 */
export async function signInNewUsers(port: number, count: number): Promise<string[]> {
  const { call, close } = createCaller({ port });
  const uids = Array.from({ length: count }, (_, index) => `writer-${index}`);
  for (const uid of uids) {
    const { status, text } = await call('POST', '/api/users/signup', { body: { name: uid, uid, password } });
    if (status !== 201) throw new Error(`Sign-up: ${status} ${text}`);
  }
  close();
  const tokens: string[] = [];
  for (let first = 0; first < count; first += atOnce) {
    const group = uids.slice(first, first + atOnce).map((uid) => signIn(port, uid, password));
    tokens.push(...(await Promise.all(group)).map(({ token }) => token));
  }
  return tokens;
}

/** The database of an API that may be running. The stage closes the connection. */
export function openDatabase(stage: Stage, folder: string, url?: string): Knex {
  const db = url
    ? knex({ client: 'pg', connection: url, pool: { min: 1, max: 1 } })
    : knex({
        client: 'sqlite3',
        connection: { filename: join(folder, 'signet.db') },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
  stage.onEnd(() => db.destroy());
  return db;
}

/**
 * Inserts users with the password of an existing one, `uid-0` and so on. Hashing a password for each would
 * take longer than the experiment. Returns their uids.
 */
export async function copyUser(db: Knex, uid: string, count: number): Promise<string[]> {
  const { id: _, ...row } = await db('users').where({ uid }).first();
  const uids = Array.from({ length: count }, (_, index) => `${uid}-${index}`);
  const rows = uids.map((each) => ({ ...row, uid: each, uid_key: each, name: each, name_key: each }));
  await db.batchInsert('users', rows, 50);
  return uids;
}
