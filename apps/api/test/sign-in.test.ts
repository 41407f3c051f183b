import { describe, expect, test } from 'vitest';
import { unusablePassword } from '../src/auth/password-formats.ts';
import { type Api, startApi } from './start-api.ts';
import { untilBlocked } from './until-blocked.ts';

const cookieOf = (setCookies: string[], name: string) =>
  setCookies.find((each) => each.startsWith(`${name}=`)) ?? '';
const attributesOf = (setCookie: string) => setCookie.split('; ').slice(1).sort();

describe('a sign-in by cookie with the cookies of an earlier one', () => {
  test('a sign-in by cookie with the cookies of an earlier one ends the session that the browser’s cookies carried, expired or not, and no other', async () => {
    const api = await startApi();
    const signIn = async (cookie: string | undefined, uid = 'niko', password = `123${uid}`) => {
      const body = { uid, password };
      const options = { body, ...(cookie !== undefined && { cookie }) };
      const { status, setCookies } = await api.send('POST', '/api/users/authenticate', options);
      return { status, jwt: setCookies[0]?.split(';', 1)[0] ?? '' };
    };
    const protectedBy = async (cookie: string) => (await api.send('GET', '/protected', { cookie })).body;
    const elsewhere = await signIn(undefined);
    const bearer = await api.signIn();
    const first = await signIn(undefined);
    const refused = await signIn(first.jwt, 'niko', 'wrong');
    expect([refused.status, (await protectedBy(first.jwt)).username]).toEqual([401, 'niko']);
    const second = await signIn(first.jwt);
    expect((await protectedBy(first.jwt)).code).toBe('session_ended');
    const third = await signIn(`${second.jwt}; jwt=x; jwt=${bearer.token}`, 'toby');
    expect((await protectedBy(second.jwt)).code).toBe('session_ended');
    expect((await protectedBy(third.jwt)).username).toBe('toby');
    expect((await protectedBy(elsewhere.jwt)).username).toBe('niko');
    expect((await api.send('GET', '/protected', { token: bearer.token })).status).toBe(200);
    const events = await api.db('audit_events').where({ event: 'session_ended' }).orderBy('id');
    expect(events.map(({ user_id, detail }) => [user_id, JSON.parse(detail)])).toEqual([
      [2, { by: 2, reason: 'replaced_by_sign_in' }],
      [2, { by: 1, reason: 'replaced_by_sign_in' }],
    ]);
    api.advance(4000);
    await signIn(third.jwt);
    expect(await api.db('sessions').where({ end_reason: 'replaced_by_sign_in' })).toHaveLength(3);
  });
});

describe('sign-in by bearer token', () => {
  test('sign-in by bearer token answers with a token, its lifetime and a refresh token, and sets no cookie', async () => {
    const api = await startApi();
    const { status, body, setCookies, headers } = await api.send('POST', '/token', {
      body: { username: 'toby', password: '123toby' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String),
      user_id: 1,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    expect(setCookies).toEqual([]);
    expect(headers.get('cache-control')).toBe('no-store');
    const { body: identity } = await api.send('GET', '/protected', { token: body.token });
    expect(identity).toEqual({ id: 1, username: 'toby' });
  });

  test('sign-in by bearer token accepts a user id in any case and Unicode form', async () => {
    const api = await startApi();
    for (const username of ['TOBY', 'Toby', 'ｔｏｂｙ']) {
      expect((await api.send('POST', '/token', { body: { username, password: '123toby' } })).status).toBe(
        200,
      );
    }
  });

  test('sign-in by bearer token and /protected also answer with a trailing slash, and GET routes answer HEAD', async () => {
    const api = await startApi();
    const { body } = await api.send('POST', '/token/', { body: { username: 'toby', password: '123toby' } });
    expect((await api.send('GET', '/protected/', { token: body.token })).status).toBe(200);
    const head = await api.send('HEAD', '/protected', { token: body.token });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('sign-in by cookie', () => {
  test('sign-in by cookie answers with the user, and has no token in the body', async () => {
    const api = await startApi();
    const { status, body, text, setCookies } = await api.send('POST', '/api/users/authenticate', {
      body: { uid: 'toby', password: '123toby' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      message: 'Authentication for toby successful',
      data: { user: expect.objectContaining({ id: 1, uid: 'toby', role: 'admin', dob: '1847-02-11' }) },
    });
    expect(text).not.toMatch(/ey[A-Za-z0-9_-]+\./);
    expect(setCookies).toHaveLength(3);
    for (const each of setCookies) expect(Buffer.byteLength(each)).toBeLessThan(4096);
  });

  const tokenAge = 'Max-Age=3600';
  const refreshAge = 'Max-Age=604800';
  test.each([
    {
      profile: 'local',
      jwt: 'jwt',
      refresh: 'jwt_refresh',
      device: 'signet_device',
      common: ['HttpOnly', 'SameSite=Lax'],
    },
    {
      profile: 'same-origin',
      jwt: '__Host-jwt',
      refresh: '__Secure-jwt_refresh',
      device: '__Secure-signet_device',
      common: ['HttpOnly', 'SameSite=Strict', 'Secure'],
    },
    {
      profile: 'same-site',
      jwt: 'jwt',
      refresh: 'jwt_refresh',
      device: 'signet_device',
      common: ['HttpOnly', 'SameSite=Lax', 'Secure'],
    },
    {
      profile: 'cross-site',
      jwt: 'jwt',
      refresh: 'jwt_refresh',
      device: 'signet_device',
      common: ['HttpOnly', 'SameSite=None', 'Secure'],
    },
  ])(
    'sets exactly the cookies of the profile $profile',
    async ({ profile, jwt, refresh, device, common }) => {
      const api = await startApi({ env: { COOKIE_PROFILE: profile } });
      const { setCookies, cookie } = await api.signInByCookie('toby');
      expect(attributesOf(cookieOf(setCookies, jwt))).toEqual([...common, tokenAge, 'Path=/'].sort());
      expect(attributesOf(cookieOf(setCookies, refresh))).toEqual(
        [...common, refreshAge, 'Path=/api/sessions'].sort(),
      );
      expect(attributesOf(cookieOf(setCookies, device))).toEqual(
        [...common, 'Max-Age=34560000', 'Path=/api/users/authenticate'].sort(),
      );
      expect((await api.send('GET', '/protected', { cookie })).status).toBe(200);

      const gone = (await api.send('DELETE', '/api/sessions/current', { cookie })).setCookies;
      const expired = ['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'];
      expect(attributesOf(cookieOf(gone, jwt))).toEqual([...common, ...expired, 'Path=/'].sort());
      expect(attributesOf(cookieOf(gone, refresh))).toEqual(
        [...common, ...expired, 'Path=/api/sessions'].sort(),
      );
    },
  );

  test('sign-in by cookie adds Partitioned to the cross-site cookies if COOKIE_PARTITIONED is true', async () => {
    const api = await startApi({ env: { COOKIE_PROFILE: 'cross-site', COOKIE_PARTITIONED: 'true' } });
    for (const each of (await api.signInByCookie('toby')).setCookies)
      expect(attributesOf(each)).toContain('Partitioned');
  });
});

describe('a refused sign-in', () => {
  const routes = [
    { path: '/token', uid: 'username', message: 'Bad username or password' },
    { path: '/api/users/authenticate', uid: 'uid', message: 'Invalid user id or password' },
  ];

  test.each(routes)(
    'says the same of a wrong password and of an unknown user at $path',
    async ({ path, uid, message }) => {
      const api = await startApi();
      const wrong = await api.send('POST', path, { body: { [uid]: 'toby', password: 'wrong' } });
      const unknown = await api.send('POST', path, { body: { [uid]: 'nobody', password: 'wrong' } });
      for (const { status, body, headers, setCookies } of [wrong, unknown]) {
        expect(status).toBe(401);
        expect(body).toMatchObject({
          code: 'credentials_invalid',
          message,
          data: null,
          error: 'Unauthorized',
          status: 401,
        });
        expect(headers.get('www-authenticate')).toBe('Bearer realm="signet"');
        expect(setCookies).toEqual([]);
      }
      const { request_id: _one, ...first } = wrong.body;
      const { request_id: _other, ...second } = unknown.body;
      expect(second).toEqual(first);
    },
  );

  test.each([
    { body: undefined, message: 'Please provide user details' },
    { body: {}, message: 'Please provide user details' },
    { body: [], message: 'Please provide user details' },
    { body: 'null', message: 'Please provide user details' },
    { body: { password: 'x' }, message: 'User ID is missing' },
    { body: { uid: null, password: 'x' }, message: 'User ID is missing' },
    { body: { uid: { $gt: '' }, password: 'x' }, message: 'User ID is missing' },
    { body: { uid: 'toby' }, message: 'Password is missing' },
    { body: { uid: 'toby', password: ['123toby'] }, message: 'Password is missing' },
  ])('a refused sign-in says what is missing in $body', async ({ body, message }) => {
    const api = await startApi();
    const answer = await api.send('POST', '/api/users/authenticate', { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid_request', message });
  });

  test('a refused sign-in writes neither the password nor any token into the log', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn('toby');
    const { cookie } = await api.signInByCookie('toby');
    await api.send('POST', '/token', { body: { username: 'toby', password: 'my-wrong-password' } });
    await api.send('GET', `/protected?token=${token}`, { cookie });
    await api.send('GET', '/protected', { token });
    for (const secret of [
      '123toby',
      'my-wrong-password',
      token,
      refreshToken,
      ...cookie.split(/[=;]/).filter((part) => part.length > 20),
    ]) {
      expect(api.logged()).not.toContain(secret);
    }
    expect(api.logged()).toContain('GET /protected 200');
  });
});

describe('a stored password', () => {
  test('a stored password in Werkzeug’s format is rehashed with argon2id at the first sign-in, and the next sign-in works', async () => {
    const api = await startApi();
    const stored = async () => (await api.db('users').first('password').where({ uid: 'toby' })).password;
    expect(await stored()).toMatch(/^pbkdf2:sha256:600000\$/);
    await api.signIn('toby');
    const renewed = await stored();
    expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await api.signIn('toby');
    expect(await stored()).toBe(renewed);
  });

  test('a stored password is rehashed once, and every sign-in succeeds, when several first sign-ins run concurrently', async () => {
    const api = await startApi();
    await Promise.all([api.signIn('niko'), api.signIn('niko'), api.signIn('niko')]);
    await api.signIn('niko');
  });

  test.each([
    ['changed', (api: Api) => api.db('users').where({ uid: 'toby' }).update({ password: unusablePassword })],
    ['taken away with its user', (api: Api) => api.db('users').where({ uid: 'toby' }).delete()],
  ])('a stored password that is %s while a sign-in replaces its hash opens nothing', async (_how, change) => {
    const api = await startApi();
    await api.db('posts').delete();
    const { reached, open } = api.holdHashes();
    const signingIn = api.send('POST', '/token', { body: { username: 'toby', password: '123toby' } });
    await reached;
    await change(api);
    open();
    const { status, body } = await signingIn;
    expect([status, body.code]).toEqual([401, 'credentials_invalid']);
    expect(await api.db('sessions')).toEqual([]);
  });

  test('a stored password that is changed after a sign-in has read it opens nothing', async () => {
    const api = await startApi();
    await api.signIn('niko');
    const change = await api.db.transaction();
    await change('users').where({ uid: 'niko' }).update({ password: unusablePassword });
    const signingIn = api.send('POST', '/token', { body: { username: 'niko', password: '123niko' } });
    await untilBlocked(api);
    await change.commit();
    const { status, body } = await signingIn;
    expect([status, body.code]).toEqual([401, 'credentials_invalid']);
    expect(await api.db('sessions')).toHaveLength(1);
  });

  test('a stored password stays in the Flask app’s format under PASSWORD_HASH=pbkdf2:sha256', async () => {
    const api = await startApi({ env: { PASSWORD_HASH: 'pbkdf2:sha256' } });
    await api.signIn('toby');
    const { password } = await api.db('users').first('password').where({ uid: 'toby' });
    expect(password).toMatch(/^pbkdf2:sha256:600000\$[A-Za-z0-9]{10}\$[0-9a-f]{64}$/);
  });

  test('a stored password that cannot be read refuses every sign-in', async () => {
    const api = await startApi();
    for (const password of [
      '123toby',
      '',
      'pbkdf2:sha256:0$a$',
      'scrypt:3:8:1$salt$00',
      '$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
      '$argon2id$v=19$m=7,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
      '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      await api.db('users').where({ uid: 'toby' }).update({ password });
      const { status } = await api.send('POST', '/token', {
        body: { username: 'toby', password: '123toby' },
      });
      expect([password, status]).toEqual([password, 401]);
    }
  });
});
