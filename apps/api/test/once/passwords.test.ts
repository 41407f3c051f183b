import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createPasswords, methodOf } from '../../src/auth/passwords.ts';

const passwords = createPasswords({ passwordHash: 'argon2id', threads: 2 });
afterAll(() => passwords.close());

/** As Werkzeug's generate_password_hash writes them. */
const pbkdf2 = (password: string, iterations: number, salt: string) =>
  `pbkdf2:sha256:${iterations}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('hex')}`;
const scrypt = (password: string, salt: string) =>
  `scrypt:32768:8:1$${salt}$${scryptSync(password, salt, 64, { N: 32_768, r: 8, p: 1, maxmem: 2 ** 26 }).toString('hex')}`;

describe('a stored password', () => {
  test.each([
    ['argon2id', async () => passwords.hash('correct horse')],
    ['pbkdf2 of 260 000 rounds', async () => pbkdf2('correct horse', 260_000, 'abcdefghij')],
    ['pbkdf2 of 600 000 rounds', async () => pbkdf2('correct horse', 600_000, 'ABCDEFGHIJKLMNOP')],
    ['scrypt', async () => scrypt('correct horse', 'abcdefghijklmnop')],
  ])('in %s is matched by its password and by no other', async (_name, make) => {
    const stored = await make();
    expect(await passwords.verify('correct horse', stored, [])).toBe(true);
    for (const other of ['Correct horse', 'correct horse ', '', 'correct', 'correct horse\u00e9']) {
      expect([other, await passwords.verify(other, stored, [])]).toEqual([other, false]);
    }
  });

  test.each([
    'plain text',
    '',
    'pbkdf2:sha256:0$salt$00',
    `pbkdf2:sha256:99999999$salt$${'0'.repeat(64)}`,
    `pbkdf2:md5:1000$salt$${'0'.repeat(64)}`,
    `pbkdf2:sha256:1000$salt$${'0'.repeat(62)}`,
    `scrypt:1048576:8:16$salt$${'0'.repeat(128)}`,
    `scrypt:32767:8:1$salt$${'0'.repeat(128)}`,
    `scrypt:32768:999:1$salt$${'0'.repeat(128)}`,
    '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g',
    '$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g',
    '$2b$12$abcdefghijklmnopqrstuv',
    // What the libraries themselves reject: memory below 8 blocks a lane, base64 with spare bits or of no possible
    // length, a salt under 8 bytes, factors with a leading zero, an N too large for its r.
    '$argon2id$v=19$m=7,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=63,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHR$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAB',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbA$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=019456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=02,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    `scrypt:65536:1:1$salt$${'0'.repeat(128)}`,
  ])('that reads %j is no format of ours and matches nothing', async (stored) => {
    expect(methodOf(stored)).toBe('');
    expect(await passwords.verify('', stored, [])).toBe(false);
    expect(await passwords.verify(stored, stored, [])).toBe(false);
  });

  test.each([
    '$argon2id$v=19$m=64,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    `$argon2id$v=19$m=64,t=1,p=1$${Buffer.alloc(64).toString('base64').replaceAll('=', '')}$${'A'.repeat(43)}`,
    `scrypt:2:1:1$salt$${'0'.repeat(128)}`,
    `scrypt:2:1:16$salt$${'0'.repeat(128)}`,
    `scrypt:32768:1:16$salt$${'0'.repeat(128)}`,
    `pbkdf2:sha256:1$s$${'0'.repeat(64)}`,
  ])('that reads %j is checked, at the edge of what the libraries take', async (stored) => {
    expect(methodOf(stored)).not.toBe('');
    expect(await passwords.verify('correct horse', stored, [methodOf(stored)])).toBe(false);
  });

  test('is checked whatever methods are said to be in use', async () => {
    const stored = await passwords.hash('correct horse');
    for (const methods of [['argon2id:7:1:8'], ['scrypt:65536:1:1'], ['unknown:1', '']]) {
      expect(await passwords.verify('correct horse', stored, methods)).toBe(true);
      expect(await passwords.verify('wrong horse', stored, methods)).toBe(false);
      expect(await passwords.verify('wrong horse', undefined, methods)).toBe(false);
    }
  });

  test('is outdated unless it is what the configuration makes', async () => {
    expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
    expect(passwords.isOutdated(pbkdf2('correct horse', 1000, 'abcdefghij'))).toBe(true);
    expect(
      passwords.isOutdated(
        '$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g',
      ),
    ).toBe(true);
  });
});

test('a full queue refuses, and says when to come again', async () => {
  const narrow = createPasswords({ passwordHash: 'argon2id', threads: 1 });
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => narrow.hash('correct horse')));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(80);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
  expect(await narrow.hash('correct horse')).toMatch(/^\$argon2id\$/);
  await narrow.close();
});
