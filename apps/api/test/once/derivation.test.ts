import { createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { derivationOf, derive, uncountedDerivations } from '../../src/auth/derivation.ts';

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
