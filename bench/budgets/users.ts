import { join } from 'node:path';
import knex from 'knex';
import { type Api, startApi } from '../rig/api.ts';
import { type Answer, type Caller, createCaller, signIn } from '../rig/calls.ts';
import { median } from '../rig/figures.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

const few = 1000;
const many = 1_000_000;
const rounds = 400;
const allowed = 1.25;

/** Measures how much slower requests become with a thousand times as many users. */
export async function users(stage: Stage): Promise<Claim[]> {
  say(`users: ${few} against ${many} users, on SQLite, ${rounds} calls of each kind, in turn`);
  const [small, large] = [await startWith(stage, few), await startWith(stage, many)];
  const kinds: Record<string, (side: Side) => Promise<Answer>> = {
    'GET /protected': ({ call, token }) => call('GET', '/protected', { token }),
    'a page of users, the first': ({ call, token }) => call('GET', '/api/users', { token }),
    'a page of users, in the middle': ({ call, token, middle }) =>
      call('GET', `/api/users?after=${middle}`, { token }),
    'a prefix that one user has': ({ call, token }) => call('GET', '/api/users?q=toby', { token }),
    'a prefix that nobody has': ({ call, token }) => call('GET', '/api/users?q=zz', { token }),
    'a prefix that one in 8 has': ({ call, token }) => call('GET', '/api/users?q=u3', { token }),
    'a prefix that everybody has': ({ call, token }) => call('GET', '/api/users?q=u', { token }),
    'a word that every name has': ({ call, token }) => call('GET', '/api/users?q=some', { token }),
    'the first letter of a word that every name has': ({ call, token }) =>
      call('GET', '/api/users?q=s', { token }),
    'a prefix among the admins': ({ call, token }) => call('GET', '/api/users?q=t&role=admin', { token }),
    'a page of users by name': ({ call, token }) => call('GET', '/api/users?sort=name', { token }),
    'a page of users, newest first': ({ call, token }) => call('GET', '/api/users?sort=newest', { token }),
    // Not the reader: the oldest session of a user ends when they have more than 50.
    'sign-in': ({ call }) => call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
  };
  const claims: Claim[] = [];
  for (const [name, ask] of Object.entries(kinds)) {
    const { ratio, ms } = await compare(small, large, ask, name === 'sign-in' ? rounds / 4 : rounds);
    claims.push(
      claim(
        ratio <= allowed,
        `${name}: ${ratio.toFixed(2)} × (${ms.small.toFixed(2)} ms, ${ms.large.toFixed(2)} ms), at most ${allowed}`,
      ),
    );
  }
  // No ratio: with a thousand users the page has a few rows, and with a million it is full.
  for (const [share, q] of Object.entries({ 'one in 64': 'u31', 'one in 4096': 'u3121' })) {
    const { ms } = await compare(
      small,
      large,
      ({ call, token }) => call('GET', `/api/users?q=${q}`, { token }),
      rounds / 4,
    );
    say(`  for comparison, a prefix that ${share} has: ${ms.small.toFixed(2)} ms, ${ms.large.toFixed(2)} ms`);
  }
  return claims;
}

/** `middle` is the cursor of the user in the middle, in the form that the API uses. */
type Side = { readonly call: Caller['call']; readonly token: string; readonly middle: string };

async function compare(small: Side, large: Side, ask: (side: Side) => Promise<Answer>, times: number) {
  const ms = { small: [] as number[], large: [] as number[] };
  for (let time = -10; time < times; time += 1) {
    const answers = { small: await ask(small), large: await ask(large) };
    for (const side of ['small', 'large'] as const) {
      const { status, failure, text } = answers[side];
      if (status !== 200) throw new Error(`${side}: ${failure ?? `${status} ${text}`}`);
      if (time >= 0) ms[side].push(answers[side].ms);
    }
  }
  const typical = { small: median(ms.small), large: median(ms.large) };
  return { ms: typical, ratio: typical.large / typical.small };
}

/**
 * An API with this number of users in addition to the demo's. Each user id
 * begins with a shuffled number in octal.
 */
async function startWith(stage: Stage, count: number): Promise<Side> {
  const first = await startApi(stage);
  await signIn(first.port);
  await first.end('SIGTERM');
  const db = knex({
    client: 'sqlite3',
    connection: { filename: join(first.folder, 'signet.db') },
    useNullAsDefault: true,
  });
  // Row by row a million users would take minutes, so indexes and words are made at the end. The one of the user id stays:
  // a trigger looks each new user up in it.
  const made: { type: string; name: string; sql: string }[] = await db.raw(
    `SELECT type, name, sql FROM sqlite_master WHERE name = 'users_terms_insert'
     OR (type = 'index' AND tbl_name IN ('users', 'user_terms') AND sql LIKE 'create index %')`,
  );
  await db.raw('PRAGMA synchronous = OFF');
  await db.raw('PRAGMA cache_size = -100000');
  for (const { type, name } of made) await db.raw(`DROP ${type} ??`, [name]);
  // 7919 and a power of two have no common divisor, so each number occurs once, and neighbours are far apart.
  await db.raw(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?),
      named(uid) AS (SELECT printf('u%07o', i * 7919 % 2097152) FROM n)
    INSERT INTO users (name, uid, uid_key, name_key, password, password_method, role, created_at, updated_at)
    SELECT 'Somebody ' || uid, uid, uid, 'somebody ' || uid, password, password_method, 'user', created_at, updated_at
    FROM named, (SELECT password, password_method, created_at, updated_at FROM users WHERE uid = 'toby')`,
    [count],
  );
  await db.raw(
    `INSERT INTO user_terms (user_id, term, role)
     SELECT id, uid_key, role FROM users WHERE id > 4 UNION ALL SELECT id, name_key, role FROM users WHERE id > 4
     ORDER BY 1, 2`,
  );
  for (const { sql } of made) await db.raw(sql);
  const [{ total }] = await db.raw('SELECT count(*) AS total FROM users');
  if (total !== count + 4) throw new Error(`${total} users instead of ${count + 4}`);
  await db.destroy();
  const api: Api = await startApi(stage, { folder: first.folder });
  const { token } = await signIn(api.port);
  const caller = createCaller({ port: api.port });
  stage.onEnd(caller.close);
  return { call: caller.call, token, middle: Buffer.from(String(count / 2)).toString('base64url') };
}
