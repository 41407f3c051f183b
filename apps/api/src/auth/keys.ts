import {
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { Algorithm, JwkSet } from '@signet/contracts';

/** A key and the only algorithm that it is used with. */
export type VerificationKey = {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly key: KeyObject;
};
export type SigningKey = VerificationKey & { readonly privateKey: KeyObject };

export type KeyMaterial = {
  readonly secret: Buffer;
  readonly previousSecrets: readonly Buffer[];
  readonly algorithm: Algorithm;
  readonly privateKey?: KeyObject | undefined;
  readonly previousPublicKeys: readonly KeyObject[];
};

export type KeyRing = ReturnType<typeof createKeyRing>;

/**
 * The keys by `kid`: one signs, all verify. Each has exactly one algorithm, so that the header of a token
 * can never choose another for it (RFC 8725, section 3.1).
 */
export function createKeyRing(material: KeyMaterial) {
  const { algorithm, privateKey, previousPublicKeys, secret, previousSecrets } = material;
  const signing = privateKey ? signingPair(algorithm, privateKey) : signingSecret(secret);
  const verifying = new Map<string, VerificationKey>();
  for (const key of previousPublicKeys) for (const each of publicKeys(key)) verifying.set(each.kid, each);
  for (const previous of previousSecrets) verifying.set(secretKid(previous), signingSecret(previous));
  verifying.set(signing.kid, signing);

  return {
    signing,
    /** The key that verifies tokens of this `kid`, or undefined if the `kid` is unknown. */
    findKey: (kid: string) => verifying.get(kid),
    /**
     * Keys for the MAC of refresh tokens: the first makes, all check. They differ from the signing keys, so
     * that a signature can never pass for a MAC.
     */
    refreshKeys: [secret, ...previousSecrets].map((each) =>
      Buffer.from(hkdfSync('sha256', each, '', 'signet refresh token', 32)),
    ),
    /** Keys for the MAC of device tokens: the first makes, all check. */
    deviceKeys: [secret, ...previousSecrets].map((each) =>
      Buffer.from(hkdfSync('sha256', each, '', 'signet device', 32)),
    ),
    jwks: { keys: [...verifying.values()].flatMap(toJwk) } satisfies JwkSet as JwkSet,
  };
}

function signingSecret(secret: Buffer): SigningKey {
  // Given a string, jsonwebtoken tries to parse it as PEM on every call,
  // which costs ten times the verification.
  const key = createSecretKey(secret);
  return { kid: secretKid(secret), algorithm: 'HS256', key, privateKey: key };
}

function signingPair(algorithm: Algorithm, privateKey: KeyObject): SigningKey {
  const key = createPublicKey(privateKey);
  return { kid: publicKid(algorithm, key), algorithm, key, privateKey };
}

/**
 * An RSA key may have signed under either of two algorithms. The `kid` depends on the algorithm as well, so
 * that each `kid` still has exactly one.
 */
function publicKeys(key: KeyObject): VerificationKey[] {
  const algorithms: Algorithm[] = key.asymmetricKeyType === 'ec' ? ['ES256'] : ['RS256', 'PS256'];
  return algorithms.map((algorithm) => ({ kid: publicKid(algorithm, key), algorithm, key }));
}

/** A MAC under the secret identifies it and reveals nothing about it. */
function secretKid(secret: Buffer): string {
  return createHmac('sha256', secret).update('signet key id').digest('base64url').slice(0, 22);
}

function publicKid(algorithm: Algorithm, key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(algorithm).update(spki).digest('base64url').slice(0, 22);
}

function toJwk({ kid, algorithm, key }: VerificationKey): JwkSet['keys'] {
  const common = { kid, use: 'sig', alg: algorithm } as const;
  const {
    n = '',
    e = '',
    crv = '',
    x = '',
    y = '',
  } = key.type === 'public' ? key.export({ format: 'jwk' }) : {};
  if (key.asymmetricKeyType === 'ec') return [{ kty: 'EC', crv, x, y, ...common }];
  // A symmetric key has no public part: if it were published, any reader could sign.
  return key.asymmetricKeyType === 'rsa' ? [{ kty: 'RSA', n, e, ...common }] : [];
}
