import { describe, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createLimits } from '../src/limits/service.ts';
import { type Api, send, startApi } from './start-api.ts';

/**
 * The app behind a proxy. All users have signed in, so that their hashes are in the current, cheaper format.
 */
async function startBehindProxy({ processes = 1 } = {}) {
  const api = await startApi({ env: { TRUST_PROXY: '1' }, processes });
  await Promise.all([
    api.signIn('toby'),
    api.signIn('niko'),
    api.signIn('lex', '123qwerty'),
    api.signIn('hop'),
  ]);
  return api;
}

const from = (address: string) => ({ 'x-forwarded-for': address });
const guess = (api: Api, username = 'niko', address = '203.0.113.1', url = api.url, password = 'wrong') =>
  send(url, 'POST', '/token', { headers: from(address), body: { username, password } });

describe('guesses at a password', () => {
  test('guesses at a password are refused after the tenth, by every process and at both sign-in routes, while the owner signs in from another address', async () => {
    const api = await startBehindProxy({ processes: 2 });
    for (let count = 1; count <= 10; count += 1) expect((await guess(api)).status).toBe(401);
    const eleventh = await guess(api, 'niko', '203.0.113.1', api.urls[1]);
    expect([eleventh.status, eleventh.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(eleventh.headers.get('ratelimit-policy')).toBe('"sign-in-user-address";q=10;w=900');
    expect(eleventh.headers.get('ratelimit')).toMatch(/^"sign-in-user-address";r=0;t=\d+$/);

    const atOtherRoute = await api.send('POST', '/api/users/authenticate', {
      headers: from('203.0.113.1'),
      body: { uid: 'niko', password: '123niko' },
    });
    expect(atOtherRoute.status).toBe(429);
    expect((await guess(api, 'ＮＩＫＯ')).status).toBe(429);
    expect((await guess(api, 'niko', '198.51.100.7', api.url, '123niko')).status).toBe(200);
    expect((await guess(api, 'toby', '203.0.113.1', api.url, '123toby')).status).toBe(200);
  });

  test('guesses at a password for an unknown uid are limited in the same way', async () => {
    const api = await startBehindProxy();
    const statuses: number[] = [];
    for (let count = 1; count <= 11; count += 1) statuses.push((await guess(api, 'nobody')).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  test('guesses at a password are not all tried when sixty arrive at once', async () => {
    const api = await startBehindProxy({ processes: 2 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => guess(api, 'niko', '203.0.113.1', api.urls[index % 2])),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
  });

  test('guesses at a password are refunded when the hash queue is full and no password was checked', async () => {
    const api = await startBehindProxy();
    const release = api.occupyPasswords();
    for (let count = 1; count <= 12; count += 1) {
      const { status, body } = await guess(api, 'niko', '203.0.113.1', api.url, '123niko');
      expect([status, body.code]).toEqual([503, 'overloaded']);
    }
    await release();
    expect((await guess(api, 'niko', '203.0.113.1', api.url, '123niko')).status).toBe(200);
    // What is left are the two sign-ins that succeeded.
    expect(await api.db('limits').where('count', '>', 1).pluck('count')).toEqual([2]);
  });

  test('guesses at a password count for fifteen minutes', async () => {
    const api = await startBehindProxy();
    for (let count = 1; count <= 11; count += 1) await guess(api);
    api.advance(901);
    expect((await guess(api)).status).toBe(401);
  });

  test('guesses at a password still count after a successful sign-in of the same or of another user', async () => {
    const api = await startBehindProxy();
    for (let count = 1; count <= 9; count += 1) await guess(api);
    expect((await guess(api, 'niko', '203.0.113.1', api.url, '123niko')).status).toBe(200);
    expect((await guess(api, 'toby', '203.0.113.1', api.url, '123toby')).status).toBe(200);
    expect((await guess(api)).status).toBe(401);
    expect((await guess(api)).status).toBe(429);
  });

  test('guesses at a password from many addresses do not lock the owner out at an address from which they have signed in before', async () => {
    const api = await startBehindProxy();
    const home = '198.51.100.7';
    expect((await guess(api, 'niko', home, api.url, '123niko')).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 110 }, (_, index) => guess(api, 'niko', `203.0.113.${index}`)),
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect((await guess(api, 'niko', '203.0.113.250', api.url, '123niko')).status).toBe(429);
    expect((await guess(api, 'niko', home, api.url, '123niko')).status).toBe(200);
  });

  test('guesses at a password from one IPv6 /64 network count together, and successful sign-ins do not count', async () => {
    const api = await startBehindProxy();
    for (let count = 1; count <= 10; count += 1) await guess(api, 'niko', `2001:db8::${count}`);
    expect((await guess(api, 'niko', '2001:db8:0:0:ffff::1')).status).toBe(429);
    for (let count = 1; count <= 15; count += 1)
      expect((await guess(api, 'toby', '2001:db8:1::1', api.url, '123toby')).status).toBe(200);
  });

  test('guesses at the current password, when changing it, count in the same budget', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const statuses: number[] = [];
    for (let count = 1; count <= 11; count += 1) {
      const body = { current_password: 'wrong', new_password: 'alternating current' };
      statuses.push((await api.send('PUT', '/api/users/me/password', { token, body })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });
});

describe('a device on which the user has signed in before', () => {
  const byCookie = (api: Api, uid: string, password: string, cookie?: string) =>
    api.send('POST', '/api/users/authenticate', {
      headers: from('203.0.113.1'),
      body: { uid, password },
      ...(cookie !== undefined && { cookie }),
    });
  const deviceOf = async (api: Api, uid = 'niko', cookie?: string) => {
    const { setCookies } = await byCookie(api, uid, `123${uid}`, cookie);
    return setCookies.find((each) => each.startsWith('signet_device='))?.split(';', 1)[0] ?? '';
  };

  test('a device on which the user has signed in before signs in whatever its neighbours guess, after a sign-out too, in both flows', async () => {
    const api = await startBehindProxy();
    const device = await deviceOf(api);
    const { token } = await api.signIn('niko');
    await api.send('DELETE', '/api/sessions/current', { token });
    api.advance(4000);
    for (let count = 1; count <= 11; count += 1) await guess(api);
    expect((await byCookie(api, 'niko', '123niko')).status).toBe(429);
    await api.db('limits').update({ count: 3000 });
    expect((await byCookie(api, 'niko', '123niko', device)).status).toBe(200);
    const bearer = await api.send('POST', '/token', {
      token,
      headers: from('203.0.113.1'),
      body: { username: 'niko', password: '123niko' },
    });
    expect(bearer.status).toBe(200);
  });

  test('a device on which the user has signed in before has ten guesses of its own, and a user’s devices a hundred together', async () => {
    const api = await startBehindProxy();
    const device = await deviceOf(api);
    const statuses: number[] = [];
    for (let count = 1; count <= 11; count += 1)
      statuses.push((await byCookie(api, 'niko', 'wrong', device)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    expect((await byCookie(api, 'niko', '123niko', device)).headers.get('ratelimit-policy')).toBe(
      '"sign-in-device";q=10;w=900',
    );
    const another = await deviceOf(api);
    expect((await byCookie(api, 'niko', '123niko', another)).status).toBe(200);
    await api.db('limits').where({ count: 10 }).update({ count: 100 });
    expect((await byCookie(api, 'niko', '123niko', another)).status).toBe(429);
  });

  test('a device on which the user has signed in before says nothing for another user, and nothing if it was altered', async () => {
    const api = await startBehindProxy();
    const device = await deviceOf(api, 'toby');
    const own = await deviceOf(api);
    const altered = own.replace(/=2\./, '=1.');
    for (let count = 1; count <= 10; count += 1) await guess(api);
    expect((await byCookie(api, 'niko', '123niko', device)).status).toBe(429);
    for (let count = 1; count <= 10; count += 1) await guess(api, 'toby');
    expect((await byCookie(api, 'toby', '123toby', altered)).status).toBe(429);
    expect((await byCookie(api, 'toby', '123toby', device)).status).toBe(200);
  });

  test('a device on which the user has signed in before stays the same at the next sign-in, and remembers the other users of the browser', async () => {
    const api = await startBehindProxy();
    const device = await deviceOf(api);
    expect(await deviceOf(api, 'niko', device)).toBe(device);
    const both = await deviceOf(api, 'toby', device);
    for (let count = 1; count <= 11; count += 1) await guess(api);
    expect((await byCookie(api, 'niko', '123niko', both)).status).toBe(200);
    expect((await api.send('GET', '/protected', { cookie: both })).status).toBe(401);
  });
});

describe('sign-ins that succeed', () => {
  test('six hundred of one user in fifteen minutes succeed, and those of other users go on', async () => {
    const api = await startBehindProxy({ processes: 2 });
    await api.db('limits').where({ count: 1 }).update({ count: 599 });
    expect((await guess(api, 'niko', '203.0.113.1', api.urls[1], '123niko')).status).toBe(200);
    const rows = async () => [
      (await api.db('sessions')).length,
      (await api.db('audit_events').where({ event: 'sign_in' })).length,
    ];
    const before = await rows();
    const refused = await guess(api, 'niko', '198.51.100.7', api.url, '123niko');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign-in-success";q=600;w=900');
    expect(await rows()).toEqual(before);
    await api.signIn('toby');
    api.advance(901);
    expect((await guess(api, 'niko', '203.0.113.1', api.url, '123niko')).status).toBe(200);
  });

  test('a wrong password uses up nothing of the budget of sign-ins that succeed', async () => {
    const api = await startBehindProxy();
    await api.db('limits').where({ count: 1 }).update({ count: 599 });
    for (let count = 1; count <= 5; count += 1) expect((await guess(api)).status).toBe(401);
    expect((await guess(api, 'niko', '203.0.113.1', api.url, '123niko')).status).toBe(200);
  });

  test('sign-ins succeed while other uses of the hash pool take every place that they can get', async () => {
    const api = await startApi();
    const release = api.occupyPasswords('anyone');
    try {
      const account = { name: 'Puppet', uid: 'puppet', password: 'gravel-otter-17' };
      const signUp = () => api.send('POST', '/api/users/signup', { body: account });
      await expect.poll(async () => (await signUp()).body.code).toBe('overloaded');
      for (let count = 1; count <= 10; count += 1) await api.signIn('niko');
    } finally {
      await release();
    }
  });
});

describe('refreshes', () => {
  const refresh = (api: Api, refresh_token: string, url = api.url) =>
    send(url, 'POST', '/api/sessions/refresh', { body: { refresh_token } });

  test('refreshes with rubbish are refused after three thousand, while those with a good token go on at the same address', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    expect((await refresh(api, 'x')).headers.get('ratelimit-policy')).toBe('"refresh-invalid";q=3000;w=900');
    await api.db('limits').where({ count: 1 }).update({ count: 3000 });
    const refused = await refresh(api, 'x');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await refresh(api, refreshToken)).status).toBe(200);
    expect((await api.send('POST', '/api/sessions/refresh')).status).toBe(401);
  });

  test('refreshes with good tokens are limited for each session, and not for its neighbours', async () => {
    const api = await startApi({ processes: 2 });
    const [busy, calm] = [await api.signIn(), await api.signIn('toby')];
    const { headers, body } = await refresh(api, busy.refreshToken);
    expect(headers.get('ratelimit-policy')).toBe('"refresh";q=1000;w=900');
    expect(headers.get('ratelimit')).toMatch(/^"refresh";r=999;t=\d+$/);
    await api.db('limits').where({ count: 1 }).update({ count: 1000 });
    expect((await refresh(api, body.refresh_token, api.urls[1])).status).toBe(429);
    expect((await refresh(api, calm.refreshToken)).status).toBe(200);
    api.advance(901);
    expect((await refresh(api, body.refresh_token)).status).toBe(200);
  });
});

describe('the address that a trusted proxy forwards', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['"203.0.113.7:_hidden"', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['[fe80::1%eth0]:443', 'fe80::1'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ])(
    'the address that a trusted proxy forwards is understood in the form %s, without a warning',
    async (header, ip) => {
      const api = await startApi({ env: { TRUST_PROXY: '1' } });
      expect((await guess(api, 'niko', header, api.url, '123niko')).status).toBe(200);
      expect(await api.db('sessions').pluck('ip')).toEqual([ip]);
      expect(api.logged()).not.toContain('not an address');
    },
  );

  test('the address that a trusted proxy forwards counts guesses together, whatever port the proxy writes beside it', async () => {
    const api = await startBehindProxy();
    for (let count = 1; count <= 10; count += 1) await guess(api, 'niko', `203.0.113.7:${50_000 + count}`);
    expect((await guess(api, 'niko', '203.0.113.7:60000')).status).toBe(429);
    expect((await guess(api, 'niko', '203.0.113.8:60000')).status).toBe(401);
  });

  test.each(['unknown', '_hidden', '203.0.113.7:99999999', '999.1.1.1', 'evil" <script>'])(
    'is the proxy’s own for %s, which is logged once',
    async (header) => {
      const api = await startApi({ env: { TRUST_PROXY: '1' } });
      for (let count = 1; count <= 3; count += 1)
        expect((await guess(api, 'niko', header, api.url, '123niko')).status).toBe(200);
      expect(new Set(await api.db('sessions').pluck('ip'))).toEqual(new Set(['127.0.0.1']));
      expect(api.logged().split('X-Forwarded-For holds something that is not an address')).toHaveLength(2);
    },
  );
});

test('a forged X-Forwarded-For does not evade the limits when no proxy is trusted', async () => {
  const api = await startApi();
  const statuses: number[] = [];
  for (let count = 1; count <= 11; count += 1)
    statuses.push((await guess(api, 'niko', `203.0.113.${count}`)).status);
  expect(statuses.at(-1)).toBe(429);
});

test('attempts of the same users from the same addresses are counted and refunded concurrently without a deadlock', async () => {
  const { db } = await startApi();
  const limits = createLimits({ db, clock: createClock() });
  const attempts = Array.from({ length: 9 }, async (_, caller) => {
    for (let count = 0; count < 40; count += 1) {
      const uid = `user-${(caller + count) % 3}`;
      const ip = `203.0.113.${(caller + count) % 2}`;
      await limits.refund(await limits.beginSignIn({ uid, ip, isKnownAddress: false }));
    }
  });
  await Promise.all(attempts);
  expect(await db('limits').where('count', '>', 0)).toEqual([]);
});
