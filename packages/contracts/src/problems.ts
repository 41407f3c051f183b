import type { ProblemCode } from './schemas/problem.ts';

/**
 * Every problem the API can answer with: code → HTTP status, title, detail, what it means and how to fix it.
 * This is the only place where an error gets its status.
 */
export const problems = {
  invalid_request: {
    status: 400,
    title: 'Bad request',
    meaning: 'The request is malformed, or a member of its body, path or query breaks a rule.',
    hint: 'Read `detail`: it says what is wrong. Where there are `issues`, each names the member and the rule; members that the contract does not name are refused.',
  },
  token_missing: {
    status: 401,
    title: 'Unauthorized',
    detail: 'Authentication Token is missing!',
    meaning:
      'This endpoint needs a signed-in caller, but the request had no token: neither an Authorization: Bearer header nor the cookie.',
    hint: "Sign in first. In the cookie flow, fetch needs credentials: 'include', and the page and the API must share a host name.",
  },
  token_invalid: {
    status: 401,
    title: 'Unauthorized',
    detail: 'Invalid Authentication token!',
    meaning:
      'This API did not sign the token for this use, the token was changed, or it came by the wrong carrier.',
    hint: 'Sign in again. Send a token from POST /token in the Authorization header only; one from POST /api/users/authenticate works in its cookie only.',
  },
  token_not_yet_valid: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The authentication token is not valid yet',
    meaning:
      'The token is genuine, but by the clock of this API it was issued, or becomes valid, in the future.',
    hint: 'Compare the clocks of the machines that run the API: one of them signs tokens with a clock that is ahead.',
  },
  token_expired: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The authentication token has expired',
    meaning: 'The token is genuine, but its lifetime is over.',
    hint: 'Refresh it at POST /api/sessions/refresh, then repeat the request.',
  },
  session_ended: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This session has ended',
    meaning: 'The token is genuine, but the session that it belongs to was ended or has expired.',
    hint: 'Sign in again.',
  },
  refresh_invalid: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The refresh token is not valid',
    meaning:
      'The refresh token is missing, was not made by this API, or belongs to a session that has ended.',
    hint: 'Sign in again.',
  },
  refresh_reused: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This refresh token was used before; the session is ended',
    meaning:
      'A refresh token was used again after it had been replaced. A copy of it may be stolen, so the session was ended.',
    hint: 'Sign in again. If it happens again, change the password and check the list of devices.',
  },
  cookies_ambiguous: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The request has more than one cookie of the same name',
    meaning:
      'The browser sent two cookies where there can be only one. Another site on the same domain, or an older version, has set the second, and the API cannot tell which one is yours.',
    hint: "Clear this site's cookies in the browser, including those of its parent domain. Signing in again does not help, because the second cookie stays.",
  },
  credentials_invalid: {
    status: 401,
    title: 'Unauthorized',
    meaning: 'No user has this user id and password.',
    hint: 'Check both. The answer is the same whether or not the user exists.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    meaning: 'The caller is signed in, but is not allowed to do this.',
    hint: 'Ask an admin, or sign in as the owner.',
  },
  origin_refused: {
    status: 403,
    title: 'Forbidden',
    meaning: 'A browser sent this request from a page whose origin is not on the list of allowed origins.',
    hint: 'Add the exact origin (scheme, host and port, no trailing slash) to WEB_ORIGINS and restart the API.',
  },
  quota_reached: {
    status: 403,
    title: 'Forbidden',
    meaning:
      'Every user may have so many posts, and so many bytes of notes and images. `detail` says which was reached.',
    hint: 'Delete posts, or remove images from them. The operator of the API sets the limits (USER_MAX_POSTS, USER_MAX_BYTES).',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no endpoint at this path, or the requested item does not exist.',
    hint: 'The endpoints are listed at /docs and in /openapi.json.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, but not with this method.',
    hint: 'Use one of the methods in the Allow header.',
  },
  uid_taken: {
    status: 409,
    title: 'Conflict',
    detail: 'This user id is taken',
    meaning:
      'Another user (or another player) has this user id. User ids that differ only in case or Unicode form are the same.',
    hint: 'Choose another user id.',
  },
  last_admin: {
    status: 409,
    title: 'Conflict',
    detail: 'The last admin can be neither deleted nor demoted',
    meaning: 'Without this user there would be no admin left.',
    hint: 'Make somebody else an admin first.',
  },
  refresh_elsewhere: {
    status: 409,
    title: 'Conflict',
    detail: 'This refresh token was used a moment ago, from elsewhere',
    meaning:
      'Within the grace window the token was presented again from another address and by another user agent than the ones that exchanged it. Nothing was ended or cleared.',
    hint: 'Read the stored tokens again: another tab or thread of this client has the next ones. If it has no newer ones, sign in again.',
  },
  host_unknown: {
    status: 421,
    title: 'Misdirected request',
    detail: 'The API does not answer under this host name; ALLOWED_HOSTS lists further names',
    meaning:
      'The Host header names a host that is not on the list of names under which this API answers. The list is closed, because otherwise a foreign page could point its own name at the API and pass for the API itself (DNS rebinding).',
    hint: 'If the name is one of the API, add it to ALLOWED_HOSTS and restart the API. IP addresses, localhost and the hosts of WEB_ORIGINS, JWT_ISSUER and API_URL are allowed without that.',
  },
  body_too_large: {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body is larger than this endpoint accepts.',
    hint: 'Send at most 100 kB of JSON, and at most 5 MiB for an image.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The body is in a format that this endpoint does not accept.',
    hint: 'Send JSON in UTF-8 with Content-Type: application/json. Images must be PNG, JPEG, GIF or WebP; their bytes decide, not their name.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Too many attempts; wait a while',
    meaning: 'A rate limit was reached. It ends by itself; no account is locked.',
    hint: 'Wait for as many seconds as the Retry-After header says.',
  },
  internal: {
    status: 500,
    title: 'Internal server error',
    detail: 'Something went wrong on our side',
    meaning: 'Something failed inside the API. Its log has the cause, under the request id.',
    hint: 'Try again. If it fails again, send the request id to the operator of the API.',
  },
  overloaded: {
    status: 503,
    title: 'Service unavailable',
    detail: 'The API has too much to do at the moment',
    meaning:
      'Passwords wait to be hashed, or bodies and answers are under way, in a larger number than the API takes on at once, for everybody or for this caller.',
    hint: 'Wait for as many seconds as the Retry-After header says.',
  },
  not_ready: {
    status: 503,
    title: 'Service unavailable',
    meaning:
      'The API cannot read or write its database at the moment, or its disk has no room for anything new; `detail` says which.',
    hint: 'Wait for as many seconds as the Retry-After header says, then try again. Changes that were confirmed are not lost. On a full disk signing in, reading and deleting go on.',
  },
} as const satisfies Record<ProblemCode, ProblemRow>;

type ProblemRow = {
  readonly status: number;
  readonly title: string;
  /**
   * The `detail` of the answer, where it is the same every time; elsewhere the code that throws writes it.
   */
  readonly detail?: string;
  readonly meaning: string;
  readonly hint: string;
};

/** The codes whose `detail` is in the table. */
export type DetailedCode = {
  [Code in ProblemCode]: (typeof problems)[Code] extends { detail: string } ? Code : never;
}[ProblemCode];
