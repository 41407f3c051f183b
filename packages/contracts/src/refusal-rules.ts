import type { ProblemCode } from './schemas/problem.ts';
import type { RefusalRule } from './schemas/refusal-rule.ts';

/**
 * Every rule by which the API refuses a token, a cookie, an origin, a host or a refresh: the rule → the
 * problem that the caller gets, a sentence that completes "Refused, because …", and the source of the rule.
 *
 * A caller learns the problem only, because a forger could use the rule as a guide. The rule is for the
 * trace, on the developer's own machine.
 */
export const refusalRules = {
  'no-token': {
    code: 'token_missing',
    because: 'the request has neither an Authorization header nor the cookie.',
    source: 'RFC 6750, section 3.1',
  },
  scheme: {
    code: 'token_missing',
    because:
      'the Authorization header has another scheme than Bearer, and a header that is present decides alone.',
    source: 'RFC 6750, section 2.1',
  },
  'bearer-syntax': {
    code: 'invalid_request',
    detail: 'The Authorization header must be "Bearer" and one token',
    because: 'something else than one token follows the word Bearer.',
    source: 'RFC 6750, section 2.1',
  },
  'two-authorizations': {
    code: 'invalid_request',
    detail: 'There is more than one Authorization header',
    because:
      'the request has more than one Authorization header, and programs differ in which one they read.',
    source: 'RFC 9110, section 5.3',
  },
  'two-cookies': {
    code: 'cookies_ambiguous',
    because: 'the request has two access cookies of one name, and either may be a stranger’s.',
    source: 'RFC 6265, section 8.6',
  },
  'token-size': {
    code: 'token_invalid',
    because: 'the token is longer than 4096 bytes.',
    source: 'RFC 6265, section 6.1',
  },
  'token-shape': {
    code: 'token_invalid',
    because: 'the token does not have three parts, separated by dots.',
    source: 'RFC 7515, section 7.1',
  },
  base64url: {
    code: 'token_invalid',
    because: 'a part of the token is not base64url, or not in its only form without padding and spare bits.',
    source: 'RFC 7515, section 2',
  },
  'header-json': {
    code: 'token_invalid',
    because: 'the header is not one JSON object in UTF-8 with each member once.',
    source: 'RFC 7515, section 5.2',
  },
  'header-member': {
    code: 'token_invalid',
    because: 'the header has a member that this API never writes, such as crit, jku, x5u or jwk.',
    source: 'RFC 8725, section 3.10',
  },
  typ: {
    code: 'token_invalid',
    because: 'typ is not at+jwt: another kind of token was sent.',
    source: 'RFC 9068, section 2.1',
  },
  alg: {
    code: 'token_invalid',
    because: 'alg is not the algorithm of the key that kid names.',
    source: 'RFC 8725, section 3.1',
  },
  kid: {
    code: 'token_invalid',
    because: 'the API has no key of this kid: the token is of another API, or the key was replaced.',
    source: 'RFC 7515, section 4.1.4',
  },
  signature: {
    code: 'token_invalid',
    because: 'the signature does not belong to this header and payload under the key of the API.',
    source: 'RFC 7515, section 5.2',
  },
  'payload-json': {
    code: 'token_invalid',
    because: 'the payload is not one JSON object in UTF-8 with each member once.',
    source: 'RFC 7519, section 7.2',
  },
  claims: {
    code: 'token_invalid',
    because: 'a claim is missing, or has a value of another type.',
    source: 'RFC 9068, section 2.2',
  },
  iss: {
    code: 'token_invalid',
    because: 'iss names another issuer than this API.',
    source: 'RFC 9068, section 4',
  },
  aud: {
    code: 'token_invalid',
    because: 'aud names another audience than this API.',
    source: 'RFC 9068, section 4',
  },
  lifetime: {
    code: 'token_invalid',
    because: 'exp is not after iat, or the lifetime is longer than the API signs.',
    source: 'RFC 8725, section 3.8',
  },
  'not-before': {
    code: 'token_not_yet_valid',
    because: 'iat or nbf lies more than 5 seconds in the future.',
    source: 'RFC 7519, section 4.1.5',
  },
  exp: {
    code: 'token_expired',
    because: 'exp has been reached.',
    source: 'RFC 7519, section 4.1.4',
  },
  session: {
    code: 'session_ended',
    because: 'the session of sid has ended or expired, or its user was deleted.',
    source: 'RFC 7009, section 2.1',
  },
  carrier: {
    code: 'token_invalid',
    because:
      'the session was opened with the other flow: a token of a cookie came in a header, or the reverse.',
    source: 'RFC 6750, section 5.2',
  },
  sub: {
    code: 'token_invalid',
    because: 'sub is not the user of the session.',
    source: 'RFC 7519, section 4.1.2',
  },
  'operator-token': {
    code: 'token_invalid',
    because: 'the token is not the METRICS_TOKEN of the operator.',
    source: 'RFC 6750, section 3.1',
  },
  'no-refresh-token': {
    code: 'refresh_invalid',
    because: 'the request has no refresh token, neither in its body nor in the cookie.',
    source: 'RFC 6749, section 6',
  },
  'refresh-mac': {
    code: 'refresh_invalid',
    because: 'this API did not make the refresh token, or made it under another key.',
    source: 'RFC 6749, section 10.4',
  },
  'refresh-owner': {
    code: 'refresh_invalid',
    because: 'the refresh cookie is of another session than the access cookie beside it.',
    source: 'RFC 6265, section 8.6',
  },
  'two-refresh-cookies': {
    code: 'cookies_ambiguous',
    because: 'the request has access or refresh cookies of more than one session.',
    source: 'RFC 6265, section 8.6',
  },
  'refresh-session': {
    code: 'refresh_invalid',
    because: 'the session of the refresh token is not in the database.',
    source: 'RFC 6749, section 10.4',
  },
  'refresh-carrier': {
    code: 'refresh_invalid',
    because: 'the session of the refresh token was opened with the other flow.',
    source: 'RFC 6749, section 10.4',
  },
  'refresh-ended': {
    code: 'session_ended',
    because: 'the session of the refresh token has ended or expired.',
    source: 'RFC 6749, section 10.4',
  },
  'refresh-ahead': {
    code: 'session_ended',
    because: 'the refresh token is newer than the session in the database, which was restored from a backup.',
    source: 'RFC 9700, section 4.14.2',
  },
  'refresh-elsewhere': {
    code: 'refresh_elsewhere',
    because: 'another client at another address exchanged this refresh token a moment ago.',
    source: 'RFC 9700, section 4.14.2',
  },
  'refresh-reused': {
    code: 'refresh_reused',
    because: 'the refresh token was exchanged before, longer ago than the grace window.',
    source: 'RFC 9700, section 4.14.2',
  },
  'origin-unlisted': {
    code: 'origin_refused',
    detail: 'The request comes from a page whose origin is not on the list',
    because: 'Origin is neither in WEB_ORIGINS nor the API’s own.',
    source: 'Fetch, section 3.2',
  },
  'fetch-site': {
    code: 'origin_refused',
    detail: 'The request comes from a page whose origin is not on the list',
    because: 'there is no Origin, and Sec-Fetch-Site says that another site sent the request.',
    source: 'Fetch Metadata, section 2.4',
  },
  'preflight-origin': {
    code: 'origin_refused',
    detail: 'This origin is not on the list of origins that may call the API',
    because: 'the preflight comes from an origin that is not in WEB_ORIGINS.',
    source: 'Fetch, section 4.8',
  },
  'host-name': {
    code: 'host_unknown',
    because: 'Host is not one of the names under which this API answers.',
    source: 'RFC 9110, section 15.5.20',
  },
} as const satisfies Readonly<Record<RefusalRule, Rule>>;

type Rule = {
  readonly code: ProblemCode;
  /** The `detail` of the answer, where it is not the one of the code. */
  readonly detail?: string;
  readonly because: string;
  readonly source: string;
};

/** The codes that only these rules lead to, so that no such refusal is without its rule. */
export type RuledCode = Exclude<(typeof refusalRules)[RefusalRule]['code'], 'invalid_request'>;
