import { z } from 'zod';

/**
 * The code of every problem the API can answer with. Their statuses and texts are in
 * problems.ts, which does not compile unless it has exactly these. The client needs the codes
 * alone, so the texts are in no page's script.
 */
export const ProblemCode = z.enum([
  'invalid_request',
  'token_missing',
  'token_invalid',
  'token_not_yet_valid',
  'token_expired',
  'session_ended',
  'refresh_invalid',
  'refresh_reused',
  'cookies_ambiguous',
  'credentials_invalid',
  'forbidden',
  'origin_refused',
  'quota_reached',
  'not_found',
  'method_not_allowed',
  'uid_taken',
  'last_admin',
  'refresh_elsewhere',
  'host_unknown',
  'body_too_large',
  'unsupported_media_type',
  'too_many_requests',
  'internal',
  'overloaded',
  'not_ready',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

export const problemCodes = ProblemCode.options;

export const Issue = z.strictObject({ path: z.string(), message: z.string() });
export type Issue = z.infer<typeof Issue>;

/**
 * An error answer, `application/problem+json` (RFC 9457), with the members of the article's error
 * answers (`message`, `data`, `error`) beside it, so that its clients keep working.
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
