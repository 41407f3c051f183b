import { describe, expect, test } from 'vitest';
import { send, startApi } from './start-api.ts';

test('the audit log lists sign-ins, refusals and changes of users, newest first and without secrets', async () => {
  const api = await startApi();
  const admin = await api.signIn('toby');
  const niko = await api.signIn('niko');
  await api.send('POST', '/token', { body: { username: 'niko', password: 'not-the-password' } });
  await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'admin' } });
  await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'user' } });
  await api.send('GET', '/api/audit', { token: niko.token });
  await api.send('POST', '/token', {
    origin: 'https://evil.example',
    body: { username: 'niko', password: '123niko' },
  });
  const { body: renewed } = await api.send('PUT', '/api/users/me/password', {
    token: niko.token,
    body: { current_password: '123niko', new_password: 'alternating current' },
  });
  await api.send('DELETE', '/api/sessions', { token: renewed.token });
  await api.send('POST', '/api/users', {
    token: admin.token,
    body: { name: 'Ada', uid: 'ada', password: 'analytical engine' },
  });
  await api.send('DELETE', '/api/users/5', { token: admin.token });
  await api.send('DELETE', '/api/sessions/current', { token: admin.token });

  const again = await api.signIn('toby');
  const { status, body, text } = await api.send('GET', '/api/audit', { token: again.token });
  expect(status).toBe(200);
  expect(body.map(({ event }: { event: string }) => event)).toEqual([
    'sign_in',
    'sign_out',
    'user_deleted',
    'user_created',
    'session_ended',
    'password_changed',
    'origin_refused',
    'role_refused',
    'role_changed',
    'role_changed',
    'sign_in_failed',
    'sign_in',
    'sign_in',
  ]);
  expect(body[8]).toMatchObject({
    user_id: 2,
    detail: { role: 'user', by: 1 },
    ip: '127.0.0.1',
    request_id: expect.any(String),
  });
  for (const secret of [
    'not-the-password',
    '123niko',
    'alternating current',
    'analytical engine',
    admin.token,
    niko.refreshToken,
  ]) {
    expect(text).not.toContain(secret);
  }
});

test.each(['a'.repeat(100), 'not an address', '203.0.113.1:5555', `fe80::1%${'z'.repeat(100)}`])(
  'of the forwarded address %s only an address is recorded, without port and zone',
  async (forwarded) => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    const body = { username: 'niko', password: '123niko' };
    expect(
      (await api.send('POST', '/token', { body, headers: { 'x-forwarded-for': forwarded } })).status,
    ).toBe(200);
    const read = new Map([
      ['203.0.113.1:5555', '203.0.113.1'],
      [`fe80::1%${'z'.repeat(100)}`, 'fe80::1'],
    ]);
    expect(await api.db('audit_events').first('ip')).toEqual({ ip: read.get(forwarded) ?? '127.0.0.1' });
  },
);

test('the audit log is paged, and only admins may read it', async () => {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  for (let count = 1; count <= 4; count += 1) await api.signIn('niko');
  const first = await api.send('GET', '/api/audit?limit=3', { token });
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await api.send('GET', next, { token });
  const ids = [...first.body, ...second.body].map(({ id }: { id: number }) => id);
  expect(ids).toEqual([5, 4, 3, 2, 1]);
  const niko = await api.signIn('niko');
  expect((await api.send('GET', '/api/audit', { token: niko.token })).status).toBe(403);
  expect((await api.send('GET', '/api/audit')).status).toBe(401);
});

type Event = { event: string; user_id: number | null; ip: string; detail: Record<string, unknown> };

test('after an attack the audit log alone tells who did what from where', async () => {
  const api = await startApi({ env: { TRUST_PROXY: '1' } });
  const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip, 'user-agent': 'attack/1.0' } });
  const toby = await api.signIn('toby');
  const niko = await api.signIn('niko');
  const at = from('203.0.113.9');
  const asNiko = { token: niko.token, ...at };
  const asToby = { token: toby.token, ...from('198.51.100.1') };

  // Somebody guesses passwords, and types one into the box for the user id.
  await api.send('POST', '/token', { ...at, body: { username: 'toby', password: 'guess one' } });
  await api.send('POST', '/token', { ...at, body: { username: 'my secret pass', password: 'x' } });
  await api.send('POST', '/token', { ...at, body: { username: 'MY SECRET PASS', password: 'x' } });
  // With niko's token they try what only an admin or the owner may do.
  await api.send('PATCH', '/api/users/2', { ...asNiko, body: { role: 'admin' } });
  await api.send('PATCH', '/api/users/1', { ...asNiko, body: { name: 'Hacked' } });
  await api.send('DELETE', '/api/posts/1', asNiko);
  await api.send('GET', '/api/audit', asNiko);
  await api.send('PUT', '/api/users/me/password', {
    ...asNiko,
    body: { current_password: 'guess two', new_password: 'mine from now on' },
  });
  await api.send('PATCH', '/api/users/2', {
    ...asNiko,
    body: { uid: 'eve', current_password: 'guess three' },
  });
  await api.send('POST', '/token', {
    ...at,
    origin: 'https://evil.example',
    body: { username: 'niko', password: '123niko' },
  });
  await api.send('GET', '/protected', { ...at, token: `${niko.token}x` });
  // An admin grants the role, uses it for what it allows, ends the sessions, and the token is tried again.
  await api.send('PATCH', '/api/users/2', { ...asToby, body: { role: 'admin', name: 'Nikola' } });
  await api.send('PATCH', '/api/players/1', { ...asNiko, body: { tokens: 7, password: 'for a player' } });
  await api.send('DELETE', '/api/posts/1', asNiko);
  await api.send('PUT', '/api/users/3/password', { ...asNiko, body: { new_password: 'taken from lex' } });
  await api.send('PATCH', '/api/users/2', { ...asToby, body: { role: 'user' } });
  await api.send('DELETE', '/api/users/2/sessions', asToby);
  await api.send('GET', '/protected', asNiko);

  const { body, text } = await api.send('GET', '/api/audit', asToby);
  const told = (body as Event[]).reverse().map(({ event, user_id, ip, detail }) => {
    const { user_agent, unknown_uid, ...rest } = detail;
    return [event, user_id, ip, rest];
  });
  const attacker = '203.0.113.9';
  const admin = '198.51.100.1';
  const carrier = 'bearer';
  const own = { carrier, tried: 'PATCH /api/users/:id', id: '2' };
  expect(told).toEqual([
    ['sign_in', 1, '127.0.0.1', { carrier }],
    ['sign_in', 2, '127.0.0.1', { carrier }],
    ['sign_in_failed', 1, attacker, { code: 'credentials_invalid', tried: 'POST /token', carrier }],
    ['sign_in_failed', null, attacker, { code: 'credentials_invalid', tried: 'POST /token', carrier }],
    ['sign_in_failed', null, attacker, { code: 'credentials_invalid', tried: 'POST /token', carrier }],
    ['role_refused', 2, attacker, { code: 'forbidden', ...own }],
    ['role_refused', 2, attacker, { code: 'forbidden', ...own, id: '1' }],
    ['role_refused', 2, attacker, { code: 'forbidden', tried: 'DELETE /api/posts/:id', id: '1', carrier }],
    ['role_refused', 2, attacker, { code: 'forbidden', tried: 'GET /api/audit', carrier }],
    [
      'password_refused',
      2,
      attacker,
      { code: 'credentials_invalid', tried: 'PUT /api/users/me/password', carrier },
    ],
    ['password_refused', 2, attacker, { code: 'credentials_invalid', ...own }],
    ['origin_refused', null, attacker, { code: 'origin_refused', tried: 'POST /token' }],
    ['token_refused', null, attacker, { code: 'token_invalid', tried: 'GET /protected' }],
    ['role_changed', 2, admin, { role: 'admin', by: 1 }],
    ['user_changed', 2, admin, { members: 'name', by: 1 }],
    [
      'player_changed',
      null,
      attacker,
      { player_id: 1, uid: expect.any(String), members: 'tokens password', by: 2 },
    ],
    ['post_deleted', 1, attacker, { post_id: 1, by: 2 }],
    ['password_changed', 3, attacker, { by: 2 }],
    ['role_changed', 2, admin, { role: 'user', by: 1 }],
    ['session_ended', 2, admin, { by: 1, count: 1 }],
    ['token_refused', null, attacker, { code: 'session_ended', tried: 'GET /protected' }],
  ]);
  // One user id in two spellings has one digest, by which an admin sees that it was tried twice.
  const digests = (body as Event[]).flatMap(({ detail }) => detail.unknown_uid ?? []);
  expect(digests).toEqual([expect.stringMatching(/^[\w-]{16}$/), digests[0]]);
  for (const secret of [/guess/, /secret pass/i, /123niko/, /mine from/, /for a player/, /taken from/])
    expect(text).not.toMatch(secret);
  expect(text).not.toContain(niko.token);
});

test('a sign-in that is not judged, because there were too many, is recorded with its user', async () => {
  const api = await startApi();
  const body = { username: 'niko', password: 'a guess' };
  for (let sent = 0; sent < 11; sent += 1) await api.send('POST', '/token', { body });
  const last = await api.db('audit_events').orderBy('id', 'desc').first('event', 'user_id', 'detail');
  expect([last.event, last.user_id]).toEqual(['limit_reached', 2]);
  expect(JSON.parse(last.detail)).toMatchObject({ code: 'too_many_requests', carrier: 'bearer' });
});

test('an address gets 100 refusals recorded in its window, and one event for all that follow', async () => {
  const api = await startApi({ processes: 2 });
  api.stopClock();
  const [first = '', second = ''] = api.urls;
  const refuse = (index: number) =>
    send(index % 2 === 0 ? first : second, 'GET', '/protected', { token: 'rubbish' });
  for (let sent = 0; sent < 160; sent += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => refuse(index)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(401));
  }
  const count = async (event: string) => (await api.db('audit_events').where({ event })).length;
  expect(await count('token_refused')).toBe(100);
  const summaries = await api.db('audit_events').where({ event: 'refusals_not_recorded' });
  expect(summaries.map(({ detail }) => JSON.parse(detail))).toEqual([
    { address: '127.0.0.1', recorded: 100, until: expect.any(String) },
  ]);
  api.advance(901);
  await refuse(0);
  expect(await count('token_refused')).toBe(101);
});

test.each([
  ['GET', '/nothing/here', {}, 404],
  ['PUT', '/protected', {}, 405],
  ['POST', '/token', { body: '{', headers: { 'content-type': 'application/json' } }, 400],
  ['POST', '/token', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
] as const)('%s %s leaves no event for its mistake', async (method, path, options, status) => {
  const api = await startApi();
  expect((await api.send(method, path, options)).status).toBe(status);
  expect(await api.db('audit_events')).toEqual([]);
});

describe('where the audit log cannot be written', () => {
  /** Removes the table, as the surest way in which an insert fails on both engines. */
  async function withoutLog() {
    const api = await startApi();
    const toby = await api.signIn('toby');
    const niko = await api.signIn('niko');
    await api.db.schema.renameTable('audit_events', 'elsewhere');
    return { api, toby, niko };
  }

  type Change = { who: 'toby' | 'niko'; method: string; path: string; body?: object };
  const changes: readonly Change[] = [
    { who: 'toby', method: 'PATCH', path: '/api/users/2', body: { role: 'admin' } },
    { who: 'niko', method: 'PATCH', path: '/api/users/2', body: { name: 'Nikola' } },
    {
      who: 'toby',
      method: 'PUT',
      path: '/api/users/2/password',
      body: { new_password: 'chosen by an admin' },
    },
    {
      who: 'niko',
      method: 'PUT',
      path: '/api/users/me/password',
      body: { current_password: '123niko', new_password: 'a new phrase' },
    },
    {
      who: 'toby',
      method: 'POST',
      path: '/api/users',
      body: { name: 'Ada', uid: 'ada', password: 'analytical engine' },
    },
    { who: 'toby', method: 'DELETE', path: '/api/users/2' },
    { who: 'toby', method: 'DELETE', path: '/api/users/2/sessions' },
    { who: 'niko', method: 'DELETE', path: '/api/sessions' },
    { who: 'niko', method: 'DELETE', path: '/api/sessions/current' },
    { who: 'toby', method: 'PATCH', path: '/api/posts/2', body: { note: 'changed' } },
    { who: 'toby', method: 'DELETE', path: '/api/posts/2' },
    {
      who: 'toby',
      method: 'POST',
      path: '/api/players',
      body: { name: 'New', uid: 'new', password: 'for a player', tokens: 1 },
    },
    { who: 'toby', method: 'PATCH', path: '/api/players/1', body: { tokens: 1 } },
    { who: 'toby', method: 'DELETE', path: '/api/players/1' },
  ];

  test.each(changes)('$who’s $method $path is rolled back and answered 503', async (change) => {
    const { who, method, path, body } = change;
    const { api, ...people } = await withoutLog();
    const everything = () =>
      Promise.all(['users', 'sessions', 'posts', 'players'].map((table) => api.db(table).orderBy('id')));
    const before = await everything();
    const { token } = people[who];
    const answer = await api.send(method, path, { token, ...(body && { body }) });
    expect([answer.status, answer.body.code]).toEqual([503, 'not_ready']);
    expect(await everything()).toEqual(before);
  });

  test('where the audit log cannot be written a refusal stands', async () => {
    const { api, niko } = await withoutLog();
    const wrong = { body: { username: 'niko', password: 'a guess' } };
    expect((await api.send('POST', '/token', wrong)).status).toBe(401);
    expect((await api.send('GET', '/api/audit', { token: niko.token })).status).toBe(403);
    expect(api.logged()).toContain('a refusal is missing in the audit log');
  });
});

test('events are deleted when they are older than AUDIT_DAYS, however many there are', async () => {
  const api = await startApi({ env: { AUDIT_DAYS: '30' } });
  const event = (days: number) => ({
    at: new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString(),
    event: 'sign_in',
    detail: '{}',
  });
  await api.db.batchInsert(
    'audit_events',
    Array.from({ length: 2100 }, () => event(31)),
    100,
  );
  await api.db('audit_events').insert(event(29));
  await api.sweep();
  expect(await api.db('audit_events')).toHaveLength(1);
});
