import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  AuditQuery,
  ChangePassword,
  Claims,
  CreateUser,
  Credentials,
  DateOfBirth,
  endpoints,
  isDay,
  Moment,
  Name,
  NewPassword,
  PageQuery,
  ReplaceUser,
  refusalEvents,
  SessionId,
  SignUp,
  TokenHeader,
  Uid,
  UpdateUser,
  User,
  UserQuery,
} from '../src/index.ts';

function messageOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}

describe('dates', () => {
  test.each(['2020-02-29', '2000-02-29', '1847-02-11', '0001-01-01', '9999-12-31', '2021-04-30'])(
    '%s is a day',
    (text) => {
      expect(DateOfBirth.parse(text)).toBe(text);
    },
  );

  test.each([
    '2020-02-30',
    '2021-02-29',
    '1900-02-29',
    '2021-04-31',
    '2021-00-10',
    '2021-13-01',
    '2021-01-00',
    '2021-01-32',
    '0000-01-01',
    '2021-1-1',
    '21-01-01',
    '2021/01/01',
    '01-31-2021',
    '2021-01-01T00:00:00Z',
    ' 2021-01-01',
    '2021-01-01\n',
    '٢٠٢١-٠١-٠١',
    '',
  ])('the date of birth %j is refused with the message of the article', (text) => {
    expect(messageOf(DateOfBirth, text)).toBe(`Date of birth format error ${text}, must be yyyy-mm-dd`);
  });

  test('a date of birth that is not text is named by its type in the message, and a long text is cut', () => {
    expect(messageOf(DateOfBirth, 20200101)).toBe('Date of birth format error number, must be yyyy-mm-dd');
    expect(messageOf(DateOfBirth, 'x'.repeat(5000))?.length).toBeLessThan(100);
  });

  test('a date of birth is accepted exactly if the calendar has that day', () => {
    const pad = (number: number, length: number) => String(number).padStart(length, '0');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 19 }),
        fc.integer({ min: 0, max: 39 }),
        (year, month, day) => {
          const date = new Date(0);
          date.setUTCFullYear(year, month - 1, day);
          const exists =
            date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          expect(isDay(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)).toBe(exists);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('user ids', () => {
  test.each([
    'to',
    'toby',
    'a.b-c_d@example.org',
    'Zoë',
    '李雷',
    'उमा',
    'हिन्दी',
    'Nguyễn'.normalize('NFD'),
    'ngũ\u0323',
    'שָׁלוֹם',
    'مُحَمَّد',
    '7\u0308',
    '42',
    'x'.repeat(255),
  ])('%j is a user id', (uid) => {
    expect(Uid.parse(uid)).toBe(uid.normalize('NFKC'));
  });

  test.each([
    ['', 'User ID is missing, or is less than 2 characters'],
    ['t', 'User ID is missing, or is less than 2 characters'],
    [undefined, 'User ID is missing, or is less than 2 characters'],
    [7, 'User ID is missing, or is less than 2 characters'],
    ['x'.repeat(256), 'User ID is more than 255 characters'],
    ['to by', 'User ID may have letters, digits and _ . - @ only'],
    [' toby', 'User ID may have letters, digits and _ . - @ only'],
    ['toby\n', 'User ID may have letters, digits and _ . - @ only'],
    ['to\0by', 'User ID may have letters, digits and _ . - @ only'],
    ['to/by', 'User ID may have letters, digits and _ . - @ only'],
    ["to'by", 'User ID may have letters, digits and _ . - @ only'],
    ['to\u200bby', 'User ID may have letters, digits and _ . - @ only'],
    ['to\u202eby', 'User ID may have letters, digits and _ . - @ only'],
    ['niko\ufe0f', 'User ID may have letters, digits and _ . - @ only'],
    ['niko\u034f', 'User ID may have letters, digits and _ . - @ only'],
    ['\u{e0100}niko', 'User ID may have letters, digits and _ . - @ only'],
    ['\u115fniko', 'User ID may have letters, digits and _ . - @ only'],
    ['\u3164niko', 'User ID may have letters, digits and _ . - @ only'],
    ['niko\uffa0', 'User ID may have letters, digits and _ . - @ only'],
    ['\u0301\u0301', 'User ID may have letters, digits and _ . - @ only'],
    ['\u0301toby', 'User ID may have letters, digits and _ . - @ only'],
    ['to.\u0301by', 'User ID may have letters, digits and _ . - @ only'],
    ['toby\u20dd', 'User ID may have letters, digits and _ . - @ only'],
  ])('the user id %j is refused, with its reason', (uid, message) => {
    expect(messageOf(Uid, uid)).toBe(message);
  });

  test('a user id with any invisible character is refused', () => {
    const taken = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      if (/\p{Default_Ignorable_Code_Point}/u.test(character) && Uid.safeParse(`niko${character}`).success)
        taken.push(code);
    }
    expect(taken).toEqual([]);
  });

  test('user ids that look the same become the same text', () => {
    expect(Uid.parse('\uff54\uff4f\uff42\uff59')).toBe('toby');
    expect(Uid.parse('ﬁnn')).toBe('finn');
    expect(Uid.parse('Zoe\u0308')).toBe('Zo\u00eb');
  });

  test('the length of a user id is counted in NFKC, which can be much longer than what was sent', () => {
    // One character of Arabic, whose NFKC form has eighteen, two of them spaces.
    expect(Uid.safeParse('ﷺ').success).toBe(false);
    expect(Uid.safeParse('ﬃ'.repeat(100)).success).toBe(false);
    expect(Uid.parse('ﬃ')).toBe('ffi');
  });

  test('a parsed user id parses again, unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 2, maxLength: 20 }), (text) => {
        const first = Uid.safeParse(text);
        if (first.success) expect(Uid.parse(first.data)).toBe(first.data);
      }),
      { numRuns: 500 },
    );
  });
});

describe('names and passwords', () => {
  test.each([
    ['', 'Name is missing, or is less than 2 characters'],
    ['  a  ', 'Name is missing, or is less than 2 characters'],
    [null, 'Name is missing, or is less than 2 characters'],
    ['x'.repeat(256), 'Name is more than 255 characters'],
    ['Ada\u0007Lovelace', 'Name has a control character'],
  ])('%j is no name of a user', (name, message) => {
    expect(messageOf(Name, name)).toBe(message);
  });

  test('a name loses the spaces around it, a password keeps every character', () => {
    expect(Name.parse('  Ada Lovelace ')).toBe('Ada Lovelace');
    expect(NewPassword.parse('  pass word  ')).toBe('  pass word  ');
  });

  test.each([
    ['1234567', 'Password is less than 8 characters'],
    ['x'.repeat(257), 'Password is more than 256 characters'],
    ['password\0', 'Password has a control character'],
    ['pass\u0085word', 'Password has a control character'],
    [12345678, 'Password is missing'],
  ])('%j is no new password', (password, message) => {
    expect(messageOf(NewPassword, password)).toBe(message);
  });

  test('a password at sign-in may be shorter than a new one, because the demo users have such, but not empty', () => {
    expect(Credentials.parse({ uid: 'hop', password: 'x' })).toEqual({ uid: 'hop', password: 'x' });
    expect(messageOf(Credentials, { uid: 'hop', password: '' })).toBe('Password is missing');
    expect(messageOf(Credentials, { uid: '', password: 'x' })).toBe('User ID is missing');
  });
});

const ada = { name: 'Ada', uid: 'ada', password: 'analytical' };

test.each([
  ['SignUp', SignUp, ada],
  ['CreateUser', CreateUser, { ...ada, role: 'admin', dob: null }],
  ['ReplaceUser', ReplaceUser, { name: 'Ada', uid: 'ada', dob: '1815-12-10' }],
  ['UpdateUser', UpdateUser, {}],
  ['ChangePassword', ChangePassword, { current_password: 'x', new_password: 'analytical' }],
] as const)('%s accepts the members that it names, and refuses any other', (_, schema, value) => {
  expect(schema.parse(value)).toEqual(value);
  expect(schema.safeParse({ ...value, id: 1 }).success).toBe(false);
  for (const nothing of [undefined, null, [], 'text', 1])
    expect(messageOf(schema, nothing)).toBe('Please provide user details');
});

test('a sign-up with a role is refused', () => {
  expect(SignUp.safeParse({ ...ada, role: 'admin' }).success).toBe(false);
  expect(messageOf(CreateUser, { ...ada, role: 'root' })).toBe('Role must be user or admin');
});

test('an answer with the password of a user does not parse', () => {
  const user = {
    id: 1,
    name: 'Ada',
    uid: 'ada',
    role: 'user',
    created_at: '2026-01-31T12:00:00.000Z',
    updated_at: '2026-01-31T12:00:00.000Z',
  };
  expect(User.parse(user)).toEqual(user);
  expect(User.safeParse({ ...user, password: 'pbkdf2:…' }).success).toBe(false);
});

test.each(['0', '-1', '1.5', '1e3', '0x1', '01', ' 1', '9007199254740993', '', 'me'])(
  '%j is no id of a user',
  (id) => {
    expect(endpoints.readUser.params.safeParse({ id }).success).toBe(false);
  },
);

test.each([
  [{ limit: '0' }, 'limit must be at least 1'],
  [{ limit: '501' }, 'limit must be at most 500'],
  [{ limit: '-1' }, 'limit must be at least 1'],
  [{ limit: ['1', '2'] }, 'limit must be a whole number'],
  [{ limit: ['5'] }, 'limit must be a whole number'],
  [{ limit: '1.5' }, 'limit must be a whole number'],
  [{ limit: 'all' }, 'limit must be a whole number'],
  [{ after: "1' or 1=1" }, 'after is not a cursor of this API'],
  [{ after: '' }, 'after is not a cursor of this API'],
])('%j asks for no page', (query, message) => {
  expect(messageOf(PageQuery, query)).toBe(message);
});

test.each([
  '1e2',
  '0x10',
  '0b1',
  '+5',
  ' 5',
  '5 ',
  '5\n',
  '5.0',
  '007',
  '00',
  '',
  '1_0',
  '٥',
  'Infinity',
  '9'.repeat(400),
])('the limit %j is refused, because a number has one form only', (limit) => {
  expect(messageOf(PageQuery, { limit })).toBe('limit must be a whole number');
});

test('a page has 100 items by default', () => {
  expect(PageQuery.parse({})).toEqual({ limit: 100 });
  expect(PageQuery.parse({ limit: '500', after: 'Mg' })).toEqual({ limit: 500, after: 'Mg' });
  expect(PageQuery.parse({ limit: '1' })).toEqual({ limit: 1 });
});

describe('filters of lists', () => {
  test('the names of events come with commas, repeated, or both', () => {
    const event = ['sign_in', 'sign_out', 'sign_in'];
    for (const given of ['sign_in,sign_out,sign_in', event, ['sign_in,sign_out', 'sign_in']])
      expect(AuditQuery.parse({ event: given }).event).toEqual(event);
    expect(AuditQuery.parse({}).event).toBeUndefined();
  });

  test('every event that records a refusal is an event', () => {
    expect(AuditQuery.parse({ event: refusalEvents.join(',') }).event).toEqual(refusalEvents);
  });

  test.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
  ])('the moment %s is %s', (given, moment) => {
    expect(Moment.parse(given)).toBe(moment);
  });

  test.each(['', '2026', '2026-02-30', '2026-01-31T12:00:00', '31.1.2026', 'now'])(
    'a moment that is written as "%s" is refused with an example',
    (given) => {
      expect(messageOf(AuditQuery, { from: given })).toMatch(/^A time must be in ISO 8601, such as /);
    },
  );

  test('a search cannot be sorted, and a q of spaces is no search', () => {
    expect(messageOf(UserQuery, { q: 'ni', sort: 'name' })).toMatch(/^A search is sorted by what matched/);
    expect(UserQuery.parse({ q: ' ', sort: 'name' })).toMatchObject({ sort: 'name' });
  });
});

describe('tokens', () => {
  const header = { alg: 'HS256', typ: 'at+jwt', kid: 'k' };

  test.each([
    { alg: 'none' },
    { alg: 'HS512' },
    { typ: 'JWT' },
    { kid: '' },
    { crit: [] },
    { jku: 'https://a.example' },
    { jwk: {} },
    { x5u: '' },
    { b64: false },
  ])('the header of a token with %j is refused', (change) => {
    expect(TokenHeader.parse(header)).toEqual(header);
    expect(TokenHeader.safeParse({ ...header, ...change }).success).toBe(false);
  });

  const claims = {
    iss: 'i',
    aud: 'a',
    sub: '12',
    _uid: 'toby',
    sid: 'x'.repeat(22),
    jti: 'an id',
    iat: 1,
    exp: 2,
  };

  test.each([
    { sub: 1 },
    { sub: '0' },
    { sub: '12345678901234567' },
    { sub: '1 or 1' },
    { exp: '2' },
    { exp: Number.POSITIVE_INFINITY },
    { exp: 1.5 },
    { iat: -1 },
    { sid: 'x' },
    { aud: ['a'] },
    { _uid: '' },
    { jti: '' },
  ])('the claims of a token with %j are refused', (change) => {
    expect(Claims.parse(claims)).toEqual(claims);
    expect(Claims.safeParse({ ...claims, ...change }).success).toBe(false);
  });

  test.each(['1', '12', '1234567890123456'])('the user id %s may be the subject of a token', (sub) => {
    expect(Claims.parse({ ...claims, sub })).toEqual({ ...claims, sub });
  });

  test('the id of a session has 128 bits in base64url', () => {
    const id = Buffer.from(Array(16).fill(255)).toString('base64url');
    expect(SessionId.parse(id)).toBe(id);
    for (const other of [id.slice(1), `${id}A`, id.replace('_', '/'), `${id}\n`])
      expect(SessionId.safeParse(other).success).toBe(false);
  });
});
