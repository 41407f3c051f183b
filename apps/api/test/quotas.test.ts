import { randomBytes } from 'node:crypto';
import knex from 'knex';
import { describe, expect, test } from 'vitest';
import { isMigrated, migrate, rollback } from '../src/db/migrate.ts';
import { form, png, sampleImages } from './image-samples.ts';
import { type Api, engine, send, startApi, withoutPooler } from './start-api.ts';
import { untilBlocked } from './until-blocked.ts';

const post = (api: Api, token: string, body: unknown) => api.send('POST', '/api/posts', { token, body });

/** What a user has, counted from the posts themselves. */
async function countedBytes({ db }: Api, user_id: number): Promise<number> {
  const rows = await db('posts')
    .leftJoin('images', 'images.id', 'posts.image')
    .where({ user_id })
    .select('note', 'bytes');
  return rows.reduce((sum, { note, bytes }) => sum + Buffer.byteLength(note) + (bytes?.length ?? 0), 0);
}

const usageOf = async ({ db }: Api, user_id: number) =>
  db('user_usage').first('posts', 'bytes').where({ user_id });

describe('a user', () => {
  test('a user may have USER_MAX_POSTS posts, and more after deleting one', async () => {
    const api = await startApi({ env: { USER_MAX_POSTS: '3' } });
    const { token } = await api.signIn('niko');
    const [, second] = [await post(api, token, { note: 'one' }), await post(api, token, { note: 'two' })];
    const refused = await post(api, token, { note: 'three' });
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      403,
      'quota_reached',
      'One user may have 3 posts',
    ]);
    expect((await api.send('DELETE', `/api/posts/${second?.body.id}`, { token })).status).toBe(204);
    expect((await post(api, token, { note: 'three' })).status).toBe(201);
    const { token: other } = await api.signIn('lex', '123qwerty');
    expect((await post(api, other, { note: 'somebody else still may' })).status).toBe(201);
  });

  test('a user may have USER_MAX_BYTES of notes and images, to the byte', async () => {
    const api = await startApi({ env: { USER_MAX_BYTES: '100000' } });
    const { token, userId } = await api.signIn('niko');
    const used = Number((await usageOf(api, userId)).bytes);
    const image = png(100_000 - used - 3);
    const tooLarge = await post(api, token, form('字x', image));
    expect([tooLarge.status, tooLarge.body.code]).toEqual([403, 'quota_reached']);
    expect(tooLarge.body.detail).toContain('100000 bytes');
    expect((await post(api, token, form('字', image))).status).toBe(201);
    expect((await post(api, token, { note: 'x' })).body.code).toBe('quota_reached');
    expect(Number((await usageOf(api, userId)).bytes)).toBe(100_000);
    expect(await api.db('images')).toHaveLength(2);
  });

  test('a user who has more than a new limit is refused growth only: editing shorter and deleting go on', async () => {
    const roomy = await startApi();
    const { token } = await roomy.signIn('niko');
    const { body } = await post(roomy, token, form('a note', png(50_000)));
    const env = {
      DATABASE_URL: roomy.databaseUrl,
      SECRET_KEY: roomy.secret,
      USER_MAX_BYTES: '1000',
      USER_MAX_POSTS: '1',
    };
    const api = await startApi({ env });
    const edit = (change: unknown) => api.send('PATCH', `/api/posts/${body.id}`, { token, body: change });
    expect((await post(api, token, { note: 'x' })).body.code).toBe('quota_reached');
    expect((await edit({ note: 'a longer note' })).body.code).toBe('quota_reached');
    expect((await edit(form(undefined, png(60_000)))).body.code).toBe('quota_reached');
    expect((await edit({ note: 'short' })).status).toBe(200);
    expect((await edit({ note: 'trohs' })).status).toBe(200);
    expect((await edit(form(undefined, png(40_000)))).status).toBe(200);
    expect((await edit({ image: null })).status).toBe(200);
    expect((await api.send('DELETE', `/api/posts/${body.id}`, { token })).status).toBe(204);
  });

  test("an admin who makes another's post longer uses up the owner's bytes, not the admin's", async () => {
    const api = await startApi({ env: { USER_MAX_BYTES: '5000' } });
    const { token } = await api.signIn('toby');
    const id = 2;
    const edit = (note: string) => api.send('PATCH', `/api/posts/${id}`, { token, body: { note } });
    await api.send('PATCH', `/api/posts/${id}`, { token, body: { image: null } });
    const before = await usageOf(api, 1);
    const [first, second] = [await edit('x'.repeat(2000)), await edit('x'.repeat(9000))];
    expect([first.status, second.body.code]).toEqual([200, 'quota_reached']);
    expect(await usageOf(api, 1)).toEqual(before);
  });

  test('60 uploads at once in two processes never exceed the quota', async () => {
    const api = await startApi({ processes: 2, env: { USER_MAX_BYTES: '300000' } });
    const { token, userId } = await api.signIn('niko');
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        send(api.urls[index % 2] ?? '', 'POST', '/api/posts', { token, body: form(`${index}`, png(30_000)) }),
      ),
    );
    const bytes = await countedBytes(api, userId);
    expect(bytes).toBeLessThanOrEqual(300_000);
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBeGreaterThan(0);
    expect(await usageOf(api, userId)).toEqual({ posts: made + 1, bytes });
    const others = new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code));
    expect([...others].filter((code) => !['quota_reached', 'overloaded'].includes(code))).toEqual([]);
  });
});

describe('what users have is counted', () => {
  test('what users have is counted for an image of several posts once for each of them', async () => {
    const api = await startApi();
    const { token, userId } = await api.signIn('niko');
    const { bytes: before } = await usageOf(api, userId);
    const image = sampleImages['image/png'];
    for (let time = 0; time < 3; time += 1) await post(api, token, form('same', image));
    const { bytes: after } = await usageOf(api, userId);
    expect(Number(after)).toBe(Number(before) + 3 * (4 + image.length));
  });

  test('the usage of a user is counted for rows written by hand, by deleting the user, and by the migration for older rows', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    await post(api, token, form('a picture', png(3000)));
    await api.db('posts').insert({ note: '字', user_id: 2, created_at: new Date(), updated_at: new Date() });
    await api.db('posts').where({ id: 1 }).update({ user_id: 2, note: 'moved' });
    for (const user_id of [1, 2, 3, 4]) {
      const { bytes, posts } = await usageOf(api, user_id);
      expect(Number(bytes)).toBe(await countedBytes(api, user_id));
      const [row] = await api.db('posts').where({ user_id }).count({ n: '*' });
      expect(posts).toBe(Number(row?.n));
    }
    await api.db('users').where({ id: 2 }).delete();
    expect(await usageOf(api, 2)).toBeUndefined();
  });

  test('what users have is counted by a migration that can be rolled back', async () => {
    const api = await startApi();
    await rollback(api.db);
    expect(await api.db.schema.hasTable('user_usage')).toBe(false);
    await migrate(api.db);
    expect(await isMigrated(api.db)).toBe(true);
  });
});

describe('sessions', () => {
  test('a user has USER_MAX_SESSIONS at most: the oldest ends for a new one, with an audit event', async () => {
    const api = await startApi({ env: { USER_MAX_SESSIONS: '2' } });
    const [first, second, third] = [await api.signIn(), await api.signIn(), await api.signIn()];
    const statuses = await Promise.all(
      [first, second, third].map(async ({ token }) => (await api.send('GET', '/protected', { token })).body),
    );
    expect(statuses.map(({ code, id }) => code ?? id)).toEqual(['session_ended', 2, 2]);
    const [event, ...more] = await api.db('audit_events').where({ event: 'session_ended' });
    expect(more).toEqual([]);
    const ended = await api.db('sessions').first().where({ id: event.session_id });
    expect([event.user_id, ended.end_reason]).toEqual([2, 'too_many_sessions']);
    expect(await api.db('sessions').where({ user_id: 2 }).whereNull('ended_at')).toHaveLength(2);
  });

  test('a session that ends while it is to give way to a new one is recorded once, with its own reason', async () => {
    const api = await startApi({ env: { USER_MAX_SESSIONS: '1' } });
    await api.signIn();
    const theft = await api.db.transaction();
    await theft('sessions').update({ ended_at: new Date().toISOString(), end_reason: 'refresh_reused' });
    const signIn = api.signIn();
    await untilBlocked(api);
    await theft.commit();
    await signIn;
    expect(await api.db('audit_events').where({ event: 'session_ended' })).toEqual([]);
    expect(await api.db('sessions').pluck('end_reason').orderBy('created_at')).toEqual([
      'refresh_reused',
      null,
    ]);
  });

  test('20 sign-ins at once in two processes leave USER_MAX_SESSIONS live sessions', async () => {
    const api = await startApi({ processes: 2, env: { USER_MAX_SESSIONS: '3' } });
    const body = { username: 'niko', password: '123niko' };
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => send(api.urls[index % 2] ?? '', 'POST', '/token', { body })),
    );
    expect(await api.db('sessions').where({ user_id: 2 }).whereNull('ended_at')).toHaveLength(3);
  });

  test('a session that has run out gives way to nobody, and takes no place', async () => {
    const api = await startApi({ env: { USER_MAX_SESSIONS: '2', SESSION_IDLE_SECONDS: '1000' } });
    api.stopClock();
    await api.signIn();
    api.advance(1000);
    for (let time = 0; time < 2; time += 1) await api.signIn();
    expect(await api.db('sessions').whereNotNull('ended_at')).toEqual([]);
    expect(await api.db('audit_events').where({ event: 'session_ended' })).toEqual([]);
  });

  test('signing in again and again keeps four times as many ended sessions as live ones, and the one that ended last', async () => {
    const api = await startApi({ env: { USER_MAX_SESSIONS: '2' } });
    for (let time = 0; time < 13; time += 1) await api.signIn();
    expect(await api.db('sessions').where({ user_id: 2 }).whereNull('ended_at')).toHaveLength(2);
    expect(await api.db('sessions').where({ user_id: 2 })).toHaveLength(11);
  });
});

test('one user writes 120 times a minute, in all processes together, and deleting is not counted', async () => {
  const api = await startApi({ processes: 2 });
  api.stopClock();
  const { token } = await api.signIn();
  const write = (index: number) =>
    send(api.urls[index % 2] ?? '', 'POST', '/api/posts', { token, body: { note: `${index}` } });
  const answers = await Promise.all(Array.from({ length: 130 }, (_, index) => write(index)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(10);
  expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused[0]?.headers.get('ratelimit-policy')).toBe('"writes";q=120;w=60');
  const [made] = answers.filter(({ status }) => status === 201);
  expect((await api.send('DELETE', `/api/posts/${made?.body.id}`, { token })).status).toBe(204);
  const { token: other } = await api.signIn('lex', '123qwerty');
  expect((await post(api, other, { note: 'somebody else still may' })).status).toBe(201);
  api.advance(60);
  expect((await write(0)).status).toBe(201);
});

describe('making accounts', () => {
  const account = (index: number) => ({ name: 'Puppet', uid: `puppet${index}`, password: 'gravel-otter-17' });

  test('making accounts draws on the budget of sign-ups whichever way it is done', async () => {
    const api = await startApi();
    api.stopClock();
    const { token } = await api.signIn();
    const [key] = await api.db('limits').pluck('key');
    expect((await api.send('POST', '/api/users/signup', { body: account(0) })).status).toBe(201);
    const { status, headers } = await api.send('POST', '/api/users', { token, body: account(1) });
    expect([status, headers.get('ratelimit')]).toEqual([201, '"signup";r=298;t=900']);
    await api
      .db('limits')
      .where('count', 2)
      .whereNot('key', key ?? '')
      .update({ count: 300 });
    const refused = await api.send('POST', '/api/users', { token, body: account(2) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '900']);
    const { token: admin } = await api.signIn('toby');
    expect((await api.send('POST', '/api/users', { token: admin, body: account(3) })).status).toBe(201);
  });

  test('making accounts is limited to 60 in 15 minutes for one user, at whatever address', async () => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    api.stopClock();
    const { token } = await api.signIn();
    const statuses: number[] = [];
    for (let index = 0; index < 62; index += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${index}` };
      const body = { ...account(0), uid: 'niko' };
      statuses.push((await api.send('POST', '/api/users', { token, headers, body })).status);
    }
    expect(statuses).toEqual([...Array(60).fill(409), 429, 429]);
  });

  test('making accounts of their own, strangers at many addresses do not count for each other', async () => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    for (let index = 0; index < 62; index += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${index}` };
      const body = { ...account(0), uid: 'niko' };
      expect((await api.send('POST', '/api/users/signup', { headers, body })).status).toBe(409);
    }
  });
});

if (engine === 'postgres') {
  test('a database beyond DATABASE_MAX_BYTES refuses what grows, while sign-in, refresh and deletion go on', async () => {
    const api = await startApi({ env: { DATABASE_MAX_BYTES: '1' } });
    const { token, refreshToken } = await api.signIn('niko');
    const admin = await api.signIn('toby');
    const newUser = { name: 'Ada', uid: 'ada', password: 'gravel-otter-17' };
    const refused = await post(api, token, { note: 'no room' });
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'not_ready',
      '60',
    ]);
    expect((await post(api, token, form('no room', png(3000)))).status).toBe(503);
    expect((await api.send('POST', '/api/users', { token: admin.token, body: newUser })).status).toBe(503);
    const refresh = { body: { refresh_token: refreshToken } };
    expect((await api.send('POST', '/api/sessions/refresh', refresh)).status).toBe(200);
    expect((await api.send('GET', '/api/posts', { token })).status).toBe(200);
    expect((await api.send('DELETE', '/api/users/2', { token: admin.token })).status).toBe(204);
  });

  test('a role that may only write posts, with another search path, writes them, and they are counted', async () => {
    const api = await startApi();
    const role = `flask_${randomBytes(4).toString('hex')}`;
    await api.db.raw('create role ?? login', [role]);
    await api.db.raw('grant select, insert, update, delete on posts to ??', [role]);
    await api.db.raw('grant usage on sequence posts_id_seq to ??', [role]);
    const url = withoutPooler(api.databaseUrl);
    url.username = role;
    const flask = knex({ client: 'pg', connection: url.href });
    const before = await usageOf(api, 2);
    await flask.transaction(async (trx) => {
      await trx.raw(`set local search_path = ''`);
      await trx.raw(
        `insert into public.posts (note, user_id, created_at, updated_at) values ('four', 2, now(), now())`,
      );
    });
    expect(await usageOf(api, 2)).toEqual({
      posts: before.posts + 1,
      bytes: before.bytes + 4,
    });
    await flask('posts').where({ note: 'four' }).update({ note: 'longer' });
    await flask('posts').where({ note: 'longer' }).delete();
    expect(await usageOf(api, 2)).toEqual(before);
    await flask.destroy();
  });
}
