import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';

const base64url = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const segment = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

/** A token with a valid signature by the API's secret, whatever its content. */
function forge(api: Api, header: unknown, payload: unknown): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${createHmac('sha256', api.secret).update(input).digest('base64url')}`;
}

async function signedIn() {
  const api = await startApi();
  const { token } = await api.signIn('niko');
  const refusal = async (hostile: string) => {
    const { status, body, headers } = await api.send('GET', '/protected', { token: hostile });
    return { status, code: body.code, challenge: headers.get('www-authenticate') };
  };
  return { api, token, header: segment(token, 0), claims: segment(token, 1), refusal };
}

const invalid = {
  status: 401,
  code: 'token_invalid',
  challenge: 'Bearer realm="signet", error="invalid_token"',
};

describe('an access token', () => {
  test('an access token has the header and the claims of the contract, and no role', async () => {
    const { header, claims } = await signedIn();
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{22}$/) });
    expect(Object.keys(claims).sort()).toEqual(['_uid', 'aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    expect(claims).toMatchObject({ iss: 'http://localhost:8086', aud: 'signet', sub: '2', _uid: 'niko' });
    expect(claims.exp - claims.iat).toBe(3600);
  });

  test('an access token that the test signs itself is accepted, so that each forged one is refused for its change alone', async () => {
    const { api, header, claims } = await signedIn();
    expect((await api.send('GET', '/protected', { token: forge(api, header, claims) })).status).toBe(200);
  });

  test('an access token is refused with any other header than ours', async () => {
    const { api, header, claims, refusal } = await signedIn();
    const extras = {
      crit: ['exp'],
      jku: 'https://evil.example/keys',
      x5u: 'https://evil.example',
      jwk: { kty: 'oct', k: 'AA' },
      x5c: ['AA'],
      b64: false,
      cty: 'JWT',
    };
    const headers = [
      ...Object.entries(extras).map(([name, value]) => ({ ...header, [name]: value })),
      ...['none', 'None', 'NONE', 'HS384', 'HS512', 'RS256', 'ES256', 'hs256', '', null, 1].map((alg) => ({
        ...header,
        alg,
      })),
      ...['JWT', 'AT+JWT', 'refresh+jwt', '', null, 1].map((typ) => ({ ...header, typ })),
      ...['unknown', '', '../../dev/null', "' or 1=1 --", '__proto__', 'constructor', null, 1].map((kid) => ({
        ...header,
        kid,
      })),
      { alg: header.alg, typ: header.typ },
      { alg: header.alg, kid: header.kid },
      { typ: header.typ, kid: header.kid },
      [],
      null,
      'text',
      1,
      '{"alg":"HS256","alg":"none","typ":"at+jwt","kid":"x"}',
      JSON.stringify(header).replace('{', '{"alg":"HS256",'),
      `\ufeff${JSON.stringify(header)}`,
      'not json',
    ];
    for (const hostile of headers)
      expect([hostile, await refusal(forge(api, hostile, claims))]).toEqual([hostile, invalid]);
  });

  test('an access token is refused without a full set of well-typed claims', async () => {
    const { api, header, claims, refusal } = await signedIn();
    const without = (name: string) =>
      Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name));
    const payloads = [
      ...Object.keys(claims).map(without),
      ...['', 'http://localhost:8086/', 'https://evil.example', null, ['http://localhost:8086']].map(
        (iss) => ({ ...claims, iss }),
      ),
      ...['', 'other', null, ['signet'], ['signet', 'other']].map((aud) => ({ ...claims, aud })),
      ...['', '0', '-1', '1', '2 ', '2.0', '02', 'niko', 2, null, { $gt: 0 }, '99999999999999999999'].map(
        (sub) => ({ ...claims, sub }),
      ),
      ...['', 'x', null, 1, ['a'], `${claims.sid}x`].map((sid) => ({ ...claims, sid })),
      ...['', null, 1].map((jti) => ({ ...claims, jti })),
      ...['', null, 1].map((_uid) => ({ ...claims, _uid })),
      ...['1', null, 1.5, -1, true, [claims.exp]].map((exp) => ({ ...claims, exp })),
      ...[String(claims.iat), null, claims.iat + 0.5, -1].map((iat) => ({ ...claims, iat })),
      { ...claims, nbf: 'now' },
      { ...claims, exp: claims.exp + 1 },
      { ...claims, exp: claims.iat },
      { ...claims, iat: 0 },
      JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400'),
      JSON.stringify(claims).replace('{', '{"sub":"1",'),
      JSON.stringify(claims).replace('{', '{"__proto__":{"sub":"1"},'),
      `\ufeff${JSON.stringify(claims)}`,
      null,
      123,
      [],
      [claims],
      '"text"',
      'not json',
    ];
    for (const hostile of payloads)
      expect([hostile, await refusal(forge(api, header, hostile))]).toEqual([hostile, invalid]);
  });

  test('an access token is refused with any other signature', async () => {
    const { api, token, header, claims, refusal } = await signedIn();
    const [head = '', payload = '', signature = ''] = token.split('.');
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const otherSecret = createHmac('sha256', randomBytes(48))
      .update(`${head}.${payload}`)
      .digest('base64url');
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const byPublicKey = createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(`${head}.${payload}`)
      .digest('base64url');
    // The last character of a 32-byte signature has two spare bits, which decoders ignore.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spare = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1];
    const tokens = [
      `${head}.${payload}.${flipped}`,
      `${head}.${payload}.${otherSecret}`,
      `${head}.${payload}.${byPublicKey}`,
      `${head}.${payload}.${spare}`,
      `${head}.${payload}.${signature}=`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${payload}.${signature}.${signature}`,
      `${base64url({ ...header, alg: 'none' })}.${payload}.`,
      `${head}.${base64url({ ...claims, sub: '1' })}.${signature}`,
      forge(api, header, { ...claims, pad: 'x'.repeat(4096) }),
      '..',
      'a.b.c',
    ];
    for (const hostile of tokens) expect([hostile, await refusal(hostile)]).toEqual([hostile, invalid]);
  });

  test('an access token is refused as 401 and never causes a 500, whatever the text is', async () => {
    const { refusal } = await signedIn();
    const part = fc.stringMatching(/^[A-Za-z0-9_\-=+/~.]{0,60}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const { status } = await refusal(parts.join('.'));
        expect([400, 401]).toContain(status);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the time', () => {
  test('the time at which a token expires is exp, to the second, and the answer is token_expired', async () => {
    const { api, token, claims } = await signedIn();
    api.stopClock(claims.exp * 1000 - 1);
    expect((await api.send('GET', '/protected', { token })).status).toBe(200);
    api.advance(0.001);
    const { status, body, headers } = await api.send('GET', '/protected', { token });
    expect([status, body.code]).toEqual([401, 'token_expired']);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="signet", error="invalid_token"');
  });

  test('the time may differ by a few seconds between two processes without a refusal', async () => {
    const { api, token } = await signedIn();
    api.advance(-4);
    expect((await api.send('GET', '/protected', { token })).status).toBe(200);
    api.advance(-60);
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('token_not_yet_valid');
  });

  test('the time from which a token is valid is iat or nbf, and before it the answer is token_not_yet_valid', async () => {
    const { api, header, claims, refusal } = await signedIn();
    const later = [
      { ...claims, iat: claims.iat + 60, exp: claims.exp + 60 },
      { ...claims, nbf: claims.iat + 60 },
    ];
    for (const payload of later)
      expect(await refusal(forge(api, header, payload))).toEqual({ ...invalid, code: 'token_not_yet_valid' });
  });
});

describe('the session and the user of a token', () => {
  test('the session and the user of a token are looked up on every request: an ended session is refused', async () => {
    const { api, token } = await signedIn();
    await api.db('sessions').update({ ended_at: new Date().toISOString() });
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
  });

  test('the session and the user of a token are looked up on every request: a deleted user is refused', async () => {
    const { api, token } = await signedIn();
    const admin = await api.signIn('toby');
    expect((await api.send('DELETE', '/api/users/2', { token: admin.token })).status).toBe(204);
    const { status, body } = await api.send('GET', '/protected', { token });
    expect([status, body.code]).toEqual([401, 'session_ended']);
  });

  test('the session and the user of a token are looked up on every request: a changed role applies to the next one', async () => {
    const { api, token } = await signedIn();
    expect((await api.send('GET', '/api/audit', { token })).status).toBe(403);
    const admin = await api.signIn('toby');
    await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'admin' } });
    expect((await api.send('GET', '/api/audit', { token })).status).toBe(200);
    await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'user' } });
    expect((await api.send('GET', '/api/audit', { token })).status).toBe(403);
  });
});
