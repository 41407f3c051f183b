import { createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { derivationOf, derive, uncountedDerivations } from '../../src/auth/derivation.ts';
import { createHashPlaces } from '../../src/auth/hash-places.ts';
import { readLegacyPassword, readStoredPassword, unusablePassword } from '../../src/auth/password-formats.ts';
import { costOf } from '../../src/auth/password-methods.ts';

const phc = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA';
const own = 'argon2id:19456:2:1';
const hex = (bytes: number) => '0f'.repeat(bytes);

describe('a method of Werkzeug', () => {
  test.each([
    ['md5', 16],
    ['sha1', 20],
    ['sha224', 28],
    ['sha256', 32],
    ['sha384', 48],
    ['sha512', 64],
    ['pbkdf2:sha256:1', 32],
    ['pbkdf2:md5:99999999', 16],
    ['scrypt:2:1:1', 64],
    ['scrypt:2:1:16', 64],
    ['scrypt:32768:1:16', 64],
    // 2^20 for N, and 256 MiB.
    ['scrypt:1048576:2:1', 64],
  ])('%s gives %i bytes', (method, bytes) => {
    expect(derivationOf(method, 'salt')).toEqual({ method, salt: 'salt', bytes });
  });

  test('is kept in one spelling', () => {
    expect(derivationOf('pbkdf2:sha1:0001000', 's')?.method).toBe('pbkdf2:sha1:1000');
    expect(derivationOf('scrypt:02:01:001', 's')?.method).toBe('scrypt:2:1:1');
  });

  test.each([
    '',
    'sha3_256',
    'sha256:1',
    'pbkdf2',
    'pbkdf2:sha256',
    'pbkdf2:sha256:',
    'pbkdf2:sha256:0',
    'pbkdf2:sha256:1:1',
    'pbkdf2:sha256:1:1:1',
    'pbkdf2:other:1',
    'pbkdf2:sha256:123456789',
    'pbkdf2:sha256:x1',
    'pbkdf2:sha256:1x',
    'pbkdf2:sha256:1e3',
    'scrypt',
    'scrypt:2',
    'scrypt:2:1',
    'scrypt:2:1:1:1',
    'scrypt:2:x:1',
    'scrypt:2:1e0:1',
    'scrypt:1:1:1',
    'scrypt:0:1:1',
    'scrypt:3:1:1',
    'scrypt:2097152:1:1',
    'scrypt:2:0:1',
    'scrypt:2:1:0',
    'scrypt:2:1:17',
    // N must be less than 2^(16 r).
    'scrypt:65536:1:1',
    'scrypt:1048576:3:1',
    'other:1',
    'other:2:1:1',
  ])('%s is unknown, or OpenSSL refuses its factors', (method) => {
    expect(derivationOf(method, 'salt')).toBeUndefined();
  });

  test('needs a salt, unless it is one hash', () => {
    for (const method of ['pbkdf2:sha256:1', 'scrypt:2:1:1'])
      expect(derivationOf(method, '')).toBeUndefined();
    expect(derivationOf('sha256', '')).toEqual({ method: 'sha256', salt: '', bytes: 32 });
  });

  test('without its count may mean each that was a default for its hash', () => {
    const countsOf = (hash: string) =>
      uncountedDerivations(hash, 's').map(({ method, salt }) => `${method} ${salt}`);
    const first = [1000, 50_000, 150_000, 260_000];
    expect(countsOf('sha1')).toEqual(first.map((count) => `pbkdf2:sha1:${count} s`));
    expect(countsOf('sha256')).toEqual(
      [...first, 600_000, 1_000_000].map((count) => `pbkdf2:sha256:${count} s`),
    );
    expect(countsOf('other')).toEqual([]);
  });

  test.each([
    ['sha256', '', createHash('sha256').update('a password').digest()],
    ['sha256', 'salt', createHmac('sha256', 'salt').update('a password').digest()],
    ['pbkdf2:sha1:7', 'salt', pbkdf2Sync('a password', 'salt', 7, 20, 'sha1')],
    ['scrypt:2:1:16', 'salt', scryptSync('a password', 'salt', 64, { N: 2, r: 1, p: 16 })],
    ['scrypt:1024:8:1', 'salt', scryptSync('a password', 'salt', 64, { N: 1024, r: 8, p: 1 })],
    [
      'scrypt:65536:8:2',
      'salt',
      scryptSync('a password', 'salt', 64, { N: 65_536, r: 8, p: 2, maxmem: 2 ** 28 }),
    ],
  ])('%s with the salt %j gives what OpenSSL gives', (method, salt, expected) => {
    const derivation = derivationOf(method, salt);
    expect(derivation && derive('a password', derivation).equals(expected)).toBe(true);
  });
});

describe('a stored password', () => {
  test('in argon2id is its PHC string', () => {
    expect(readStoredPassword(phc)).toEqual({ method: own, stored: { kind: 'argon2id', text: phc } });
  });

  test.each(['m=8,t=1,p=1', 'm=64,t=1,p=8', 'm=8,t=10,p=1', 'm=262144,t=2,p=8'])(
    'in argon2id may have the factors %s',
    (factors) => {
      const [m, t, p] = factors.split(',').map((factor) => factor.slice(2));
      expect(readStoredPassword(phc.replace('m=19456,t=2,p=1', factors))?.method).toBe(
        `argon2id:${m}:${t}:${p}`,
      );
    },
  );

  test.each([
    'm=7,t=1,p=1',
    'm=63,t=1,p=8',
    'm=8,t=11,p=1',
    'm=72,t=1,p=9',
    'm=262145,t=1,p=1',
    'm=262144,t=3,p=1',
    'm=19456,t=2x,p=1',
    'm=19456,t=2,p=1x',
  ])('in argon2id has not the factors %s', (factors) => {
    expect(readStoredPassword(phc.replace('m=19456,t=2,p=1', factors))).toBeUndefined();
  });

  test.each(['pbkdf2:sha256:600000', 'scrypt:32768:8:1'])('by %s has its hash as bytes', (method) => {
    const bytes = method.startsWith('scrypt') ? 64 : 32;
    expect(readStoredPassword(`${method}$salt$${hex(bytes)}`)).toEqual({
      method,
      stored: {
        kind: 'derived',
        derivation: { method, salt: 'salt', bytes },
        hash: Buffer.from(hex(bytes), 'hex'),
      },
    });
  });

  test('costs 950 ms at most', () => {
    expect(readStoredPassword(`pbkdf2:sha256:3800000$salt$${hex(32)}`)).toBeDefined();
    expect(readStoredPassword(`pbkdf2:sha256:3800001$salt$${hex(32)}`)).toBeUndefined();
  });

  test.each([
    ['sha256', own, ['sha256']],
    ['pbkdf2:sha1:1000', `pbkdf2:sha1:1000+${own}`, ['pbkdf2:sha1:1000']],
    ['scrypt:2:1:1', `scrypt:2:1:1+${own}`, ['scrypt:2:1:1']],
    [
      'pbkdf2:md5',
      'uncounted:md5',
      ['pbkdf2:md5:1000', 'pbkdf2:md5:50000', 'pbkdf2:md5:150000', 'pbkdf2:md5:260000'],
    ],
  ])('that wraps %s is checked by %s', (form, method, methods) => {
    const salt = 's'.repeat(64);
    const read = readStoredPassword(`wrapped:${form}$${salt}$${phc}`);
    expect(read).toMatchObject({ method, stored: { kind: 'wrapped', text: phc } });
    const { derivations = [] } = read?.stored.kind === 'wrapped' ? read.stored : {};
    expect(derivations.map((each) => each.method)).toEqual(methods);
    expect(new Set(derivations.map((each) => each.salt))).toEqual(new Set([salt]));
  });

  test.each([
    '',
    unusablePassword,
    `x${phc}`,
    `${phc}$`,
    `xpbkdf2:sha256:1$salt$${hex(32)}`,
    `!pbkdf2:sha256:1$salt$${hex(32)}`,
    `pbkdf2:sha256:1$salt$${hex(32)}x`,
    `PBKDF2:sha256:1$salt$${hex(32)}`,
    `pbkdf2:sha256:1$salt$${hex(31)}`,
    `pbkdf2:sha256:1$sa$lt$${hex(32)}`,
    `xwrapped:sha256$salt$${phc}`,
    `wrapped:sha256$salt$${phc}$`,
    `wrapped:other$salt$${phc}`,
    `wrapped:xpbkdf2:md5$salt$${phc}`,
    `wrapped:sha256$salt$$argon2id$other`,
    `wrapped:sha256$${'s'.repeat(65)}$${phc}`,
  ])('is not read from %j', (text) => {
    expect(readStoredPassword(text)).toBeUndefined();
  });

  test('that is unusable is a text', () => {
    // The column is not null, and '' is what an import may find.
    expect(unusablePassword).toBe('!');
  });
});

describe('an older hash of Werkzeug', () => {
  test.each([
    [`sha256$salt$${hex(32)}`, own, 'wrapped:sha256$salt$'],
    [`md5$$${hex(16)}`, own, 'wrapped:md5$$'],
    [`pbkdf2:sha1:1000$salt$${hex(20)}`, `pbkdf2:sha1:1000+${own}`, 'wrapped:pbkdf2:sha1:1000$salt$'],
    [`pbkdf2:sha256:0$salt$${hex(32)}`, 'uncounted:sha256', 'wrapped:pbkdf2:sha256:0$salt$'],
    [`pbkdf2:sha256:$salt$${hex(32)}`, 'uncounted:sha256', 'wrapped:pbkdf2:sha256:$salt$'],
    // 950 ms with what is around it.
    [
      `pbkdf2:sha1:1763200$salt$${hex(20)}`,
      `pbkdf2:sha1:1763200+${own}`,
      'wrapped:pbkdf2:sha1:1763200$salt$',
    ],
    // 20 ms are slow enough to be stored as they are.
    [
      `pbkdf2:sha256:79999$salt$${hex(32)}`,
      `pbkdf2:sha256:79999+${own}`,
      'wrapped:pbkdf2:sha256:79999$salt$',
    ],
  ])('%s is wrapped', (text, method, begin) => {
    const read = readLegacyPassword(text);
    expect(read).toMatchObject({ method, digest: text.split('$').at(-1) });
    expect(read?.wrap(phc)).toBe(`${begin}${phc}`);
    expect(readStoredPassword(`${begin}${phc}`)?.method).toBe(method);
  });

  test.each([
    phc,
    `pbkdf2:sha256:80000$salt$${hex(32)}`,
    `sha256$salt$${hex(31)}`,
    `xsha256$salt$${hex(32)}`,
    `pbkdf2:sha1:1763201$salt$${hex(20)}`,
    'sha256$salt$',
    '',
  ])('is not %j', (text) => {
    expect(readLegacyPassword(text)).toBeUndefined();
  });
});

test.each([
  [[own], 68.4],
  [['scrypt:32768:8:1'], 128],
  [['scrypt:32768:8:2'], 256],
  [['pbkdf2:sha256:600000'], 150],
  [['pbkdf2:sha1:1000000'], 500],
  [['uncounted:sha256'], 0.25 * (1 + 50 + 150 + 260 + 600 + 1000) + 6 * 68.4],
  [['uncounted:other'], 0],
  [['pbkdf2:other:1000000'], 0],
  [['other:1000000:9:9'], 0],
  [[], 0],
  [[`pbkdf2:sha1:1000000+${own}`, own, 'pbkdf2:sha1:1000000'], 568.4],
])('the methods %j together cost %d ms', (methods, ms) => {
  expect(costOf(...methods)).toBeCloseTo(ms, 6);
});

describe('the places of the pool', () => {
  const take = (places: ReturnType<typeof createHashPlaces>, by: 'sign-in' | 'anyone' | number) => {
    try {
      return places.take(by);
    } catch {
      return undefined;
    }
  };

  test('are all for sign-ins, and half of them for the others', () => {
    const places = createHashPlaces(8);
    const frees = Array.from({ length: 5 }, () => take(places, 'anyone'));
    expect(frees.map((free) => free !== undefined)).toEqual([true, true, true, true, false]);
    for (let count = 0; count < 4; count += 1) expect(take(places, 'sign-in')).toBeDefined();
    expect(take(places, 'sign-in')).toBeUndefined();
    expect(places.taken()).toBe(8);
    frees[0]?.();
    expect(take(places, 'anyone')).toBeDefined();
    expect(() => places.take('anyone')).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterSeconds: 2 }),
    );
  });

  test('are four for each user, who gets them back', () => {
    const places = createHashPlaces(100);
    const frees = Array.from({ length: 5 }, () => take(places, 7));
    expect(frees.map((free) => free !== undefined)).toEqual([true, true, true, true, false]);
    for (let count = 0; count < 5; count += 1) expect(take(places, 'anyone')).toBeDefined();
    expect(take(places, 8)).toBeDefined();
    for (const free of frees) free?.();
    expect(places.taken()).toBe(6);
    for (let count = 0; count < 4; count += 1) expect(take(places, 7)).toBeDefined();
    expect(take(places, 7)).toBeUndefined();
  });
});
