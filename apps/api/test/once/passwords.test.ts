import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import type { HashFor } from '../../src/auth/hash-places.ts';
import { costOf, maxRefusalMs } from '../../src/auth/password-methods.ts';
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
  ])('a stored password in %s is matched by its password and by no other', async (_name, make) => {
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
    // Older forms of Werkzeug's that nothing wrapped.
    `sha256$salt$${'0'.repeat(64)}`,
    `pbkdf2:sha1:1000$salt$${'0'.repeat(40)}`,
    'wrapped:sha256$salt$',
    // Names that every object of JavaScript has.
    `wrapped:constructor$salt$$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(22)}`,
    `wrapped:pbkdf2:constructor:1000$salt$$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(22)}`,
    `wrapped:unknown$salt$$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(22)}`,
    // Each would take more than a second.
    `scrypt:262144:8:16$salt$${'0'.repeat(128)}`,
    '$argon2id$v=19$m=262144,t=10,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    // What the libraries themselves reject: memory below 8 blocks a lane, base64 with spare bits or of no
    // possible length, a salt under 8 bytes, factors with a leading zero, an N too large for its r.
    '$argon2id$v=19$m=7,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=63,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHR$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAB',
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbA$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=019456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=02,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
    `scrypt:65536:1:1$salt$${'0'.repeat(128)}`,
  ])('the text %j is not a stored password, and nothing matches it', async (stored) => {
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
  ])('the stored password %j is checked, because the libraries just accept it', async (stored) => {
    expect(methodOf(stored)).not.toBe('');
    expect(await passwords.verify('correct horse', stored, [methodOf(stored)])).toBe(false);
  });

  test('a stored password is checked whatever methods are said to be in use', async () => {
    const stored = await passwords.hash('correct horse');
    for (const methods of [['argon2id:7:1:8'], ['scrypt:65536:1:1'], ['unknown:1', '']]) {
      expect(await passwords.verify('correct horse', stored, methods)).toBe(true);
      expect(await passwords.verify('wrong horse', stored, methods)).toBe(false);
      expect(await passwords.verify('wrong horse', undefined, methods)).toBe(false);
    }
  });

  test('a stored password is outdated unless it is what the configuration makes', async () => {
    expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
    expect(passwords.isOutdated(pbkdf2('correct horse', 1000, 'abcdefghij'))).toBe(true);
    expect(
      passwords.isOutdated(
        '$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g',
      ),
    ).toBe(true);
  });
});

/** Of the password `correct horse`, made by Python's hashlib and hmac in the forms of Werkzeug 0.1 to 2.3. */
const legacy = [
  'md5$abcdEFGH$cd7a3d4082dd5f834620960924802854',
  'sha1$abcdEFGH$8d6b89c8d9db66f90e35b667ba4ca1b18794bce3',
  'sha224$abcdEFGH$b0f0f8001d9d1d46d53c04fe8088df7eea3513fdf40e6f7e4cdf13a9',
  'sha256$abcdEFGH$73d4a658daef5a96b76adab6b6491733784d21cfd031fa14e339f9d6ae73076a',
  'sha384$abcdEFGH$d6f674816cbac4fcde513a379f5a2c3334a8c0928265ae548a1f2eaa1263e23509640ac4bc66ed08a20a86e9d969def8',
  'sha512$abcdEFGH$e6711153ba58a4c4281254b56d579258dfd0db5c62f23b686127670b99a955057528e81d2fc467e5486cd953aa355faf807825d0f1de2617c88d04f53b3ae13b',
  'sha256$$4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631',
  'md5$$3cb4e732631f47e6eb961f34554b7cde',
  'pbkdf2:sha1:1000$abcdEFGH$980155d66dd31e6eda6948db95bc1bec145acd0c',
  'pbkdf2:sha1:2000$abcdEFGH$6373e8b7a311a477576c9a65a9c06e2cf8957d13',
  'pbkdf2:md5:1000$abcdEFGH$e36f8bd09b50542c84bcd1339e73a72c',
  'pbkdf2:sha512:150000$abcdEFGH$42c44c3d4cf1059c8726aebd76e8d338813449d7bd5f56f846e34ed2f602441d017f3d759c4c1e2e2afbf114f29961b0aec46acf411f2cafe2cd0d5cc66db2a1',
  'pbkdf2:sha256:1000$abcdEFGH$427a51022be9c24367087aa62cd19d8fb66ab6f3919b61ae9d15d50a4aa810d8',
  'pbkdf2:sha256$abcdEFGH$427a51022be9c24367087aa62cd19d8fb66ab6f3919b61ae9d15d50a4aa810d8',
  'pbkdf2:sha256$abcdEFGH$aa8e338abcef4881b9edfc545ff8683f162d9bdfa486dcca9e55a9414294572f',
  'pbkdf2:sha256$abcdEFGH$8c90379fe802a83cc066516719ec13ac65b1faa172413275d8fea4092ef484ed',
  'pbkdf2:sha1$abcdEFGH$980155d66dd31e6eda6948db95bc1bec145acd0c',
  'pbkdf2:sha512$abcdEFGH$91801c562b6e5032c370390157efb15bbf7332d5b3a9f04d6977927f3735ebc13b50fb494b6e9c6eb4ba5557bf5aa9e9ee484a363e376f7d9dea408a4383cd61',
  'pbkdf2:sha256:$abcdEFGH$8fa6896e9b528720dd1d66ef3c64233438508aa34c23a10845790370ae72a520',
  'pbkdf2:sha256:0$abcdEFGH$3ff1718986a9b4ef3e6acc933278e2dbc96d5a26324d990cdc048366dbaa33fa',
];

describe('an older hash of Werkzeug', () => {
  test.each(legacy)('wrapped from %j is matched by its password and by no other', async (text) => {
    const stored = (await passwords.wrap(text)) ?? '';
    const [, digest = 'none'] = /([0-9a-f]+)$/.exec(text) ?? [];
    expect(stored).toMatch(/^wrapped:.+\$argon2id\$/);
    expect(stored).not.toContain(digest);
    expect(stored.length).toBeLessThan(512);
    expect(passwords.isOutdated(stored)).toBe(true);
    expect(methodOf(stored).length).toBeLessThan(64);
    expect(await passwords.verify('correct horse', stored, [methodOf(stored)])).toBe(true);
    for (const other of ['correct horse ', '', digest])
      expect([other, await passwords.verify(other, stored, [methodOf(stored)])]).toEqual([other, false]);
  });

  test.each([
    'plain text',
    'plain$$correct horse',
    '!',
    pbkdf2('correct horse', 600_000, 'abcdefghij'),
    scrypt('correct horse', 'abcdefghijklmnop'),
    `sha256$salt$${'0'.repeat(62)}`,
    `sha256$salt$${'F'.repeat(64)}`,
    `sha3_256$salt$${'0'.repeat(64)}`,
    `constructor$salt$${'0'.repeat(64)}`,
    `pbkdf2:sha1:99999999$salt$${'0'.repeat(40)}`,
    // JavaScript reads these as numbers, and Werkzeug does not.
    `pbkdf2:sha256:1e30$salt$${'0'.repeat(64)}`,
    `pbkdf2:sha256:0x10$salt$${'0'.repeat(64)}`,
    `pbkdf2:sha1$$${'0'.repeat(40)}`,
    `sha256$sa\0lt$${'0'.repeat(64)}`,
  ])('an older hash of Werkzeug is not read from %j', async (text) => {
    expect(await passwords.wrap(text)).toBeUndefined();
  });
});

describe('the cost of a refusal', () => {
  test('the cost of a refusal is below its bound for a table with every form that Werkzeug made by default', () => {
    const methods = [
      'argon2id:19456:2:1',
      ...[50_000, 150_000, 260_000, 600_000].map((count) => `pbkdf2:sha256:${count}`),
      'scrypt:32768:8:1',
      'uncounted:sha256',
    ];
    expect(costOf(...methods)).toBeLessThan(maxRefusalMs);
    // A step that two methods share is counted once, because it is run once.
    expect(costOf('argon2id:19456:2:1', 'pbkdf2:sha1:1000+argon2id:19456:2:1')).toBeLessThan(
      costOf('argon2id:19456:2:1') + 1,
    );
  });

  test('the cost of a refusal is bounded for a table that holds more methods than a refusal can pay for', async () => {
    const methods = Array.from({ length: 1000 }, (_, index) => `pbkdf2:sha256:${5_000_000 - index}`);
    const stored = await passwords.hash('correct horse');
    // The work itself would take a quarter of an hour, and the test would time out.
    expect(await passwords.verify('wrong horse', stored, methods)).toBe(false);
    expect(await passwords.verify('wrong horse', undefined, methods)).toBe(false);
    expect(await passwords.verify('correct horse', stored, methods)).toBe(true);
  });
});

test('a full queue of hashes is refused with the time to wait', async () => {
  const narrow = createPasswords({ passwordHash: 'argon2id', threads: 1 });
  const hash = () => narrow.hash('correct horse', 'sign-in');
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, hash));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(80);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
  expect(await narrow.hash('correct horse')).toMatch(/^\$argon2id\$/);
  await narrow.close();
});

test('sign-ins have half of the queue for themselves, and one user has four places', async () => {
  const narrow = createPasswords({ passwordHash: 'argon2id', threads: 1 });
  // Settled together from the start: a refusal that nothing awaits yet would be an unhandled rejection.
  const countHashed = async (times: number, by: HashFor) => {
    const hashes = Array.from({ length: times }, () => narrow.hash('correct horse', by));
    return (await Promise.allSettled(hashes)).filter(({ status }) => status === 'fulfilled').length;
  };
  const counts = [countHashed(30, 7), countHashed(80, 'anyone'), countHashed(80, 'sign-in')];
  expect(await Promise.all(counts)).toEqual([4, 22, 25]);
  expect(await countHashed(30, 7)).toBe(4);
  await narrow.close();
});

test('each hash that is asked for is running or waiting until it is made', async () => {
  const narrow = createPasswords({ passwordHash: 'argon2id', threads: 1 });
  const hashes = Promise.all(Array.from({ length: 5 }, () => narrow.hash('correct horse', 'sign-in')));
  const { running, waiting } = narrow.queue();
  expect([running + waiting, waiting > 0]).toEqual([5, true]);
  await hashes;
  expect(narrow.queue()).toEqual({ running: 0, waiting: 0 });
  await narrow.close();
});
