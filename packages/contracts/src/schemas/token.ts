import { z } from 'zod';
import { SessionId } from './session.ts';

export const Algorithm = z.enum(['HS256', 'RS256', 'PS256', 'ES256']);
export type Algorithm = z.infer<typeof Algorithm>;

/**
 * The protected header of an access token (RFC 9068, section 2.1). Strict: `crit`, `jku`, `jwk`,
 * `x5u`, `x5c` and `b64` have no place in it.
 */
export const TokenHeader = z.strictObject({
  alg: Algorithm,
  typ: z.literal('at+jwt'),
  kid: z.string().min(1).max(128),
});
export type TokenHeader = z.infer<typeof TokenHeader>;

const NumericDate = z.int().nonnegative();

/**
 * The claims of an access token (RFC 7519, section 4.1; RFC 9068, section 2.2). `_uid` is a
 * claim of the article. Times in seconds.
 */
export const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  _uid: z.string().min(1),
  sid: SessionId,
  jti: z.string().min(1),
  iat: NumericDate,
  exp: NumericDate,
  nbf: NumericDate.optional(),
});
export type Claims = z.infer<typeof Claims>;

const PublicKeyMembers = { kid: z.string(), use: z.literal('sig'), alg: Algorithm };

/** The public keys in use (RFC 7517). Empty under HS256, whose key is a secret. */
export const JwkSet = z.strictObject({
  keys: z.array(
    z.union([
      z.strictObject({ kty: z.literal('RSA'), n: z.string(), e: z.string(), ...PublicKeyMembers }),
      z.strictObject({
        kty: z.literal('EC'),
        crv: z.string(),
        x: z.string(),
        y: z.string(),
        ...PublicKeyMembers,
      }),
    ]),
  ),
});
export type JwkSet = z.infer<typeof JwkSet>;
