import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerOf, BodyOf, Carrier, Endpoints, Page, ParamsOf, QueryOf, Role } from '@signet/contracts';
import type { Quota } from '../errors.ts';

/** The caller: a live session of an existing user, as the database holds both now. */
export type Principal = {
  readonly user_id: number;
  readonly uid: string;
  readonly role: Role;
  readonly session_id: string;
  readonly carrier: Carrier;
};

/** Where a request comes from, for limits, sessions and the audit log. */
export type RequestSource = {
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string;
};

type PrincipalFor<E> = E extends { access: 'anyone' } ? undefined : Principal;

type ImageOf<E> = E extends { multipart: 'image' } ? Buffer | undefined : undefined;

/** A request after the gate: its caller may use the endpoint, and its params, query and body are parsed. */
export type Call<E> = {
  readonly body: BodyOf<E>;
  /** The bytes of the form's file. Only their number has been checked. */
  readonly image: ImageOf<E>;
  readonly query: QueryOf<E>;
  readonly params: ParamsOf<E>;
  readonly principal: PrincipalFor<E>;
  readonly from: RequestSource;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Record<string, unknown>;
  /** The form in which the caller wants a list. CSV only where the endpoint has columns for it. */
  readonly format: 'json' | 'csv';
  /**
   * Aborted when the process drains and, where the answer is a stream of events, when the caller has left.
   */
  readonly ended: AbortSignal;
};

/** What a handler may set beside its answer. */
export type Reply = {
  /** Adds a `Set-Cookie` header with this value. */
  setCookie(header: string): void;
  location(path: string): void;
  quota(quota: Quota): void;
  cacheControl(value: string): void;
  /**
   * Sets the ETag. True if the caller already has this version: then 304 is sent, whatever the
   * handler returns.
   */
  etag(tag: string): boolean;
  /** Sets the policy of a page that needs another than every answer has (`security-headers.ts`). */
  contentPolicy(policy: string): void;
  /** For an uploaded file: sets its file name, and a policy under which a browser runs nothing in it. */
  inertFile(name: string): void;
};

/** Bytes to answer with. They are read when there is room for them, because many may be asked for at once. */
export type StoredBytes = {
  readonly mediaType: string;
  readonly size: number;
  readonly read: () => Promise<Buffer>;
};

/** A list that is sent as CSV while it is read. `next` is the cursor for the rest of one that is too long. */
export type Pages<Item> = {
  readonly pages: AsyncIterable<readonly Item[]>;
  readonly next?: string | undefined;
};

type PagesOf<E> = AnswerOf<E> extends Page<infer Item> ? Pages<Item> : never;

/** What a handler answers with. Where a client gets a Blob, the handler says where the bytes are. */
type HandledOf<E> = E extends { answer: { kind: 'bytes' } }
  ? StoredBytes | undefined
  : E extends { answer: { csv: readonly string[] } }
    ? AnswerOf<E> | PagesOf<E>
    : AnswerOf<E>;

export type Handler<E> = (call: Call<E>, reply: Reply) => Promise<HandledOf<E>> | HandledOf<E>;

/** One handler for each endpoint of a table: a missing one, or one with a wrong answer, does not compile. */
export type HandlersOf<T> = { readonly [K in keyof T]: Handler<T[K]> };

export type Handlers = HandlersOf<Endpoints>;
