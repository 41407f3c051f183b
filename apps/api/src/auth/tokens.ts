import { randomBytes } from 'node:crypto';
import { Claims, type RefusalRule, TokenHeader } from '@signet/contracts';
import jwt from 'jsonwebtoken';
import type { z } from 'zod';
import { refusal } from '../errors.ts';
import { parseJson } from '../http/json.ts';
import type { KeyRing, VerificationKey } from './keys.ts';

const maxTokenBytes = 4096;
const leewaySeconds = 5;

/** 1000 tokens and their claims take about a megabyte. */
const defaultCacheSize = 1000;

export type Tokens = ReturnType<typeof createTokens>;

type TokenOptions = {
  readonly keys: Pick<KeyRing, 'signing' | 'findKey'>;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** At most this many verified tokens are kept in memory. */
  readonly cacheSize?: number;
};

/** Makes and verifies access tokens: JWTs (RFC 7519) of the type `at+jwt` (RFC 9068). */
export function createTokens({
  keys,
  issuer,
  audience,
  lifetimeSeconds,
  now,
  cacheSize = defaultCacheSize,
}: TokenOptions) {
  const nowSeconds = () => Math.floor(now() / 1000);
  const authentic = new Map<string, Claims>();

  return {
    lifetimeSeconds,

    /** A token for this session, valid for `lifetimeSeconds` from now. */
    sign({ user_id, uid, session_id }: { user_id: number; uid: string; session_id: string }): string {
      const { kid, algorithm, privateKey } = keys.signing;
      const iat = nowSeconds();
      const claims: Claims = {
        iss: issuer,
        aud: audience,
        sub: String(user_id),
        _uid: uid,
        sid: session_id,
        jti: randomBytes(16).toString('base64url'),
        iat,
        exp: iat + lifetimeSeconds,
      };
      return jwt.sign(claims, privateKey, { algorithm, header: { alg: algorithm, typ: 'at+jwt', kid } });
    },

    /**
     * The claims of a token that we signed for this use and that has not expired.
     *
     * Throws `token_expired` or `token_not_yet_valid` for one whose times are the only fault, `token_invalid`
     * for every other. It does not look up the session.
     */
    verify(token: string): Claims {
      const claims = readAuthentic(token);
      refuseWrongTimes(claims);
      return claims;
    },

    /**
     * The user and session of a token that we signed, expired or not; undefined for any other. It shows that
     * the user has signed in on the device that sends it, and never signs in.
     */
    identifyDevice(token: string): { user_id: number; id: string } | undefined {
      try {
        const { sub, sid } = readAuthentic(token);
        return { user_id: Number(sub), id: sid };
      } catch {
        return undefined;
      }
    },

    /**
     * The session of a token that we signed, expired or not; undefined for any other. Enough to sign out,
     * never to sign in.
     */
    identify(token: string): string | undefined {
      try {
        return readAuthentic(token).sid;
      } catch {
        return undefined;
      }
    },
  };

  /**
   * Verified tokens are cached, because a signature that was valid once stays valid under the same keys.
   * Expiry and session are checked on every request. Only tokens that we signed are cached, so a caller
   * cannot fill the cache with invented ones.
   */
  function readAuthentic(token: string): Claims {
    const known = authentic.get(token);
    if (known) return known;
    const claims = checkAuthentic(token);
    // A Map iterates over its keys in the order of insertion.
    const [oldest] = authentic.keys();
    if (oldest !== undefined && authentic.size >= cacheSize) authentic.delete(oldest);
    authentic.set(token, claims);
    return claims;
  }

  function checkAuthentic(token: string): Claims {
    const header = readHeader(token);
    const key = keys.findKey(header.kid);
    if (!key) throw refusal('kid');
    if (key.algorithm !== header.alg) throw refusal('alg');
    verifySignature(token, key);
    const claims = readClaims(token);
    if (claims.iss !== issuer) throw refusal('iss');
    if (claims.aud !== audience) throw refusal('aud');
    return claims;
  }

  function refuseWrongTimes({ iat, nbf, exp }: Claims): void {
    const time = nowSeconds();
    // We never sign a longer lifetime, so another signer with our key made this token.
    if (exp <= iat || exp - iat > lifetimeSeconds) throw refusal('lifetime');
    if (Math.max(iat, nbf ?? 0) > time + leewaySeconds) throw refusal('not-before');
    if (exp <= time) throw refusal('exp');
  }
}

/** Checks the signature alone. Throws `token_invalid`. */
export function verifySignature(
  token: string,
  { key, algorithm }: Pick<VerificationKey, 'key' | 'algorithm'>,
): void {
  try {
    // Naming the algorithm is what rejects `none` and an HMAC keyed with a public key (RFC 8725,
    // section 2.1).
    jwt.verify(token, key, { algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
  } catch {
    throw refusal('signature');
  }
}

function readHeader(token: string): TokenHeader {
  if (Buffer.byteLength(token) > maxTokenBytes) throw refusal('token-size');
  const segments = token.split('.');
  if (segments.length !== 3) throw refusal('token-shape');
  if (!segments.every(isCanonical)) throw refusal('base64url');
  const header = TokenHeader.safeParse(readSegment(segments[0]));
  if (!header.success) throw refusal(headerRule(header.error));
  return header.data;
}

function headerRule({ issues: [issue] }: z.ZodError): RefusalRule {
  const [member] = issue?.path ?? [];
  if (member === 'typ' || member === 'alg' || member === 'kid') return member;
  return issue?.code === 'unrecognized_keys' ? 'header-member' : 'header-json';
}

function readClaims(token: string): Claims {
  const claims = Claims.safeParse(readSegment(token.split('.')[1]));
  if (!claims.success) throw refusal(claims.error.issues[0]?.path.length ? 'claims' : 'payload-json');
  return claims.data;
}

/** base64url without padding or spare bits: decoders accept both, and a token must have only one form. */
function isCanonical(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment;
}

/** What a segment says; undefined, which no schema accepts, if it is not JSON. */
function readSegment(segment = ''): unknown {
  const bytes = Buffer.from(segment, 'base64url');
  // JSON has no byte order mark (RFC 8259, section 8.1), but the decoder removes one silently.
  if (bytes.indexOf('\ufeff') === 0) return undefined;
  try {
    return parseJson(bytes);
  } catch {
    return undefined;
  }
}
