import { z } from 'zod';

/**
 * The name of every rule by which the API refuses a token, a cookie, an origin, a host or a refresh. What
 * each says is in refusal-rules.ts, which does not compile unless it has exactly these.
 */
export const RefusalRule = z.enum([
  'no-token',
  'scheme',
  'bearer-syntax',
  'two-authorizations',
  'two-cookies',
  'token-size',
  'token-shape',
  'base64url',
  'header-json',
  'header-member',
  'typ',
  'alg',
  'kid',
  'signature',
  'payload-json',
  'claims',
  'iss',
  'aud',
  'lifetime',
  'not-before',
  'exp',
  'session',
  'carrier',
  'sub',
  'operator-token',
  'no-refresh-token',
  'refresh-mac',
  'refresh-owner',
  'two-refresh-cookies',
  'refresh-session',
  'refresh-carrier',
  'refresh-ended',
  'refresh-ahead',
  'refresh-elsewhere',
  'refresh-reused',
  'origin-unlisted',
  'fetch-site',
  'preflight-origin',
  'host-name',
]);
export type RefusalRule = z.infer<typeof RefusalRule>;
