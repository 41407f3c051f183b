import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startApi } from './start-api.ts';

describe('the Authorization header', () => {
  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])(
    'the Authorization scheme %s is accepted',
    async (scheme) => {
      const api = await startApi();
      const { token } = await api.signIn();
      expect(
        (await api.send('GET', '/protected', { headers: { authorization: `${scheme} ${token}` } })).status,
      ).toBe(200);
    },
  );

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer =',
    'Bearer a=b',
    'Bearer é',
  ])('the Authorization header %j is malformed, and so 400', async (authorization) => {
    const api = await startApi();
    const { status, body } = await api.send('GET', '/protected', { headers: { authorization } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  test.each(['Basic dG9ieToxMjN0b2J5', 'Token abc', 'Digest x', 'abc', 'bearer\ta'])(
    'the Authorization header %j is of another scheme and carries no token',
    async (authorization) => {
      const api = await startApi();
      const { status, body, headers } = await api.send('GET', '/protected', { headers: { authorization } });
      expect([status, body.code]).toEqual([401, 'token_missing']);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="signet"');
    },
  );

  test('a bad Authorization header does not fall back to a good cookie', async () => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    const bad = [
      { authorization: 'Bearer x.y.z', status: 401 },
      { authorization: 'Bearer', status: 400 },
      { authorization: 'Basic eA==', status: 401 },
    ];
    for (const { authorization, status } of bad) {
      expect((await api.send('GET', '/protected', { cookie, headers: { authorization } })).status).toBe(
        status,
      );
    }
  });

  test('two Authorization headers are malformed, and so 400', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const status = await new Promise((resolve, reject) => {
      const sent = request(new URL('/protected', api.url), {
        headers: [
          'Authorization',
          `Bearer ${token}`,
          'Authorization',
          `Bearer ${token}`,
          'Host',
          'localhost',
        ],
      });
      sent
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe('the cookie', () => {
  test('two jwt cookies are refused, whichever is good', async () => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    for (const two of [`${cookie}; jwt=x`, `jwt=x; ${cookie}`, `${cookie}; ${cookie}`]) {
      const { status, body } = await api.send('GET', '/protected', { cookie: two });
      expect([status, body.code]).toEqual([401, 'cookies_ambiguous']);
      expect(body.hint).toMatch(/^Clear .*cookies/);
    }
  });

  test.each([
    'jwt=',
    'jwt',
    'jwt=j:{"a":1}',
    'jwt=%',
    'jwt="a"',
    `jwt=${'x'.repeat(5000)}`,
    '=jwt',
    ';;;',
    'jwt=\u00e9',
  ])('the Cookie header %s is 401', async (cookie) => {
    const api = await startApi();
    expect((await api.send('GET', '/protected', { cookie })).status).toBe(401);
  });
});

describe('a token in the wrong place', () => {
  test('a bearer token in the cookie and a cookie’s token in the header are refused', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { cookie } = await api.signInByCookie();
    const cookieToken = /jwt=([^;]+)/.exec(cookie)?.[1] ?? '';
    expect((await api.send('GET', '/protected', { cookie: `jwt=${token}` })).body.code).toBe('token_invalid');
    expect((await api.send('GET', '/protected', { token: cookieToken })).body.code).toBe('token_invalid');
  });

  test('a token in the URL or in other headers is ignored', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    for (const name of ['token', 'jwt', 'access_token'])
      expect((await api.send('GET', `/protected?${name}=${token}`)).status).toBe(401);
    expect(
      (
        await api.send('GET', '/protected', {
          headers: { 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` },
        })
      ).status,
    ).toBe(401);
  });
});
