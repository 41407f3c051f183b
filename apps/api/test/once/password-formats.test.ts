import { describe, expect, test } from 'vitest';
import { readLegacyPassword, readStoredPassword, unusablePassword } from '../../src/auth/password-formats.ts';

const phc = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA';
const own = 'argon2id:19456:2:1';
const hex = (bytes: number) => '0f'.repeat(bytes);

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
