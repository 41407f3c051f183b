import { z } from 'zod';
import { ProblemCode } from './problem.ts';
import { RefusalRule } from './refusal-rule.ts';
import { Carrier } from './session.ts';
import { Timestamp } from './time.ts';

/** A name of a header, a cookie or a query parameter, in characters that are safe to show anywhere. */
const Name = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/);
const Method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'OTHER']);
const Names = z.array(Name).max(40);
const Milliseconds = z.number().nonnegative();

const Decision = z.strictObject({
  step: z.enum(['origin', 'authentication', 'role']),
  outcome: z.union([z.literal('granted'), z.literal('failed'), ProblemCode]),
});

/** How a token came, by its form alone: enough to explain why it was refused. */
const TokenForm = z.strictObject({
  carrier: Carrier,
  /** The scheme of the Authorization header; `none` where it has one word, and for a cookie. */
  scheme: z.enum(['bearer', 'basic', 'other', 'none']),
  bytes: z.int().nonnegative(),
  /** Parts separated by dots: a JWT has three, an encrypted one five. */
  parts: z.int().nonnegative(),
  /**
   * What programs send where they have no token: the word undefined or null, `[object Object]`, an
   * unfilled variable.
   */
  placeholder: z.enum(['undefined', 'null', 'object', 'variable']).optional(),
  is_quoted: z.boolean(),
});

const SetCookie = z.strictObject({
  name: Name,
  path: z.string().max(100).optional(),
  same_site: z.enum(['Lax', 'Strict', 'None']).optional(),
  secure: z.boolean(),
  http_only: z.boolean(),
  partitioned: z.boolean(),
  /** Seconds; 0 removes the cookie. */
  max_age: z.int().optional(),
});

/** The CORS headers of the answer. Their values are the API's constants, or an origin of its list. */
const Grant = z.strictObject({
  origin: z.string().max(255),
  credentials: z.boolean(),
  methods: Names.optional(),
  headers: Names.optional(),
  exposed_headers: Names.optional(),
  max_age: z.int().optional(),
});

/**
 * A request and its answer as the API saw them: facts and names, and no value of a header, a cookie, a query
 * parameter, a path parameter or a body.
 */
export const Exchange = z.strictObject({
  /** `process.number`; the numbers count up from 1. */
  id: z.string().regex(/^[a-z0-9]{8}\.\d{1,15}$/),
  request_id: z.string().max(64),
  /**
   * Absent where the API answered. nginx answers preflights, and errors such as 413 and 502, by itself; of
   * these `headers` and `cookies` have the few names that nginx can report, and `query` has none.
   */
  answered_by: z.literal('nginx').optional(),
  /** When the head of the request had arrived, by the API's clock. */
  at: Timestamp,
  method: Method,
  /** The path as the contract has it; absent where no endpoint has this path. */
  route: z.string().max(100).optional(),
  /** 499 where the caller did not wait for the end of the answer. */
  status: z.int(),
  /** `invalid` where the header does not have the form of an origin. */
  origin: z.string().max(255).optional(),
  /** The browser's own words about the request (Fetch Metadata Request Headers). */
  fetch_site: z.enum(['same-origin', 'same-site', 'cross-site', 'none', 'other']).optional(),
  fetch_mode: z.enum(['cors', 'no-cors', 'same-origin', 'navigate', 'websocket', 'other']).optional(),
  /** Equal for equal User-Agent headers, as long as the process lives. */
  client: z
    .string()
    .regex(/^[a-f0-9]{8}$/)
    .optional(),
  /** What a preflight asks for (Fetch, section 4.8). */
  preflight: z.strictObject({ method: Method, headers: Names }).optional(),
  headers: Names,
  cookies: Names,
  query: Names,
  media_type: z
    .enum([
      'application/json',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'text/plain',
      'other',
    ])
    .optional(),
  /** As the caller announced it. */
  body_bytes: z.int().nonnegative().optional(),
  token: TokenForm.optional(),
  decisions: z.array(Decision).max(8),
  problem: z.strictObject({ code: ProblemCode, rule: RefusalRule.optional() }).optional(),
  grant: Grant.optional(),
  vary: Names,
  set_cookies: z.array(SetCookie).max(10),
  answer_bytes: z.int().nonnegative().optional(),
  /** Milliseconds. `guard` and `authentication` are spent in these steps. */
  durations: z.strictObject({
    total: Milliseconds,
    guard: Milliseconds.optional(),
    authentication: Milliseconds.optional(),
    /** Waiting for the database, of all steps; measured while somebody watches. */
    database: Milliseconds.optional(),
    handler: Milliseconds.optional(),
  }),
});
export type Exchange = z.infer<typeof Exchange>;

/** Where to begin: `start` is the oldest exchange that is kept. With it the stream ends after the newest. */
const position = z
  .string()
  .regex(/^(start|[a-z0-9]{8}\.\d{1,15})$/, 'must be "start", or the id of an exchange');

export const ExchangeQuery = z.strictObject({
  /** Asks for what is kept after this exchange; the answer ends. */
  after: position.optional(),
  /** Where a stream begins. A browser sends Last-Event-ID only when it reconnects. */
  since: position.optional(),
});
