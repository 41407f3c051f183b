import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { guessSecret } from '../src/token/guess.ts';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function sign(alg: string, hash: string, secret: string): string {
  const input = `${encode({ alg, typ: 'JWT' })}.${encode({ sub: '1' })}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

test.each([
  ['HS256', 'sha256', 'secret'],
  ['HS384', 'sha384', 'your-384-bit-secret'],
  ['HS512', 'sha512', 'changeme'],
])('a token signed by %s (%s) with the well-known secret %s is found out', async (alg, hash, secret) => {
  expect(await guessSecret(sign(alg, hash, secret))).toMatchObject({ found: secret });
});

test('a token signed with another secret is not found out, and every guess is counted', async () => {
  const { found, tried } = await guessSecret(sign('HS256', 'sha256', '8vLq2xW0pB5nZr7KcYt4Jm1HsDf9GaEu'));
  expect(found).toBeUndefined();
  expect(tried).toBeGreaterThan(100);
});

test.each(['', 'a.b', 'not a token', '..'])(
  'text that is not a token is signed with no secret: "%s"',
  async (text) => {
    expect((await guessSecret(text)).found).toBeUndefined();
  },
);
