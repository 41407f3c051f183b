import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/auth/keys.ts';
import { createTokens } from '../../src/auth/tokens.ts';

/**
 * Tokens under a fresh key, and how many signatures were verified: each verification looks its key up once.
 */
function createCountedTokens(options: { cacheSize?: number } = {}) {
  const keys = createKeyRing({
    secret: randomBytes(48),
    previousSecrets: [],
    algorithm: 'HS256',
    previousPublicKeys: [],
  });
  let verifications = 0;
  const findKey = (kid: string) => {
    verifications += 1;
    return keys.findKey(kid);
  };
  const { sign, verify } = createTokens({
    keys: { signing: keys.signing, findKey },
    issuer: 'http://localhost:8086',
    audience: 'signet',
    lifetimeSeconds: 3600,
    now: Date.now,
    ...options,
  });
  const signMany = (count: number) =>
    Array.from({ length: count }, () => sign({ user_id: 2, uid: 'niko', session_id: 'A'.repeat(22) }));
  return { signMany, verify, count: () => verifications };
}

test.each([
  { name: 'the given size', options: { cacheSize: 3 }, size: 3 },
  { name: 'the default size', options: {}, size: 1000 },
])('the cache of verified tokens keeps $name and no more', ({ options, size }) => {
  const { signMany, verify, count } = createCountedTokens(options);
  const [first = '', ...others] = signMany(size + 1);
  for (const token of [first, ...others]) verify(token);
  expect(count()).toBe(size + 1);
  for (const token of others) verify(token);
  expect(count()).toBe(size + 1);
  verify(first);
  expect(count()).toBe(size + 2);
});

test('a token whose signature does not match is verified each time', () => {
  const { signMany, verify, count } = createCountedTokens();
  const [token = ''] = signMany(1);
  const forged = `${token.slice(0, -43)}${'A'.repeat(43)}`;
  for (const times of [1, 2]) {
    expect(() => verify(forged)).toThrowError(expect.objectContaining({ code: 'token_invalid' }));
    expect(count()).toBe(times);
  }
});
