import { describe, expect, test } from 'vitest';
import { type Database, isPostgres } from '../src/db/connect.ts';
import { createUserSearch } from '../src/users/search-store.ts';
import { plansOf } from './plans.ts';
import { type Api, startApi } from './start-api.ts';

type User = { id: number; uid: string; name: string; role: string };

const password = 'a long throw-away phrase';

async function withUsers(...names: readonly [uid: string, name: string][]) {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  for (const [uid, name] of names)
    expect(
      (await api.send('POST', '/api/users', { token, body: { uid, name, password } })).status,
      `${uid}, ${name}`,
    ).toBe(201);
  const uidsOf = async (path: string) => (await readAll(api, token, path)).map(({ uid }) => uid);
  return { api, token, uidsOf };
}

/** The users of all pages of a list, as `Link` leads from one to the next. */
async function readAll(api: Api, token: string, path: string): Promise<User[]> {
  const { status, body, headers } = await api.send('GET', path, { token });
  expect(status).toBe(200);
  const next = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  return [...body, ...(next ? await readAll(api, token, next) : [])];
}

/** Adds users by SQL: `uid-1` and so on, each named Ada, Lovelace and the number; every thousandth is an admin. */
async function addMany(db: Database, count: number): Promise<void> {
  await db.raw(
    `with recursive numbers (i) as (select 1 union all select i + 1 from numbers where i < ${count})
     insert into users (uid, uid_key, name, name_key, role, password, password_method, created_at, updated_at)
     select 'uid-' || cast(i as varchar(9)), 'uid-' || cast(i as varchar(9)),
       'Ada Lovelace ' || cast(i as varchar(9)), 'ada lovelace ' || cast(i as varchar(9)),
       case when i % 1000 = 0 then 'admin' else 'user' end, password, password_method, created_at, updated_at
     from numbers, (select * from users where id = 1) as toby`,
  );
  await db.raw(isPostgres(db) ? 'vacuum analyze' : 'analyze');
}

describe('a search for users', () => {
  test('finds the beginning of the user id and of any word of the name, in the order of what matched', async () => {
    const { uidsOf } = await withUsers(
      ['zed', 'Marie Curie'],
      ['maria', 'Zoe Adams'],
      ['jl', "Jean-Luc O'Neill"],
      ['curtis', 'Ann Smith'],
    );
    expect(await uidsOf('/api/users?q=mari')).toEqual(['maria', 'zed']);
    expect(await uidsOf('/api/users?q=CUR')).toEqual(['zed', 'curtis']);
    expect(await uidsOf('/api/users?q=marie%20c')).toEqual(['zed']);
    expect(await uidsOf('/api/users?q=%20curie%20')).toEqual(['zed']);
    expect(await uidsOf('/api/users?q=urie')).toEqual([]);
    for (const q of ['jean-l', 'luc', 'luc o', "o'ne", 'neill'])
      expect(await uidsOf(`/api/users?q=${encodeURIComponent(q)}`), q).toEqual(['jl']);
  });

  test('finds a Greek name by each of its beginnings, whichever sigma they end with', async () => {
    const { uidsOf } = await withUsers(['greek', 'Ο Οδυσσευς']);
    for (const q of ['ο', 'οδ', 'οδυς', 'οδυσ', 'ΟΔΥΣΣΕΥ', 'οδυσσευς'])
      expect(await uidsOf(`/api/users?q=${encodeURIComponent(q)}`), q).toEqual(['greek']);
  });

  test('lists a user once who matches with several words, whatever the size of a page', async () => {
    const { uidsOf } = await withUsers(
      ['abe', 'Abel Abbott Aby'],
      ['bob', 'Abigail Abe'],
      ['absalom', 'Bob Abe'],
      ['carl', 'Carl Abe'],
    );
    const all = ['bob', 'abe', 'absalom', 'carl'].toSorted();
    const whole = await uidsOf('/api/users?q=ab');
    expect(whole.toSorted()).toEqual(all);
    for (const limit of [1, 2, 3])
      expect(await uidsOf(`/api/users?q=ab&limit=${limit}`), `pages of ${limit}`).toEqual(whole);
  });

  test('follows a change of name, user id and role, a deletion, and SQL by hand that sets the keys', async () => {
    const { api, token, uidsOf } = await withUsers(['sam', 'Sam Morse']);
    const [{ id }] = (await api.send('GET', '/api/users?q=sam', { token })).body;
    await api.send('PATCH', `/api/users/${id}`, { token, body: { name: 'Samuel Finley', uid: 'sfm' } });
    expect(await uidsOf('/api/users?q=morse')).toEqual([]);
    expect(await uidsOf('/api/users?q=sam')).toEqual(['sfm']);
    expect(await uidsOf('/api/users?q=sfm')).toEqual(['sfm']);
    await api.send('PATCH', `/api/users/${id}`, { token, body: { role: 'admin' } });
    expect(await uidsOf('/api/users?q=fin&role=admin')).toEqual(['sfm']);
    expect(await uidsOf('/api/users?q=fin&role=user')).toEqual([]);
    await api.db('users').where({ id }).update({ name: 'By Hand', name_key: 'by hand' });
    expect(await uidsOf('/api/users?q=han')).toEqual(['sfm']);
    await api.send('DELETE', `/api/users/${id}`, { token });
    expect(await uidsOf('/api/users?q=han')).toEqual([]);
    expect(await api.db('user_terms').where({ user_id: id })).toEqual([]);
  });

  test('finds the users that were there before their words were', async () => {
    const { api, uidsOf } = await withUsers(['sam', 'Sam Morse']);
    const before = await api.db('user_terms').orderBy(['user_id', 'term']);
    const { up, down } = await import('../src/db/migrations/0011-search-terms.ts');
    await down(api.db);
    await up(api.db);
    expect(await api.db('user_terms').orderBy(['user_id', 'term'])).toEqual(before);
    expect(await uidsOf('/api/users?q=morse')).toEqual(['sam']);
  });
});

describe('a list of users', () => {
  test('is sorted by name whatever the case, or newest first, also in pages and with a role', async () => {
    const { api, token, uidsOf } = await withUsers(['u1', 'zelda'], ['u2', 'Ada'], ['u3', 'ada']);
    const { body } = await api.send('GET', '/api/users', { token });
    const byName = (body as User[]).toSorted(
      (a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase(), 'en') || a.id - b.id,
    );
    for (const limit of [2, 500]) {
      expect(await uidsOf(`/api/users?sort=name&limit=${limit}`)).toEqual(byName.map(({ uid }) => uid));
      expect(await uidsOf(`/api/users?sort=newest&limit=${limit}`)).toEqual(
        (body as User[]).map(({ uid }) => uid).reverse(),
      );
      expect(await uidsOf(`/api/users?sort=newest&role=user&limit=${limit}`)).not.toContain('toby');
      expect(await uidsOf(`/api/users?sort=name&role=admin&limit=${limit}`)).toEqual(['toby']);
      expect(await uidsOf(`/api/users?role=admin&limit=${limit}`)).toEqual(['toby']);
    }
  });

  test.each([
    '?q=ni&sort=name',
    '?sort=id',
    '?role=root',
    `?q=${'q'.repeat(256)}`,
    `?after=${cursorOf('1.text')}`,
    `?sort=name&after=${cursorOf('1')}`,
    `?sort=name&after=${cursorOf('1.\0')}`,
    `?sort=name&after=${cursorOf('9999999999.a')}`,
    `?q=ni&after=${cursorOf('1.toby')}`,
  ])('with the query %s is refused', async (query) => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    const { status, body } = await api.send('GET', `/api/users${query}`, { token });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  test('is counted exactly to 10 000 and not beyond, with and without a search and a role', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    const count = async (query = '') =>
      (await api.send('GET', `/api/users/count${query}`, { token })).body as unknown;
    expect(await count()).toEqual({ count: 4, more: false });
    expect(await count('?q=t')).toEqual({ count: 2, more: false });
    expect(await count('?role=admin')).toEqual({ count: 1, more: false });
    expect((await api.send('GET', '/api/users/count')).status).toBe(401);
    await addMany(api.db, 10_000);
    expect(await count()).toEqual({ count: 10_000, more: true });
    expect(await count('?q=ada')).toEqual({ count: 10_000, more: false });
    expect(await count('?role=admin')).toEqual({ count: 11, more: false });
    expect(await count('?q=love&role=admin')).toEqual({ count: 10, more: false });
  });

  test('is read off an index in its order, without a sort and without a scan of the users', async () => {
    const { db } = await startApi();
    await addMany(db, 5000);
    const { list } = createUserSearch({ reader: db });
    const text = 'ada lovelace 2';
    const queries = [
      { after: { id: 2000 } },
      { role: 'admin', after: { id: 2000 } },
      { sort: 'newest', after: { id: 2000 } },
      { sort: 'newest', role: 'admin' },
      { sort: 'name', after: { id: 6, text } },
      { sort: 'name', role: 'admin', after: { id: 6, text } },
      { q: 'a' },
      { q: 'ada', after: { id: 6, text } },
      { q: 'uid-4999' },
      { q: 'nobody' },
      { q: 'love', role: 'admin' },
      { q: 'ada', role: 'user', after: { id: 6, text } },
    ] as const;
    for (const query of queries) {
      const plans = await plansOf(db, () => list({ limit: 101, ...query }));
      for (const { sql, plan } of plans)
        expect(plan, `${JSON.stringify(query)}\n${sql}\n${plan}`).not.toMatch(
          /Seq Scan|\bSort\b|TEMP B-TREE|SCAN user/,
        );
    }
  });
});

describe("a user's activity", () => {
  test('tells themselves and admins the last sign-in, open sessions and posts, and nobody else', async () => {
    const api = await startApi();
    api.stopClock(Date.parse('2030-01-01T00:00:00Z'));
    const niko = await api.signIn('niko');
    api.advance(60);
    await api.signIn('niko');
    const toby = await api.signIn('toby');
    const lex = await api.signIn('lex', '123qwerty');
    const activity = { last_sign_in_at: '2030-01-01T00:01:00.000Z', open_sessions: 2, posts: 1 };
    for (const { token } of [niko, toby])
      expect((await api.send('GET', '/api/users/2/activity', { token })).body).toEqual(activity);
    expect((await api.send('GET', '/api/users/2/activity', { token: lex.token })).status).toBe(403);
    expect((await api.send('GET', '/api/users/2/activity')).status).toBe(401);
    expect((await api.send('GET', '/api/users/99/activity', { token: toby.token })).status).toBe(404);
    expect((await api.send('GET', '/api/users/4/activity', { token: toby.token })).body).toMatchObject({
      last_sign_in_at: null,
      open_sessions: 0,
    });
    await api.send('DELETE', '/api/users/2/sessions', { token: toby.token });
    expect((await api.send('GET', '/api/users/2/activity', { token: toby.token })).body).toEqual({
      ...activity,
      open_sessions: 0,
    });
  });
});

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}
