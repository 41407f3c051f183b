import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRefreshTokens } from '../../src/auth/refresh-tokens.ts';

const key = randomBytes(32);
const refreshTokens = createRefreshTokens([key]);
const session_id = randomBytes(16).toString('base64url');

test.each([0, 1, 41, 9_999_999_999])(
  'a refresh token of generation %i says its session and its generation',
  (generation) => {
    const token = refreshTokens.make(session_id, generation);
    expect(token).toMatch(/^[\w-]{22}\.\d{1,10}\.[\w-]{43}$/);
    expect(refreshTokens.read(token)).toEqual({ session_id, generation });
  },
);

test('a refresh token that was made under a previous key is read, and a new one is made under the first key alone', () => {
  const rotated = createRefreshTokens([randomBytes(32), randomBytes(32), key]);
  expect(rotated.read(refreshTokens.make(session_id, 3))).toEqual({ session_id, generation: 3 });
  expect(refreshTokens.read(rotated.make(session_id, 3))).toBeUndefined();
});

test('a refresh token that no key of ours made, in this very form, says nothing', () => {
  const token = refreshTokens.make(session_id, 1);
  const [, , mac = ''] = token.split('.');
  // The last character of 43 has two spare bits, so another one decodes to the same bytes.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twin = alphabet[alphabet.indexOf(mac.slice(-1)) ^ 1];
  for (const other of [
    '',
    'undefined',
    createRefreshTokens([randomBytes(32)]).make(session_id, 1),
    `${'A'.repeat(22)}.1.${mac}`,
    `${session_id}.2.${mac}`,
    `${session_id}.01.${mac}`,
    `${session_id}.-1.${mac}`,
    `${session_id}.1.${mac.slice(0, -1)}${twin}`,
    `${session_id}.1`,
    `${session_id}.1.`,
    ` ${token}`,
    `${token} `,
    `${token}A`,
    `${token}.${mac}`,
    refreshTokens.make(session_id, 10_000_000_000),
  ])
    expect(refreshTokens.read(other), other).toBeUndefined();
});

test('without a key no refresh tokens are made, because anyone could make them', () => {
  expect(() => createRefreshTokens([])).toThrow('A key for refresh tokens is needed');
});
