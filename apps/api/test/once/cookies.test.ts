import { cookieProfiles } from '@signet/contracts';
import { expect, test } from 'vitest';
import { createCookies } from '../../src/auth/cookies.ts';

const seconds = { tokenSeconds: 3600, refreshSeconds: 604_800 };

/** The attributes of a `Set-Cookie` value, in any order, and the pair before them. */
function read(setCookie: string | undefined): { pair: string; attributes: readonly string[] } {
  const [pair = '', ...attributes] = (setCookie ?? '').split('; ');
  return { pair, attributes: attributes.toSorted() };
}

const expected = {
  local: { prefix: ['', ''], attributes: ['HttpOnly', 'SameSite=Lax'] },
  'same-origin': { prefix: ['__Host-', '__Secure-'], attributes: ['HttpOnly', 'SameSite=Strict', 'Secure'] },
  'same-site': { prefix: ['', ''], attributes: ['HttpOnly', 'SameSite=Lax', 'Secure'] },
  'cross-site': { prefix: ['', ''], attributes: ['HttpOnly', 'SameSite=None', 'Secure'] },
} as const;

const cases = cookieProfiles.flatMap((profile) =>
  [false, true].map((partitioned) => ({ profile, partitioned })),
);

test.each(cases)(
  'under COOKIE_PROFILE=$profile and COOKIE_PARTITIONED=$partitioned each cookie has exactly the attributes of its profile',
  ({ profile, partitioned }) => {
    const { prefix, attributes } = expected[profile];
    const cookies = createCookies({ profile, partitioned, ...seconds });
    const all = [...attributes, ...(profile === 'cross-site' && partitioned ? ['Partitioned'] : [])];
    const [jwt, refresh, ...others] = cookies.set('a.b.c', 'd.1.e').map(read);
    expect(others).toEqual([]);
    expect(jwt).toEqual({
      pair: `${prefix[0]}jwt=a.b.c`,
      attributes: [...all, 'Path=/', 'Max-Age=3600'].toSorted(),
    });
    expect(refresh).toEqual({
      pair: `${prefix[1]}jwt_refresh=d.1.e`,
      attributes: [...all, 'Path=/api/sessions', 'Max-Age=604800'].toSorted(),
    });
    const device = read(cookies.setDevice('1.x.y'));
    expect(device.pair).toMatch(/signet_device=1\.x\.y$/);
    expect(device.attributes).toEqual(
      [...all, 'Path=/api/users/authenticate', 'Max-Age=34560000'].toSorted(),
    );
  },
);

test.each(cases)(
  'under COOKIE_PROFILE=$profile and COOKIE_PARTITIONED=$partitioned a cookie is removed with the attributes it was set with',
  ({ profile, partitioned }) => {
    const cookies = createCookies({ profile, partitioned, ...seconds });
    const set = cookies.set('a', 'b').map(read);
    const cleared = cookies.clear().map(read);
    expect(cleared).toHaveLength(2);
    for (const [index, { pair, attributes }] of cleared.entries()) {
      expect(pair).toBe(set[index]?.pair.replace(/=.$/, '='));
      const kept = set[index]?.attributes.filter((each) => !each.startsWith('Max-Age')) ?? [];
      expect(attributes).toEqual([...kept, 'Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'].toSorted());
    }
  },
);

const cookies = createCookies({ profile: 'local', partitioned: false, ...seconds });

test('every value of the cookies of a request is read, also where a name comes twice, and no other cookie', () => {
  const headers = { cookie: 'a=1; jwt=one; jwt_refresh=r; jwt=two; signet_device=d; xjwt=no' };
  expect(cookies.readAll(headers)).toEqual({ tokens: ['one', 'two'], refreshTokens: ['r'] });
  expect(cookies.readDevices(headers)).toEqual(['d']);
  expect(cookies.readAll({})).toEqual({ tokens: [], refreshTokens: [] });
  expect(cookies.readDevices({})).toEqual([]);
});

test.each([
  ['jwt=a', true],
  ['jwt_refresh=a', true],
  ['jwt=a; jwt_refresh=b', true],
  ['signet_device=a; other=b', false],
  [undefined, false],
])('whether the cookies %s are those of a session: %s', (cookie, expected) => {
  expect(cookies.arePresent(cookie === undefined ? {} : { cookie })).toBe(expected);
});

test('a cookie that cookie-parser has made an object of is no token', () => {
  const headers = { cookie: 'jwt=j:{"a":1}' };
  expect(cookies.readToken({ headers, cookies: { jwt: { a: 1 } } })).toBeUndefined();
  expect(cookies.readToken({ headers, cookies: { jwt: 'a.b.c' } })).toBe('a.b.c');
});
