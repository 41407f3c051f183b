import type { z } from 'zod';
import type { ProblemCode } from './schemas/problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call. Finer rules (only the owner, only the user itself) belong to the API's services. */
export type Access = 'anyone' | 'signed-in' | 'admin';

/** What an endpoint answers on success. */
export type Answer =
  | { readonly kind: 'json'; readonly schema: z.ZodType }
  /**
   * A JSON array of items, one page of a list. `Link` leads to the next page. With `csv`, its columns, a
   * caller may ask for CSV (RFC 4180) instead by `Accept: text/csv`.
   */
  | { readonly kind: 'page'; readonly item: z.ZodType; readonly csv?: readonly string[] }
  /** A list as CSV; `Link` leads to the rest of one that is too long for one answer. See `asCsv`. */
  | { readonly kind: 'csv' }
  /** Text in UTF-8. */
  | { readonly kind: 'text'; readonly mediaType: 'text/html' | 'text/plain' }
  | { readonly kind: 'bytes'; readonly mediaTypes: readonly string[] }
  /** Server-sent events (HTML standard, section 9.2). The `data` of each is one `event` as JSON. */
  | {
      readonly kind: 'events';
      readonly event: z.ZodType;
      /**
       * The member that is the event's id, which a browser sends back as `Last-Event-ID` when it reconnects.
       */
      readonly id?: string;
    }
  /** No body: the status is 204. */
  | { readonly kind: 'none' };

/** A row of the table of endpoints. */
export type Endpoint = {
  readonly method: Method;
  /** A template as Express writes it: `/api/users/:id`. The API also answers with a trailing slash. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodType<Record<string, unknown>>;
  readonly query?: z.ZodType<Record<string, unknown>>;
  readonly body?: z.ZodType;
  /** The body may also come as multipart/form-data, with its members and one file, in a part of this name. */
  readonly multipart?: 'image';
  readonly status: 200 | 201 | 204;
  readonly answer: Answer;
  /**
   * The origin guard examines the request even without a cookie, because the endpoint begins a session or a
   * user, or shows what no foreign page may read.
   */
  readonly guarded?: true;
  /**
   * It answers under every host name, because probes and scrapers reach it under names of their own network.
   */
  readonly anyHost?: true;
  /**
   * It is there only where nobody but this machine reaches the API, and only under a loopback host. Anywhere
   * else its path is unknown.
   */
  readonly ownMachine?: true;
  /**
   * It stores something more, so it is refused while the disk has little room left. Not set where the API
   * must go on with a full disk: signing in and out, refreshing, deleting.
   */
  readonly grows?: true;
  /**
   * The problems that the endpoint answers with beyond those that its other members imply (`problemCodesOf`).
   */
  readonly errors: readonly ProblemCode[];
};

/** The body as a handler receives it, after parsing. */
export type BodyOf<E> = E extends { body: infer S extends z.ZodType } ? z.output<S> : undefined;
/** The query as a handler receives it, after parsing. */
export type QueryOf<E> = E extends { query: infer S extends z.ZodType } ? z.output<S> : undefined;
/** The path parameters as a handler receives them, after parsing. */
export type ParamsOf<E> = E extends { params: infer S extends z.ZodType } ? z.output<S> : undefined;

/** One page of a list. `next` is the cursor for `?after`, absent on the last page. */
export type Page<Item> = { readonly items: Item[]; readonly next?: string | undefined };

/** A list as CSV, in UTF-8. `next` is the cursor for the rest of one that is too long for one answer. */
export type CsvPage = { readonly csv: Blob; readonly next?: string | undefined };

type OutputOf<S> = S extends z.ZodType ? z.output<S> : never;

/** One type for each kind of answer, so that a kind without a type does not compile. */
type ValueOf<A extends Answer> = {
  json: A extends { schema: infer S } ? OutputOf<S> : never;
  page: A extends { item: infer S } ? Page<OutputOf<S>> : never;
  csv: CsvPage;
  text: string;
  bytes: Blob;
  events: A extends { event: infer S } ? AsyncIterable<OutputOf<S>> : never;
  none: undefined;
}[A['kind']];

/** What a handler answers with, and what a call resolves to. */
export type AnswerOf<E> = E extends { answer: infer A extends Answer } ? ValueOf<A> : never;

/** A row whose list a client calls for as CSV: `call(asCsv(endpoints.listAuditEvents), …)`. */
export function asCsv<const E extends Endpoint & { answer: { kind: 'page'; csv: readonly string[] } }>(
  endpoint: E,
): Omit<E, 'answer'> & { readonly answer: { readonly kind: 'csv' } } {
  return { ...endpoint, answer: { kind: 'csv' } };
}

/**
 * Whether a call counts among its user's writes of the minute. Deleting does not: it makes room, and
 * ends sessions.
 */
export function isLimitedWrite({ method, access }: Endpoint): boolean {
  return access !== 'anyone' && method !== 'GET' && method !== 'DELETE';
}

/** Every problem that an endpoint can answer with: its own, and those that its other members imply. */
export function problemCodesOf(endpoint: Endpoint): ProblemCode[] {
  const codes = new Set<ProblemCode>(endpoint.errors);
  codes.add('internal').add('not_ready');
  if (!endpoint.anyHost) codes.add('host_unknown');
  if (endpoint.body || endpoint.query || endpoint.params || endpoint.access !== 'anyone')
    codes.add('invalid_request');
  if (endpoint.body) codes.add('body_too_large').add('unsupported_media_type');
  if (endpoint.access !== 'anyone')
    codes
      .add('token_missing')
      .add('token_invalid')
      .add('token_not_yet_valid')
      .add('token_expired')
      .add('session_ended')
      .add('cookies_ambiguous');
  if (isLimitedWrite(endpoint)) codes.add('too_many_requests');
  if (endpoint.access === 'admin') codes.add('forbidden');
  if (endpoint.params) codes.add('not_found');
  if (endpoint.method !== 'GET' || endpoint.guarded) codes.add('origin_refused');
  if (endpoint.ownMachine) codes.add('not_found');
  return [...codes];
}
