import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resolveSecret } from '../../src/auth/secret-file.ts';
import { problemOfSecretForm } from '../../src/auth/secret-form.ts';
import { problemOfSecret } from '../../src/auth/secret-strength.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a missing secret is made once: 48 random bytes that only the owner can read, and nothing beside them', () => {
  const folder = join(temporaryFolder(), 'data');
  const file = join(folder, 'secret.key');
  const secret = resolveSecret({ file });
  expect(secret.toString()).toMatch(/^[\w-]{64}$/);
  expect(readFileSync(file)).toEqual(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['secret.key']);
  expect(resolveSecret({ file })).toEqual(secret);
  expect(resolveSecret({ file: join(folder, 'other.key') })).not.toEqual(secret);
});

test('a secret of the configuration is taken as it is, and that of a file without its end of line', () => {
  const file = join(temporaryFolder(), 'secret.key');
  writeFileSync(file, 'the very bytes \r\n');
  expect(resolveSecret({ file }).toString()).toBe('the very bytes ');
  const given = Buffer.from('given\n');
  expect(resolveSecret(given)).toBe(given);
});

test('a secret file that cannot be read is an error, and is not replaced by a new secret', () => {
  const folder = join(temporaryFolder(), 'secret.key');
  mkdirSync(folder);
  expect(() => resolveSecret({ file: folder })).toThrow('EISDIR');
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  'secret_key',
  'secret-key',
  'secretkey',
  'secret',
  'changeme',
  'change-me',
  'change_me',
  'password',
  'signet',
  'jwt',
  'key',
  'test',
  'dev',
  'your-256-bit-secret',
  'super-secret',
  'supersecret',
])('the secret %s is refused as well known, also repeated to the full length and with digits', (known) => {
  for (const secret of [known, known.toUpperCase(), `${known}-`.repeat(20), `${known}1234567890`.repeat(4)])
    expect(problemOfSecret(Buffer.from(secret)), secret).toBe('is a well-known value.');
});

test.each([
  [Buffer.alloc(0), 'is empty.'],
  [Buffer.from('q7Zx!mK2#vR9pL4wT8sB1nD6fG3hJ5c'), 'has 31 bytes and needs at least 32.'],
  [Buffer.from('q7Zx!mK2#vR9pL4wT8sB1nD6fG3hJ5cé').subarray(0, 32), undefined],
  [Buffer.from('abcdefg'.repeat(5)), 'repeats the same few characters.'],
  [Buffer.from('abcdefgh'.repeat(4)), undefined],
])('the secret %s: %s', (secret, problem) => {
  expect(problemOfSecret(secret)).toBe(problem);
});

test.each([
  [`"quoted"`, 'is in quotes'],
  [`'quoted'`, 'is in quotes'],
  [`""`, 'is in quotes'],
  [`"`, undefined],
  [`"open`, undefined],
  [`"mixed'`, undefined],
  ['\ufeffmark', 'begins with a byte order mark'],
  ['mark\ufeff', undefined],
  ['a\0b\0', 'is in UTF-16'],
  ['\0a\0b', 'is in UTF-16'],
  ['a\0', undefined],
  ['a\0\0b', undefined],
])('the form of the secret %j: %s', (text, problem) => {
  const found = problemOfSecretForm(Buffer.from(text));
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});
