import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/auth/keys.ts';
import { createUidDigest } from '../../src/auth/uid-digest.ts';

const secret = Buffer.from(Array.from({ length: 48 }, (_, index) => index));
const other = Buffer.alloc(48, 7);

/** Computed by Python's `hmac` from RFC 5869 and 2104. Another value would sign everybody out after an update. */
const derived = {
  kid: 'qiEV0Kie9vtFIa6zQiKE7V',
  refresh: '6b448e417c6a8460a709621054a5ce734c36bc9c67d12550911199c7b17e0d00',
  device: '79f64f6ab356b75f06bc2798afc95022828cb8836ff7e07ca6c3380c2f620743',
  niko: 'F-GP9XP5Uyz7SW9j',
};

test('what is derived from a secret is the same in every version', () => {
  const keys = createKeyRing({
    secret,
    previousSecrets: [other],
    algorithm: 'HS256',
    previousPublicKeys: [],
  });
  expect(keys.signing.kid).toBe(derived.kid);
  const hex = (each: readonly Buffer[]) => each.map((key) => key.toString('hex'));
  const [refresh, previousRefresh] = hex(keys.refreshKeys);
  const [device, previousDevice] = hex(keys.deviceKeys);
  expect([refresh, device]).toEqual([derived.refresh, derived.device]);
  expect(new Set([refresh, previousRefresh, device, previousDevice]).size).toBe(4);
  expect(keys.jwks).toEqual({ keys: [] });
});

test('the kid of a key pair is the beginning of the digest of its algorithm and its public key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = createKeyRing({
    secret,
    previousSecrets: [],
    algorithm: 'ES256',
    privateKey,
    previousPublicKeys: [],
  });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const digest = createHash('sha256').update('ES256').update(spki).digest('base64url');
  expect(keys.signing.kid).toBe(digest.slice(0, 22));
  expect(keys.findKey(digest.slice(0, 22))?.algorithm).toBe('ES256');
});

test('a user id has one digest in every spelling and version, and another under another secret', () => {
  const digest = createUidDigest(secret);
  expect(['niko', 'NIKO', 'ｎｉｋｏ'].map(digest)).toEqual([derived.niko, derived.niko, derived.niko]);
  expect(digest('nik')).not.toBe(derived.niko);
  expect(createUidDigest(other)('niko')).not.toBe(derived.niko);
});
