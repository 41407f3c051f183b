import { z } from 'zod';

/**
 * Every problem the API can answer with: code → HTTP status, title, detail, what it means and how to fix it.
 * This is the only place where an error gets its status.
 */
export const problems = {
  invalid_request: {
    status: 400,
    title: 'Bad request',
    meaning: 'The request is malformed, or a member of its body, path or query breaks a rule.',
    hint: 'Read `issues`: each entry names the member and the rule. Members that the contract does not name are refused.',
  },
  token_missing: {
    status: 401,
    title: 'Unauthorized',
    detail: 'Authentication Token is missing!',
    meaning:
      'The endpoint needs a signed-in caller, and neither an Authorization: Bearer header nor the cookie carried a token.',
    hint: "Sign in first. In the cookie flow, fetch needs credentials: 'include', and the page and the API must share a host name.",
  },
  token_invalid: {
    status: 401,
    title: 'Unauthorized',
    detail: 'Invalid Authentication token!',
    meaning:
      'The token was not signed by this API for this use, was altered, or arrived by the wrong carrier.',
    hint: 'Sign in again. A token from POST /token travels in the Authorization header only; one set by authenticate, in its cookie only.',
  },
  token_expired: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The authentication token has expired',
    meaning: 'The token was good, and its lifetime is over.',
    hint: 'Renew it at POST /api/sessions/refresh, then repeat the request.',
  },
  session_ended: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This session has ended',
    meaning: 'The token is well signed, but the session it belongs to was ended or has run out.',
    hint: 'Sign in again.',
  },
  refresh_invalid: {
    status: 401,
    title: 'Unauthorized',
    detail: 'The refresh token is not valid',
    meaning: 'The refresh token is missing or is not one that this API made, or its session is over.',
    hint: 'Sign in again.',
  },
  refresh_reused: {
    status: 401,
    title: 'Unauthorized',
    detail: 'This refresh token was used before; the session is ended',
    meaning:
      'A refresh token that had long been exchanged was presented again. Somebody holds a copy, so the session was ended.',
    hint: 'Sign in again. If it keeps happening, change the password and look at the list of devices.',
  },
  credentials_invalid: {
    status: 401,
    title: 'Unauthorized',
    meaning: 'No user has this user id and password.',
    hint: 'Check both. The answer is the same whether the user exists or not.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    meaning: 'The caller is known and may not do this.',
    hint: 'Ask an admin, or sign in as the owner.',
  },
  origin_refused: {
    status: 403,
    title: 'Forbidden',
    meaning: 'A browser sent this from a page whose origin is not on the list.',
    hint: 'Add the exact origin (scheme, host and port, no trailing slash) to WEB_ORIGINS and restart the API.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'Nothing is at this path, or the thing asked for does not exist.',
    hint: 'The endpoints are listed at /docs and in /openapi.json.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists and does not take this method.',
    hint: 'The Allow header lists the methods that it takes.',
  },
  uid_taken: {
    status: 409,
    title: 'Conflict',
    detail: 'This user id is taken',
    meaning:
      'Another user (of players, another player) has this user id. Case and Unicode spelling do not make a difference.',
    hint: 'Choose another user id.',
  },
  last_admin: {
    status: 409,
    title: 'Conflict',
    detail: 'The last admin can be neither deleted nor demoted',
    meaning: 'The last admin can be neither deleted nor demoted.',
    hint: 'Make somebody else an admin first.',
  },
  body_too_large: {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body is larger than this endpoint takes.',
    hint: 'JSON bodies end at 100 kB, images at 5 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The body is in a format that this endpoint does not read.',
    hint: 'Send JSON in UTF-8 with Content-Type: application/json. A picture is PNG, JPEG, GIF or WebP by its bytes, whatever its name.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Too many attempts; wait a while',
    meaning: 'A limit was reached. Nothing is locked for good.',
    hint: 'Wait for as many seconds as the Retry-After header says.',
  },
  internal: {
    status: 500,
    title: 'Internal server error',
    detail: 'Something went wrong on our side',
    meaning: 'Something failed inside the API. The log has the cause under the request id.',
    hint: 'Try again; if it persists, give the request id to whoever runs the API.',
  },
  overloaded: {
    status: 503,
    title: 'Service unavailable',
    detail: 'Too many sign-ins are waiting',
    meaning: 'More sign-ins are waiting than can be served in reasonable time.',
    hint: 'Wait for as many seconds as the Retry-After header says.',
  },
  not_ready: {
    status: 503,
    title: 'Service unavailable',
    meaning: 'The database cannot be reached or cannot be written.',
    hint: 'Wait for as many seconds as the Retry-After header says; nothing that was acknowledged is lost.',
  },
} as const satisfies Record<string, ProblemRow>;

type ProblemRow = {
  readonly status: number;
  readonly title: string;
  /** The `detail` of the answer, where it is the same every time; elsewhere the place that refuses words it. */
  readonly detail?: string;
  readonly meaning: string;
  readonly hint: string;
};

export type ProblemCode = keyof typeof problems;

/** The codes whose `detail` is in the table. */
export type DetailedCode = {
  [Code in ProblemCode]: (typeof problems)[Code] extends { detail: string } ? Code : never;
}[ProblemCode];

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

export const ProblemCode = z.enum(problemCodes);

export const Issue = z.strictObject({ path: z.string(), message: z.string() });
export type Issue = z.infer<typeof Issue>;

/**
 * An error answer, `application/problem+json` (RFC 9457), with the lesson's envelope (`message`, `data`, `error`)
 * riding along so that its clients keep working.
 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ProblemCode,
  request_id: z.string(),
  hint: z.string().optional(),
  issues: z.array(Issue).optional(),
  message: z.string(),
  data: z.null(),
  error: z.string(),
});
export type Problem = z.infer<typeof Problem>;
