import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Api, send, startApi } from './start-api.ts';

const ada = { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine', dob: '1815-12-10' };

async function everybody(api: Api) {
  const [admin, niko, lex] = await Promise.all([
    api.signIn('toby'),
    api.signIn('niko'),
    api.signIn('lex', '123qwerty'),
  ]);
  return { admin: admin.token, niko: niko.token, lex: lex.token };
}

describe('sign-up', () => {
  test('sign-up creates a user who can sign in, and answers with the user as they see themselves', async () => {
    const api = await startApi();
    const { status, body, headers } = await api.send('POST', '/api/users/signup', { body: ada });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: 5,
      name: 'Ada Lovelace',
      uid: 'ada',
      role: 'user',
      dob: '1815-12-10',
      age: expect.any(Number),
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(headers.get('location')).toBe('/api/users/5');
    await api.signIn('ada', ada.password);
    const { password } = await api.db('users').first('password').where({ uid: 'ada' });
    expect(password).toMatch(/^\$argon2id\$/);
  });

  test('sign-up refuses a user id that is taken, in any case or Unicode form', async () => {
    const api = await startApi();
    for (const uid of ['toby', 'TOBY', 'ｔｏｂｙ', 'tOBY']) {
      expect((await api.send('POST', '/api/users/signup', { body: { ...ada, uid } })).body).toMatchObject({
        status: 409,
        code: 'uid_taken',
      });
    }
  });

  test.each([
    ['weiß77', ['WEIẞ77', 'weiss77', 'WEISS77', 'WEIß77']],
    ['WEIẞ77', ['weiß77', 'weiss77']],
    ['ὀδυσσεύς', ['ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύσ']],
  ])('sign-up of %s also takes its other forms: %j', async (uid, others) => {
    const api = await startApi();
    expect((await api.send('POST', '/api/users/signup', { body: { ...ada, uid } })).status).toBe(201);
    for (const other of others) {
      const { body } = await api.send('POST', '/api/users/signup', { body: { ...ada, uid: other } });
      expect([other, body.code]).toEqual([other, 'uid_taken']);
    }
  });

  test('sign-up refuses a user id with invisible characters, because it would look like another’s', async () => {
    const api = await startApi();
    for (const uid of [
      'niko\ufe0f',
      'niko\u034f',
      '\u{e0100}niko',
      '\u115fniko',
      '\u3164niko',
      'niko\u20dd',
    ]) {
      const { status, body } = await api.send('POST', '/api/users/signup', { body: { ...ada, uid } });
      expect([uid, status, body.code]).toEqual([uid, 400, 'invalid_request']);
    }
  });

  test('sign-up of the same user id by twenty requests at once creates one user', async () => {
    const api = await startApi();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.send('POST', '/api/users/signup', { body: ada })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
  });

  test.each([
    [{ ...ada, password: 'password123' }, 'This password is one of the most common'],
    [
      { ...ada, uid: 'lovelacer', password: 'LoveLacer' },
      "The password is little more than the user's own id or name",
    ],
    [{ ...ada, password: 'ada lovelace' }, "The password is little more than the user's own id or name"],
    [{ ...ada, password: '1234567' }, 'Password is less than 8 characters'],
    [{ ...ada, password: 'x'.repeat(257) }, 'Password is more than 256 characters'],
    [{ ...ada, password: 'with\ttab in it' }, 'Password has a control character'],
    [{ ...ada, uid: 'a' }, 'User ID is missing, or is less than 2 characters'],
    [{ ...ada, uid: 'a b' }, 'User ID may have letters, digits and _ . - @ only'],
    [{ ...ada, uid: 'x'.repeat(256) }, 'User ID is more than 255 characters'],
    [{ ...ada, name: ' ' }, 'Name is missing, or is less than 2 characters'],
    [{ ...ada, dob: '10-12-1815' }, 'Date of birth format error 10-12-1815, must be yyyy-mm-dd'],
    [{ ...ada, role: 'admin' }, expect.any(String)],
    [undefined, 'Please provide user details'],
  ])('sign-up refuses %j', async (body, message) => {
    const api = await startApi();
    const answer = await api.send('POST', '/api/users/signup', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toEqual(message);
  });

  test('sign-up keeps the spaces and the case of a password', async () => {
    const api = await startApi();
    const password = '  pässwörd 🔑 ';
    await api.send('POST', '/api/users/signup', { body: { ...ada, password } });
    await api.signIn('ada', password);
    for (const other of [password.trim(), password.toUpperCase()]) {
      expect((await api.send('POST', '/token', { body: { username: 'ada', password: other } })).status).toBe(
        401,
      );
    }
  });

  test('sign-up is forbidden under SIGNUP=closed, and admins can still create users', async () => {
    const api = await startApi({ env: { SIGNUP: 'closed' } });
    const { admin, niko } = await everybody(api);
    expect((await api.send('POST', '/api/users/signup', { body: ada })).status).toBe(403);
    expect((await api.send('POST', '/api/users', { token: niko, body: ada })).status).toBe(403);
    expect((await api.send('POST', '/api/users', { token: admin, body: ada })).status).toBe(201);
  });
});

describe('the list of users', () => {
  test('the list of users is ordered by id, and shows a date of birth only to its user and to admins', async () => {
    const api = await startApi();
    const { admin, niko } = await everybody(api);
    const seen = await api.send('GET', '/api/users', { token: niko });
    expect(
      seen.body.map(({ id, uid, dob }: { id: number; uid: string; dob?: string }) => [id, uid, dob]),
    ).toEqual([
      [1, 'toby', undefined],
      [2, 'niko', '1856-07-10'],
      [3, 'lex', undefined],
      [4, 'hop', undefined],
    ]);
    const all = await api.send('GET', '/api/users', { token: admin });
    expect(all.body.every(({ dob, age }: { dob: string; age: number }) => dob && age >= 0)).toBe(true);
    expect(all.text).not.toMatch(/password|pbkdf2|argon2|uid_key/);
  });

  test('the list of users is paged by Link, and each user appears once', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const uids: string[] = [];
    let path: string | undefined = '/api/users?limit=3';
    while (path) {
      const { body, headers } = await api.send('GET', path, { token: niko });
      uids.push(...body.map(({ uid }: { uid: string }) => uid));
      path = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(uids).toEqual(['toby', 'niko', 'lex', 'hop']);
    expect((await api.send('GET', '/api/users?limit=4', { token: niko })).headers.get('link')).toBeNull();
  });

  test.each([
    ['to', ['toby']],
    ['TO', ['toby']],
    ['ｔo', ['toby']],
    ['alexander', ['lex']],
    ['n', ['niko']],
    ['edison', ['toby']],
    ['dison', []],
    ['%25', []],
    ['_', []],
    ['', ['toby', 'niko', 'lex', 'hop']],
  ])(
    'the list of users with q=%s has the users whose user id or a word of whose name begins with it',
    async (q, uids) => {
      const api = await startApi();
      const { niko } = await everybody(api);
      const { body } = await api.send('GET', `/api/users?q=${q}`, { token: niko });
      expect(body.map(({ uid }: { uid: string }) => uid)).toEqual(uids);
    },
  );
});

describe('a user', () => {
  test('a user can be read by every signed-in user, and not without signing in', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    expect((await api.send('GET', '/api/users/me', { token: niko })).body).toMatchObject({
      uid: 'niko',
      dob: '1856-07-10',
    });
    expect((await api.send('GET', '/api/users/1', { token: niko })).body).not.toHaveProperty('dob');
    expect((await api.send('GET', '/api/users/99', { token: niko })).status).toBe(404);
    for (const path of ['/api/users', '/api/users/me', '/api/users/1'])
      expect((await api.send('GET', path)).status).toBe(401);
  });

  test('a user can be changed by themselves and by admins, and not by other users', async () => {
    const api = await startApi();
    const { admin, niko, lex } = await everybody(api);
    expect(
      (await api.send('PATCH', '/api/users/2', { token: niko, body: { name: 'Nikola' } })).body,
    ).toMatchObject({
      name: 'Nikola',
      uid: 'niko',
    });
    expect(
      (await api.send('PATCH', '/api/users/2', { token: admin, body: { dob: null } })).body,
    ).toMatchObject({ dob: null, age: null });
    expect((await api.send('PATCH', '/api/users/2', { token: lex, body: { name: 'Hacked' } })).status).toBe(
      403,
    );
    expect((await api.send('PATCH', '/api/users/2', { body: { name: 'Hacked' } })).status).toBe(401);
    expect(
      (await api.send('PATCH', '/api/users/99', { token: admin, body: { name: 'Nobody' } })).status,
    ).toBe(404);
  });

  test('a user is replaced as a whole by PUT', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const whole = { name: 'Nikola', uid: 'nikola', current_password: '123niko' };
    const { body } = await api.send('PUT', '/api/users/2', { token: niko, body: whole });
    expect(body).toMatchObject({ uid: 'nikola', dob: null, role: 'user' });
    expect((await api.send('PUT', '/api/users/2', { token: niko, body: { name: 'Nikola' } })).status).toBe(
      400,
    );
    await api.signIn('nikola', '123niko');
  });

  test('a user cannot take another’s user id, but can change the case of their own', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const patch = (uid: string) =>
      api.send('PATCH', '/api/users/2', { token: niko, body: { uid, current_password: '123niko' } });
    expect((await patch('Toby')).body.code).toBe('uid_taken');
    expect((await patch('NIKO')).status).toBe(200);
  });

  test.each(['PATCH', 'PUT'])('%s needs the current password to change one’s own user id', async (method) => {
    const api = await startApi();
    const { admin, niko } = await everybody(api);
    const change = (token: string, more: object) =>
      api.send(method, '/api/users/2', { token, body: { name: 'Nikola', uid: 'nikola', ...more } });
    expect((await change(niko, {})).body).toMatchObject({
      status: 400,
      issues: [{ path: 'current_password', message: 'Current password is missing' }],
    });
    expect((await change(niko, { current_password: 'a guess' })).body).toMatchObject({
      status: 401,
      code: 'credentials_invalid',
    });
    expect((await api.send('GET', '/api/users/me', { token: niko })).body.uid).toBe('niko');
    expect((await change(niko, { uid: 'niko' })).status).toBe(200);
    expect((await change(niko, { current_password: '123niko' })).body.uid).toBe('nikola');
    expect((await change(admin, { uid: 'niko' })).body.uid).toBe('niko');
  });

  test('guesses at the current password are limited for the session, and use up no sign-in at its address', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const guess = () =>
      api.send('PATCH', '/api/users/2', {
        token: niko,
        body: { uid: 'nikola', current_password: 'a guess' },
      });
    for (let times = 0; times < 10; times += 1) expect((await guess()).status).toBe(401);
    expect((await guess()).body.code).toBe('too_many_requests');
    const withPassword = { token: niko, body: { current_password: '123niko' } };
    expect((await api.send('DELETE', '/api/users/2', withPassword)).body.code).toBe('too_many_requests');
    const signIn = { body: { username: 'niko', password: '123niko' } };
    expect((await api.send('POST', '/token', signIn)).status).toBe(200);
  });

  test('right answers to the question for the current password use up no guess', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const rename = (uid: string, current_password: string) =>
      api.send('PATCH', '/api/users/2', { token: niko, body: { uid, current_password } });
    for (let times = 0; times < 9; times += 1) expect((await rename('nikola', 'a guess')).status).toBe(401);
    for (const uid of ['nikola', 'niko']) expect((await rename(uid, '123niko')).status).toBe(200);
    expect((await rename('nikola', 'a guess')).body).toMatchObject({
      code: 'credentials_invalid',
      detail: 'The current password is wrong',
    });
    expect((await rename('nikola', '123niko')).status).toBe(429);
  });

  test('a user gets a password from an admin, and every session of theirs ends', async () => {
    const api = await startApi();
    const { admin, niko, lex } = await everybody(api);
    const set = (token: string, id: number, new_password = 'chosen by an admin') =>
      api.send('PUT', `/api/users/${id}/password`, { token, body: { new_password } });
    expect((await set(niko, 3)).body.code).toBe('forbidden');
    expect((await set(niko, 2)).body.code).toBe('forbidden');
    expect((await set(admin, 99)).body.code).toBe('not_found');
    expect((await set(admin, 2, 'short')).body.issues).toMatchObject([{ path: 'new_password' }]);
    expect((await set(admin, 2, 'nikoniko')).body.issues).toMatchObject([{ path: 'new_password' }]);
    expect((await set(admin, 1)).body.code).toBe('forbidden');
    expect((await set(admin, 2)).status).toBe(204);
    expect((await api.send('GET', '/protected', { token: niko })).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { token: lex })).status).toBe(200);
    expect(
      (await api.send('POST', '/token', { body: { username: 'niko', password: '123niko' } })).status,
    ).toBe(401);
    await api.signIn('niko', 'chosen by an admin');
    expect(
      await api.db('audit_events').where({ event: 'password_changed' }).first('user_id', 'detail'),
    ).toEqual({
      user_id: 2,
      detail: '{"by":1}',
    });
  });

  test('a user gets a role from an admin only', async () => {
    const api = await startApi();
    const { admin, niko } = await everybody(api);
    expect((await api.send('PATCH', '/api/users/2', { token: niko, body: { role: 'admin' } })).status).toBe(
      403,
    );
    expect(
      (await api.send('POST', '/api/users', { token: niko, body: { ...ada, role: 'admin' } })).status,
    ).toBe(403);
    expect(
      (await api.send('PATCH', '/api/users/2', { token: niko, body: { role: 'user', name: 'Nikola' } }))
        .status,
    ).toBe(200);
    expect(
      (await api.send('POST', '/api/users', { token: admin, body: { ...ada, role: 'admin' } })).body.role,
    ).toBe('admin');
  });

  test('a user has no other settable members than those of the contract', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    for (const body of [
      { id: 9 },
      { password: 'another one' },
      { created_at: '2020-01-01T00:00:00Z' },
      { uid_key: 'x' },
    ]) {
      expect((await api.send('PATCH', '/api/users/2', { token: niko, body })).status).toBe(400);
    }
  });

  test('a user can be deleted by themselves and by admins, and their sessions are deleted too', async () => {
    const api = await startApi();
    const { admin, niko, lex } = await everybody(api);
    expect((await api.send('DELETE', '/api/users/2', { token: lex })).status).toBe(403);
    expect((await api.send('DELETE', '/api/users/2', { token: niko })).status).toBe(204);
    expect((await api.send('DELETE', '/api/users/2', { token: admin })).status).toBe(404);
    expect(await api.db('sessions').where({ user_id: 2 })).toEqual([]);
    expect(
      (await api.send('POST', '/token', { body: { username: 'niko', password: '123niko' } })).status,
    ).toBe(401);
  });
});

describe('a deletion with a password', () => {
  const remove = (api: Api, id: number, token: string, current_password: string) =>
    api.send('DELETE', `/api/users/${id}`, { token, body: { current_password } });

  test("a deletion with a password deletes one's own account only if the password is one's own", async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    expect((await remove(api, 2, niko, 'a guess')).body).toMatchObject({
      status: 401,
      code: 'credentials_invalid',
    });
    expect((await api.send('GET', '/protected', { token: niko })).status).toBe(200);
    expect((await remove(api, 2, niko, '123niko')).status).toBe(204);
    expect((await api.send('GET', '/protected', { token: niko })).status).toBe(401);
  });

  test("a deletion with a password checks the admin's own password, when an admin deletes another user", async () => {
    const api = await startApi();
    const { admin } = await everybody(api);
    expect((await remove(api, 2, admin, '123niko')).body.code).toBe('credentials_invalid');
    expect((await remove(api, 2, admin, '123toby')).status).toBe(204);
  });
});

describe('the last admin', () => {
  test('the last admin can be neither deleted nor demoted', async () => {
    const api = await startApi();
    const { admin } = await everybody(api);
    expect((await api.send('DELETE', '/api/users/1', { token: admin })).body).toMatchObject({
      status: 409,
      code: 'last_admin',
    });
    expect(
      (await api.send('PATCH', '/api/users/1', { token: admin, body: { role: 'user' } })).body.code,
    ).toBe('last_admin');
    expect((await api.send('PATCH', '/api/users/1', { token: admin, body: { name: 'Thomas' } })).status).toBe(
      200,
    );
  });

  test('the last admin remains an admin when two admins demote each other at the same time', async () => {
    const api = await startApi({ processes: 2 });
    const { admin, niko } = await everybody(api);
    await api.send('PATCH', '/api/users/2', { token: admin, body: { role: 'admin' } });
    const body = { role: 'user' };
    const statuses = await Promise.all([
      api.send('PATCH', '/api/users/2', { token: admin, body }).then(({ status }) => status),
      api.send('PATCH', '/api/users/1', { token: niko, body }).then(({ status }) => status),
    ]);
    expect(await api.db('users').where({ role: 'admin' })).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });
});

describe('an admin beside another', () => {
  const ways = [
    { way: 'gives up the role', method: 'PATCH', body: { role: 'user' }, status: 200 },
    { way: 'deletes their account', method: 'DELETE', body: undefined, status: 204 },
  ];
  async function withTwoAdmins() {
    const api = await startApi({ processes: 2 });
    const { admin, niko } = await everybody(api);
    await api.send('PATCH', '/api/users/2', { token: admin, body: { role: 'admin' } });
    return { api, admin, niko };
  }

  test.each(ways)('an admin beside another $way, and the other is the last then', async (own) => {
    const { api, admin, niko } = await withTwoAdmins();
    const { method, body, status } = own;
    expect((await api.send(method, '/api/users/1', { token: admin, body })).status).toBe(status);
    expect((await api.send(method, '/api/users/2', { token: niko, body })).body.code).toBe('last_admin');
  });

  test.each(ways)('an admin beside another remains when each $way at the same time', async (own) => {
    const { api, admin, niko } = await withTwoAdmins();
    const { method, body, status } = own;
    const [first = '', second = ''] = api.urls;
    const answers = await Promise.all([
      send(first, method, '/api/users/1', { token: admin, body }),
      send(second, method, '/api/users/2', { token: niko, body }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([status, 409]);
    expect(await api.db('users').where({ role: 'admin' })).toHaveLength(1);
  });
});

describe('a change of password', () => {
  const change = { current_password: '123niko', new_password: 'alternating current' };

  test('a change of password ends all sessions, begins a new one by bearer, and replaces the old password', async () => {
    const api = await startApi();
    const here = await api.signIn('niko');
    const there = await api.signIn('niko');
    const { cookie } = await api.signInByCookie('niko');
    const { status, body, setCookies } = await api.send('PUT', '/api/users/me/password', {
      token: here.token,
      body: change,
    });
    expect([status, setCookies]).toEqual([200, []]);
    expect(body).toEqual({
      token: expect.any(String),
      user_id: 2,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    for (const token of [here.token, there.token])
      expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { cookie })).body.code).toBe('session_ended');
    const renew = (refresh_token: string) =>
      api.send('POST', '/api/sessions/refresh', { body: { refresh_token } });
    for (const { refreshToken } of [here, there])
      expect((await renew(refreshToken)).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { token: body.token })).status).toBe(200);
    expect((await renew(body.refresh_token)).status).toBe(200);
    expect(
      (await api.send('POST', '/token', { body: { username: 'niko', password: '123niko' } })).status,
    ).toBe(401);
    await api.signIn('niko', change.new_password);
  });

  test('a change of password by cookie is answered like a sign-in by cookie, with new cookies and no token in the body', async () => {
    const api = await startApi();
    const { cookie, setCookies: first } = await api.signInByCookie('niko');
    const { status, body, text, setCookies } = await api.send('PUT', '/api/users/me/password', {
      cookie,
      body: change,
    });
    expect([status, body.message, body.data.user.uid]).toEqual([200, 'Password of niko changed', 'niko']);
    expect(text).not.toMatch(/ey[A-Za-z0-9_-]+\.|refresh_token/);
    const withoutValue = (each: string) => each.replace(/=[^;]*/, '');
    expect(setCookies.map(withoutValue)).toEqual(first.map(withoutValue).slice(0, 2));
    const next = setCookies.map((each) => each.split(';', 1)[0]).join('; ');
    expect((await api.send('GET', '/protected', { cookie })).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { cookie: next })).status).toBe(200);
    expect((await api.send('POST', '/api/sessions/refresh', { cookie: next })).status).toBe(200);
  });

  test('a change of password begins no session if the current one is ended before the body has arrived', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    const text = JSON.stringify(change);
    const held = request(new URL('/api/users/me/password', api.url), {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': text.length,
      },
    });
    held.write(text.slice(0, -1));
    await once(held, 'socket');
    await api.send('GET', '/protected', { token });
    await api.db('sessions').update({ ended_at: new Date().toISOString(), end_reason: 'ended_by_admin' });
    held.end(text.slice(-1));
    const [answer] = await once(held, 'response');
    const problem = JSON.parse((await answer.toArray()).join(''));
    expect([answer.statusCode, problem.code]).toEqual([401, 'session_ended']);
    expect(await api.db('sessions').whereNull('ended_at')).toEqual([]);
    await api.signIn('niko');
  });

  test('a change of password by two requests at once is made once, and leaves one session', async () => {
    const api = await startApi({ processes: 2 });
    const { token } = await api.signIn('niko');
    const answers = await Promise.all(
      api.urls.map((url, index) =>
        send(url, 'PUT', '/api/users/me/password', {
          token,
          body: { ...change, new_password: `alternating current ${index}` },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(await api.db('sessions').whereNull('ended_at')).toHaveLength(1);
  });

  test('a change of password succeeds while the hash of the same password is replaced by another hash', async () => {
    const api = await startApi();
    const former = await api.db('users').where({ uid: 'niko' }).first('password', 'password_method');
    const { token } = await api.signIn('niko');
    const { reached, open } = api.holdHashes();
    const changing = api.send('PUT', '/api/users/me/password', { token, body: change });
    await reached;
    await api.db('users').where({ uid: 'niko' }).update(former);
    open();
    expect((await changing).status).toBe(200);
    await api.signIn('niko', change.new_password);
  });

  test('a change of password is refused if the password was changed by hand since the current one was checked', async () => {
    const api = await startApi();
    const other = await api.db('users').where({ uid: 'toby' }).first('password', 'password_method');
    const { token } = await api.signIn('niko');
    const { reached, open } = api.holdHashes();
    const changing = api.send('PUT', '/api/users/me/password', { token, body: change });
    await reached;
    await api.db('users').where({ uid: 'niko' }).update(other);
    open();
    expect((await changing).body.code).toBe('credentials_invalid');
    await api.signIn('niko', '123toby');
  });

  test('a change of password is refused with a wrong current password, with a guessable new one, and without signing in', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    const put = (body: unknown, options = { token }) =>
      api.send('PUT', '/api/users/me/password', { ...options, body });
    expect((await put({ ...change, current_password: 'wrong' })).body.code).toBe('credentials_invalid');
    expect((await put({ ...change, new_password: 'password1' })).status).toBe(400);
    expect((await put({ ...change, new_password: 'short' })).status).toBe(400);
    for (const new_password of ['password1', 'Nicholas Tesla']) {
      const { body } = await put({ ...change, new_password });
      expect(body.issues).toEqual([{ path: 'new_password', message: body.message }]);
    }
    expect((await api.send('PUT', '/api/users/me/password', { body: change })).status).toBe(401);
    await api.signIn('niko');
  });
});
