import { decodeBytes } from './inspect.ts';

/** How the text of a secret becomes its bytes. */
export type SecretForm = 'text' | 'base64' | 'base64url';

/** A public key as a JWK Set has it (RFC 7517, section 4). */
export type PublicKey = JsonWebKey & { readonly kid?: string };

export type Verdict =
  | { readonly holds: true; readonly says: string }
  | { readonly holds: false; readonly says: string };

/** Hash and WebCrypto's name of each algorithm (RFC 7518, section 3.1). */
const algorithms: Record<string, RsaHashedImportParams | EcKeyImportParams | HmacImportParams> = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  HS384: { name: 'HMAC', hash: 'SHA-384' },
  HS512: { name: 'HMAC', hash: 'SHA-512' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
};

/** What WebCrypto needs to verify with such a key. */
const parameters: Record<string, AlgorithmIdentifier | RsaPssParams | EcdsaParams> = {
  PS256: { name: 'RSA-PSS', saltLength: 32 } as RsaPssParams,
  ES256: { name: 'ECDSA', hash: 'SHA-256' } as EcdsaParams,
};

/** Whether the secret made the signature. Tries the other forms as well, because a wrong form is the usual mistake. */
export async function verifyWithSecret(token: string, secret: string, form: SecretForm): Promise<Verdict> {
  const algorithm = algorithmOf(token);
  if (!algorithm.startsWith('HS'))
    return {
      holds: false,
      says: `The header says ${algorithm}, which is signed with a private key. Use the public keys.`,
    };
  const forms: readonly SecretForm[] = [
    form,
    ...(['text', 'base64', 'base64url'] as const).filter((each) => each !== form),
  ];
  for (const each of forms) {
    const bytes = bytesOf(secret, each);
    if (!bytes || bytes.length === 0 || !(await isSignedWith(token, bytes, algorithm))) continue;
    return each === form
      ? { holds: true, says: 'The signature holds under this secret.' }
      : {
          holds: false,
          says: `Not as ${form}. It holds if the secret is read as ${each}: choose that form.`,
        };
  }
  const trimmed = secret.trimEnd();
  const ended = trimmed === secret ? undefined : bytesOf(trimmed, form);
  if (ended && (await isSignedWith(token, ended, algorithm)))
    return { holds: false, says: 'It holds without the space or the line end at the end of the secret.' };
  return { holds: false, says: 'The signature does not belong to this secret and this content.' };
}

/** Whether one of these public keys (RFC 7517) made the signature: the one that `kid` names. */
export async function verifyWithKeys(token: string, keys: readonly PublicKey[]): Promise<Verdict> {
  const algorithm = algorithmOf(token);
  const import_ = algorithms[algorithm];
  if (keys.length === 0)
    return {
      holds: false,
      says: 'The API publishes no key: it signs with a secret (HS256), which only it has.',
    };
  const kid = headerOf(token).kid;
  const key = keys.find((each) => each.kid === kid);
  if (!key) return { holds: false, says: 'None of the public keys has the kid of this token.' };
  if (!import_ || algorithm.startsWith('HS'))
    return { holds: false, says: `A public key cannot verify ${algorithm}.` };
  const imported = await crypto.subtle.importKey('jwk', key, import_, false, ['verify']);
  const holds = await crypto.subtle.verify(
    parameters[algorithm] ?? import_.name,
    imported,
    signatureOf(token),
    signedPart(token),
  );
  return holds
    ? { holds, says: 'The signature holds under the public key that kid names.' }
    : { holds, says: 'The signature does not belong to this content.' };
}

/** Signs header and payload with HMAC, to make an example to try things on. */
export async function signExample(signed: string, secret: string): Promise<Uint8Array> {
  const key = await importSecret(new TextEncoder().encode(secret), 'HS256', 'sign');
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(signed)));
}

/** Whether these bytes, as the key of HMAC, made the signature. */
export async function isSignedWith(
  token: string,
  secret: Uint8Array<ArrayBuffer>,
  algorithm = algorithmOf(token),
): Promise<boolean> {
  const key = await importSecret(secret, algorithm, 'verify');
  return crypto.subtle.verify('HMAC', key, signatureOf(token), signedPart(token));
}

function importSecret(
  secret: Uint8Array<ArrayBuffer>,
  algorithm: string,
  use: 'sign' | 'verify',
): Promise<CryptoKey> {
  return crypto.subtle.importKey(
    'raw',
    secret,
    algorithms[algorithm] ?? { name: 'HMAC', hash: 'SHA-256' },
    false,
    [use],
  );
}

function bytesOf(secret: string, form: SecretForm): Uint8Array<ArrayBuffer> | undefined {
  if (form === 'text') return new TextEncoder().encode(secret);
  const alphabet = form === 'base64' ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9_-]*$/;
  if (!alphabet.test(secret.trim())) return undefined;
  try {
    return decodeBytes(secret.trim().replace(/=+$/, ''));
  } catch {
    return undefined;
  }
}

function headerOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(new TextDecoder().decode(decodeBytes(token.split('.')[0] ?? '')));
  } catch {
    return {};
  }
}

function algorithmOf(token: string): string {
  return String(headerOf(token).alg ?? 'no algorithm');
}

function signedPart(token: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(token.slice(0, token.lastIndexOf('.')));
}

function signatureOf(token: string): Uint8Array<ArrayBuffer> {
  try {
    return decodeBytes(token.slice(token.lastIndexOf('.') + 1));
  } catch {
    return new Uint8Array();
  }
}
