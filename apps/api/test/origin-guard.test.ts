import { describe, expect, test } from 'vitest';
import { startApi, webOrigin } from './start-api.ts';

const name = (text: string) => ({ name: text });

describe('an unsafe request with our cookie', () => {
  test.each([
    { headers: { origin: webOrigin }, why: 'a listed origin' },
    {
      headers: { origin: webOrigin, 'sec-fetch-site': 'cross-site' },
      why: 'a listed origin on another site',
    },
    { headers: { 'sec-fetch-site': 'same-origin' }, why: 'a page of the same origin' },
    { headers: { 'sec-fetch-site': 'none' }, why: 'the address bar' },
    { headers: {}, why: 'a client that is not a browser' },
  ])('an unsafe request with our cookie passes from $why', async ({ headers }) => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    expect((await api.send('PATCH', '/api/users/2', { cookie, headers, body: name('Changed') })).status).toBe(
      200,
    );
  });

  test('an unsafe request with our cookie passes from a page that the API itself serves', async () => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    expect(
      (await api.send('PATCH', '/api/users/2', { cookie, origin: api.url, body: name('Changed') })).status,
    ).toBe(200);
  });

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:41000' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'garbage' },
  ])('an unsafe request with our cookie is refused with %j, and the session goes on', async (headers) => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    const attempts = [
      ['PATCH', '/api/users/2', name('Hacked')],
      ['PUT', '/api/users/me/password', { current_password: '123niko', new_password: 'attackers own' }],
      ['DELETE', '/api/users/2', undefined],
      ['DELETE', '/api/sessions', undefined],
      ['DELETE', '/api/sessions/current', undefined],
      ['POST', '/api/sessions/refresh', undefined],
    ] as const;
    for (const [method, path, body] of attempts) {
      const answer = await api.send(method, path, {
        cookie,
        headers: headers as Record<string, string>,
        body,
      });
      expect([path, answer.status, answer.body.code, answer.setCookies]).toEqual([
        path,
        403,
        'origin_refused',
        [],
      ]);
    }
    const { status, body } = await api.send('GET', '/api/users/me', { cookie });
    expect([status, body.name]).toEqual([200, 'Nicholas Tesla']);
  });
});

test('a foreign page can neither sign in, sign up nor refresh, even without a cookie', async () => {
  const api = await startApi();
  const { refreshToken } = await api.signIn();
  const attempts = [
    ['/token', { username: 'niko', password: '123niko' }],
    ['/api/users/authenticate', { uid: 'niko', password: '123niko' }],
    ['/api/users/signup', { name: 'Eve', uid: 'eve', password: 'a fine password' }],
    ['/api/sessions/refresh', { refresh_token: refreshToken }],
  ] as const;
  for (const [path, body] of attempts) {
    const answer = await api.send('POST', path, { origin: 'https://evil.example', body });
    expect([path, answer.status, answer.setCookies]).toEqual([path, 403, []]);
  }
});

test('a request with a bearer token passes from any origin, because no page can make a browser add it', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  expect(
    (
      await api.send('PATCH', '/api/users/2', {
        token,
        origin: 'https://evil.example',
        body: name('Changed'),
      })
    ).status,
  ).toBe(200);
});
