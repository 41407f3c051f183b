import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';

const makeKey = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const;

/** Writes both keys of a pair as PEM and returns their paths. */
function writePair({ privateKey, publicKey }: ReturnType<(typeof makeKey)['RS256']>) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  return { privateFile: join(folder, 'private.pem'), publicFile: join(folder, 'public.pem') };
}

const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

describe.each(['RS256', 'PS256', 'ES256'] as const)('under %s', (algorithm) => {
  test('a token can be verified with the published key alone', async () => {
    const { privateFile } = writePair(makeKey[algorithm]());
    const api = await startApi({ env: { JWT_ALGORITHM: algorithm, JWT_PRIVATE_KEY_FILE: privateFile } });
    const { token } = await api.signIn();
    expect((await api.send('GET', '/protected', { token })).status).toBe(200);

    const { body, text } = await api.send('GET', '/.well-known/jwks.json');
    const jwk = body.keys.find(({ kid }: { kid: string }) => kid === headerOf(token).kid);
    expect(jwk).toMatchObject({ alg: algorithm, use: 'sig' });
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/);
    const [head, payload, signature = ''] = token.split('.');
    const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {};
    const key = {
      key: createPublicKey({ key: jwk, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363' as const,
      ...padding,
    };
    expect(
      verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')),
    ).toBe(true);
  });

  test('tokens of the old key are accepted after a change of the key, while the old key is listed', async () => {
    const before = writePair(makeKey[algorithm]());
    const after = writePair(makeKey[algorithm]());
    const first = await startApi({
      env: { JWT_ALGORITHM: algorithm, JWT_PRIVATE_KEY_FILE: before.privateFile },
    });
    const { token, refreshToken } = await first.signIn();
    const same = {
      DATABASE_URL: first.databaseUrl,
      SECRET_KEY: first.secret,
      JWT_ALGORITHM: algorithm,
      JWT_PRIVATE_KEY_FILE: after.privateFile,
    };

    const second = await startApi({ env: { ...same, JWT_PREVIOUS_PUBLIC_KEY_FILES: before.publicFile } });
    expect((await second.send('GET', '/protected', { token })).status).toBe(200);
    const { body } = await second.send('POST', '/api/sessions/refresh', {
      body: { refresh_token: refreshToken },
    });
    expect(headerOf(body.token).kid).not.toBe(headerOf(token).kid);

    const third = await startApi({ env: same });
    expect((await third.send('GET', '/protected', { token })).body.code).toBe('token_invalid');
    expect((await third.send('GET', '/protected', { token: body.token })).status).toBe(200);
  });
});

describe('under HS256', () => {
  test('under HS256 no key is published', async () => {
    const api = await startApi();
    expect((await api.send('GET', '/.well-known/jwks.json')).body).toEqual({ keys: [] });
  });

  test('a new secret signs no user out while the old one is listed, and every user once it is not', async () => {
    const first = await startApi();
    const { token, refreshToken } = await first.signIn();
    const { cookie } = await first.signInByCookie();
    const SECRET_KEY = randomBytes(48).toString('base64url');
    const same = { DATABASE_URL: first.databaseUrl, SECRET_KEY };

    const second = await startApi({ env: { ...same, PREVIOUS_SECRET_KEYS: first.secret } });
    expect((await second.send('GET', '/protected', { token })).status).toBe(200);
    expect((await second.send('GET', '/protected', { cookie })).status).toBe(200);
    expect((await second.send('POST', '/api/sessions/refresh', { cookie })).status).toBe(200);
    const { body } = await second.send('POST', '/api/sessions/refresh', {
      body: { refresh_token: refreshToken },
    });

    const third = await startApi({ env: same });
    expect((await third.send('GET', '/protected', { token })).body.code).toBe('token_invalid');
    expect(
      (await third.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } })).body
        .code,
    ).toBe('refresh_invalid');
    expect((await third.send('GET', '/protected', { token: body.token })).status).toBe(200);
  });

  test('the algorithm can be changed to ES256 without signing out any user', async () => {
    const { privateFile } = writePair(makeKey.ES256());
    const first = await startApi();
    const { token } = await first.signIn();
    const second = await startApi({
      env: {
        DATABASE_URL: first.databaseUrl,
        SECRET_KEY: first.secret,
        PREVIOUS_SECRET_KEYS: first.secret,
        JWT_ALGORITHM: 'ES256',
        JWT_PRIVATE_KEY_FILE: privateFile,
      },
    });
    expect((await second.send('GET', '/protected', { token })).status).toBe(200);
    expect(headerOf((await second.signIn()).token).alg).toBe('ES256');
  });
});
