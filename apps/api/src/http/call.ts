import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerOf, BodyOf, Carrier, Endpoints, ParamsOf, QueryOf, Role } from '@signet/contracts';
import type { Quota } from '../errors.ts';

/** Who is calling: a live session of an existing user, as the database has them now. */
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

/** A request that has passed the edge: everything in it is parsed, and whoever may not call is gone. */
export type Call<E> = {
  readonly body: BodyOf<E>;
  /** The bytes that came as the form's file. Nothing is known of them but that they are not too many. */
  readonly image: ImageOf<E>;
  readonly query: QueryOf<E>;
  readonly params: ParamsOf<E>;
  readonly principal: PrincipalFor<E>;
  readonly from: RequestSource;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Record<string, unknown>;
};

/** What a handler may say beside its answer. */
export type Reply = {
  /** Adds a `Set-Cookie` header, given whole. */
  setCookie(header: string): void;
  location(path: string): void;
  quota(quota: Quota): void;
  cacheControl(value: string): void;
  /** Names the state of what is answered. True where the caller has just that: then 304 goes out, whatever the answer is. */
  etag(tag: string): boolean;
  /** The answer is somebody's upload: it goes by this name, and nothing in it runs, whatever a browser takes it for. */
  inertFile(name: string): void;
};

export type Handler<E> = (call: Call<E>, reply: Reply) => Promise<AnswerOf<E>> | AnswerOf<E>;

/** One handler for each endpoint of a table: a missing one, or one with a wrong answer, does not compile. */
export type HandlersOf<T> = { readonly [K in keyof T]: Handler<T[K]> };

export type Handlers = HandlersOf<Endpoints>;
