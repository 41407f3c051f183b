import { describe, expect, test } from 'vitest';
import { encode, encodeBytes, inspect, judge, withPayload } from '../src/token/inspect.ts';
import { recognise } from '../src/token/recognise.ts';
import { signExample, verifyWithKeys, verifyWithSecret } from '../src/token/verify.ts';

const now = 1_800_000_000;
const header = { alg: 'HS256', typ: 'at+jwt', kid: 'key-1' };
const claims = {
  iss: 'http://localhost:8086',
  aud: 'signet',
  sub: '2',
  _uid: 'niko',
  sid: 'A'.repeat(22),
  jti: 'id',
  iat: now - 60,
  exp: now + 60,
};
const secret = 'a secret of this test, long enough';

async function sign(headerPart: object, payload: object, key = secret): Promise<string> {
  const signed = `${encode(JSON.stringify(headerPart))}.${encode(JSON.stringify(payload))}`;
  return `${signed}.${encodeBytes(await signExample(signed, key))}`;
}

const statesOf = (token: string) =>
  Object.fromEntries(judge(inspect(token), now).map(({ name, state }) => [name, state]));
const saysOf = (token: string, rung: string) =>
  judge(inspect(token), now).find(({ name }) => name === rung)?.says;

describe('a token is found', async () => {
  const token = await sign(header, claims);
  test.each([
    ['by itself, with space around it', ` ${token}\n`, undefined],
    ['in quotes', `"${token}"`, undefined],
    ['in an Authorization header', `Authorization: Bearer ${token}`, 'an Authorization header'],
    ['in a cookie', `Cookie: theme=dark; jwt=${token}; a=b`, 'a cookie'],
    [
      'in a curl command',
      `curl -H 'Authorization: Bearer ${token}' http://localhost:8086/protected`,
      'a curl command',
    ],
    ['in the JSON of a sign-in', JSON.stringify({ token, user_id: 2 }), 'JSON'],
  ])('%s', (_name, text, where) => {
    expect(recognise(text)).toEqual({ kind: 'token', token, where });
  });
});

test.each([
  ['undefined', 'the word undefined'],
  ['{{token}}', 'variable'],
  ['0f8fad5b-d9cb-469f-a165-70867728950e', 'UUID'],
  [`${'A'.repeat(22)}.3.${'b'.repeat(43)}`, 'refresh token'],
  ['{"uid":"niko"}', 'JSON without a token'],
  [`eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(20)}`, 'two parts'],
  ['eyJhbGciOiJkaXIifQ..aXZpdml2aXY.Y2lwaGVy.dGFndGFn', 'JWE'],
  ['localhost.example.org is a name', 'not a JSON Web Token'],
  ['eyJhbGciOiJkaXIifQ.a2V5.aXZpdml2aXY.Y2lwaGVy.dGFndGFn', 'JWE'],
  ['hello', 'not a JSON Web Token'],
])('of %s the inspector says what it is', (text, says) => {
  const recognised = recognise(text);
  expect(recognised.kind).toBe('other');
  expect(recognised.kind === 'other' && recognised.says).toContain(says);
});

describe('what a page can judge without the key', () => {
  test('a good token holds everywhere but at its signature, which needs the key', async () => {
    expect(statesOf(await sign(header, claims))).toEqual({
      Shape: 'holds',
      Header: 'holds',
      Signature: 'unknown',
      Claims: 'holds',
      Times: 'holds',
    });
  });

  test.each([
    ['alg none', { ...header, alg: 'none' }, claims, 'Header', 'Signet accepts HS256'],
    ['another typ', { ...header, typ: 'JWT' }, claims, 'Header', 'typ is JWT'],
    ['a strange member', { ...header, jku: 'https://evil.example' }, claims, 'Header', 'jku'],
    ['a missing claim', header, { ...claims, sid: undefined }, 'Claims', 'sid is missing'],
    ['a mistyped claim', header, { ...claims, sub: 2 }, 'Claims', 'sub has a value of another kind'],
    ['an end that has come', header, { ...claims, exp: now }, 'Times', 'expired'],
    ['a beginning to come', header, { ...claims, iat: now + 30 }, 'Times', 'not valid yet'],
    ['an end before the beginning', header, { ...claims, exp: claims.iat }, 'Times', 'exp is not after iat'],
  ])('%s fails on its rung', async (_name, headerPart, payload, rung, says) => {
    const token = await sign(headerPart, payload);
    expect(statesOf(token)[rung]).toBe('fails');
    expect(saysOf(token, rung)).toContain(says);
  });

  test('a damaged part hides nothing of the others, and the first bad character is pointed at', async () => {
    const [head = '', payload = '', signature = ''] = (await sign(header, claims)).split('.');
    const damaged = inspect(`${head}.${payload}.${signature}=`);
    expect(damaged.payload.members).toEqual(claims);
    expect(damaged.signature.fault).toContain('Character 44 of a part is padding');
    expect(inspect(`${head}.${payload.slice(0, -2)}.${signature}`).header.members).toEqual(header);
    expect(statesOf(`${head}.bm90IGpzb24.${signature}`).Shape).toBe('fails');
  });
});

describe('the signature', () => {
  test('holds under its secret, and not after a claim was changed', async () => {
    const token = await sign(header, claims);
    expect(await verifyWithSecret(token, secret, 'text')).toMatchObject({ holds: true });
    const changed = withPayload(token, { ...claims, sub: '1' });
    expect(inspect(changed).payload.members).toEqual({ ...claims, sub: '1' });
    expect(await verifyWithSecret(changed, secret, 'text')).toMatchObject({ holds: false });
  });

  test('of a secret in base64 that was read as text is explained', async () => {
    const bytes = 'bytes that somebody wrote as base64';
    const token = await sign(header, claims, bytes);
    expect(await verifyWithSecret(token, btoa(bytes), 'base64')).toMatchObject({ holds: true });
    const verdict = await verifyWithSecret(token, btoa(bytes), 'text');
    expect(verdict).toMatchObject({ holds: false, says: expect.stringContaining('read as base64') });
  });

  test('of a secret with a line end after it is explained', async () => {
    const verdict = await verifyWithSecret(await sign(header, claims), `${secret}\n`, 'text');
    expect(verdict).toMatchObject({ holds: false, says: expect.stringContaining('line end') });
  });

  test.each(['RS256', 'PS256', 'ES256'] as const)(
    'of %s holds under the public key of its kid only',
    async (alg) => {
      const { token, jwk } = await signWithKeyPair(alg);
      expect(await verifyWithKeys(token, [jwk])).toMatchObject({ holds: true });
      const changed = withPayload(token, { ...claims, sub: '1' });
      expect(await verifyWithKeys(changed, [jwk])).toMatchObject({ holds: false });
      expect(await verifyWithKeys(token, [{ ...jwk, kid: 'other' }])).toMatchObject({ holds: false });
      expect(await verifyWithKeys(token, [])).toMatchObject({ holds: false });
    },
  );
});

const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const pairs = {
  RS256: { generate: { name: 'RSASSA-PKCS1-v1_5', ...rsa }, sign: { name: 'RSASSA-PKCS1-v1_5' } },
  PS256: { generate: { name: 'RSA-PSS', ...rsa }, sign: { name: 'RSA-PSS', saltLength: 32 } },
  ES256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
};

async function signWithKeyPair(alg: keyof typeof pairs) {
  const pair = (await crypto.subtle.generateKey(pairs[alg].generate, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const signed = `${encode(JSON.stringify({ ...header, alg }))}.${encode(JSON.stringify(claims))}`;
  const bytes = await crypto.subtle.sign(pairs[alg].sign, pair.privateKey, new TextEncoder().encode(signed));
  const exported = await crypto.subtle.exportKey('jwk', pair.publicKey);
  // The members that the API publishes: no key_ops, no ext.
  const { kty, n, e, crv, x, y } = exported;
  const members = { kty, n, e, crv, x, y, kid: header.kid, use: 'sig', alg };
  const jwk = Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as JsonWebKey;
  return { token: `${signed}.${encodeBytes(new Uint8Array(bytes))}`, jwk: { ...jwk, kid: header.kid } };
}
