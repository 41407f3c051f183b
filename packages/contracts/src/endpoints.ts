import { z } from 'zod';
import type { ProblemCode } from './problems.ts';
import { AuditEvent } from './schemas/audit.ts';
import { Alive, Ready } from './schemas/health.ts';
import { IdParams } from './schemas/id.ts';
import { PageQuery } from './schemas/page.ts';
import { CreatePlayer, Player, UpdatePlayer } from './schemas/player.ts';
import { CreatePost, MediaType, Post, UpdatePost } from './schemas/post.ts';
import {
  Authenticated,
  Refreshed,
  RefreshRequest,
  Session,
  SessionId,
  TokenAnswer,
} from './schemas/session.ts';
import { JwkSet } from './schemas/token.ts';
import {
  ChangePassword,
  CreateUser,
  Credentials,
  Identity,
  ReplaceUser,
  SignUp,
  TokenRequest,
  UpdateUser,
  User,
} from './schemas/user.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call: anybody, whoever is signed in, or admins. Finer rules (owner, oneself) are the service's. */
export type Access = 'anyone' | 'signed-in' | 'admin';

export type Endpoint = {
  readonly method: Method;
  /** As Express spells it: `/api/users/:id`. Also answers with a trailing slash. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodType<Record<string, unknown>>;
  readonly query?: z.ZodType<Record<string, unknown>>;
  readonly body?: z.ZodType;
  /** The body may also come as multipart/form-data, with one file beside its members: a part of this name. */
  readonly multipart?: 'image';
  readonly status: 200 | 201 | 204;
  /** Absent where there is no body (204), or where `text` or `bytes` says that it is not JSON. */
  readonly response?: z.ZodType;
  /** The media type of an answer in text that is not JSON. */
  readonly text?: 'text/html; charset=utf-8' | 'text/plain; charset=utf-8';
  /** The media types of an answer in bytes. */
  readonly bytes?: readonly string[];
  /** The response is an array, one page of a list, and `Link` leads to the next. */
  readonly paged?: true;
  /** Sign-in, sign-up and refresh pass the origin guard even when no cookie came along. */
  readonly guarded?: true;
  /** What it can answer beyond what its other members imply (see `problemCodesOf`). */
  readonly errors: readonly ProblemCode[];
};

/**
 * Every endpoint there is. The server mounts its routes from this table, the client calls through it, and the
 * OpenAPI document is read off it. The key is the `operationId`.
 */
export const endpoints = {
  authenticateUser: {
    method: 'POST',
    path: '/api/users/authenticate',
    tag: 'Sign-in',
    summary: 'Sign in by cookie',
    access: 'anyone',
    guarded: true,
    body: Credentials,
    status: 200,
    response: Authenticated,
    errors: ['credentials_invalid', 'too_many_requests', 'overloaded'],
  },
  createToken: {
    method: 'POST',
    path: '/token',
    tag: 'Sign-in',
    summary: 'Sign in by bearer token',
    access: 'anyone',
    guarded: true,
    body: TokenRequest,
    status: 200,
    response: TokenAnswer,
    errors: ['credentials_invalid', 'too_many_requests', 'overloaded'],
  },
  readProtected: {
    method: 'GET',
    path: '/protected',
    tag: 'Sign-in',
    summary: 'Who the token says you are',
    access: 'signed-in',
    status: 200,
    response: Identity,
    errors: [],
  },
  signUp: {
    method: 'POST',
    path: '/api/users/signup',
    tag: 'Users',
    summary: 'Make an account for oneself',
    access: 'anyone',
    guarded: true,
    body: SignUp,
    status: 201,
    response: User,
    errors: ['forbidden', 'uid_taken', 'too_many_requests', 'overloaded'],
  },
  listUsers: {
    method: 'GET',
    path: '/api/users',
    tag: 'Users',
    summary: 'List users by id, or those whose user id or name begins with `q`',
    access: 'signed-in',
    query: z.strictObject({
      ...PageQuery.shape,
      q: z.string().max(255, 'q is more than 255 characters').optional(),
    }),
    paged: true,
    status: 200,
    response: z.array(User),
    errors: [],
  },
  createUser: {
    method: 'POST',
    path: '/api/users',
    tag: 'Users',
    summary: 'Make an account for somebody; only an admin may give a role',
    access: 'signed-in',
    body: CreateUser,
    status: 201,
    response: User,
    errors: ['forbidden', 'uid_taken', 'overloaded'],
  },
  readMe: {
    method: 'GET',
    path: '/api/users/me',
    tag: 'Users',
    summary: 'Read oneself',
    access: 'signed-in',
    status: 200,
    response: User,
    errors: [],
  },
  changePassword: {
    method: 'PUT',
    path: '/api/users/me/password',
    tag: 'Users',
    summary: "Change one's password and end one's other sessions",
    access: 'signed-in',
    body: ChangePassword,
    status: 204,
    errors: ['credentials_invalid', 'too_many_requests', 'overloaded'],
  },
  readUser: {
    method: 'GET',
    path: '/api/users/:id',
    tag: 'Users',
    summary: 'Read a user',
    access: 'signed-in',
    params: IdParams,
    status: 200,
    response: User,
    errors: [],
  },
  updateUser: {
    method: 'PATCH',
    path: '/api/users/:id',
    tag: 'Users',
    summary: 'Change some of a user: oneself, or anybody for an admin',
    access: 'signed-in',
    params: IdParams,
    body: UpdateUser,
    status: 200,
    response: User,
    errors: ['forbidden', 'uid_taken', 'last_admin'],
  },
  replaceUser: {
    method: 'PUT',
    path: '/api/users/:id',
    tag: 'Users',
    summary: 'Change all of a user: oneself, or anybody for an admin',
    access: 'signed-in',
    params: IdParams,
    body: ReplaceUser,
    status: 200,
    response: User,
    errors: ['forbidden', 'uid_taken', 'last_admin'],
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/users/:id',
    tag: 'Users',
    summary: 'Delete a user with all that is theirs: oneself, or anybody for an admin',
    access: 'signed-in',
    params: IdParams,
    status: 204,
    errors: ['forbidden', 'last_admin'],
  },
  endUserSessions: {
    method: 'DELETE',
    path: '/api/users/:id/sessions',
    tag: 'Sessions',
    summary: "End all of a user's sessions",
    access: 'admin',
    params: IdParams,
    status: 204,
    errors: [],
  },
  refreshSession: {
    method: 'POST',
    path: '/api/sessions/refresh',
    tag: 'Sessions',
    summary: 'Exchange a refresh token for a new access token and the next refresh token',
    access: 'anyone',
    guarded: true,
    body: RefreshRequest,
    status: 200,
    response: Refreshed,
    errors: ['refresh_invalid', 'refresh_reused', 'session_ended', 'too_many_requests'],
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    tag: 'Sessions',
    summary: "List one's live sessions, newest first",
    access: 'signed-in',
    query: PageQuery,
    paged: true,
    status: 200,
    response: z.array(Session),
    errors: [],
  },
  endSessions: {
    method: 'DELETE',
    path: '/api/sessions',
    tag: 'Sessions',
    summary: "End all of one's sessions, this one too",
    access: 'signed-in',
    status: 204,
    errors: [],
  },
  endCurrentSession: {
    method: 'DELETE',
    path: '/api/sessions/current',
    tag: 'Sessions',
    summary: 'Sign out: always 204, whatever the token is worth',
    access: 'anyone',
    status: 204,
    errors: [],
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    tag: 'Sessions',
    summary: "End one of one's sessions",
    access: 'signed-in',
    params: z.strictObject({ id: SessionId }),
    status: 204,
    errors: [],
  },
  listPosts: {
    method: 'GET',
    path: '/api/posts',
    tag: 'Posts',
    summary: 'List posts, newest first',
    access: 'signed-in',
    query: PageQuery,
    paged: true,
    status: 200,
    response: z.array(Post),
    errors: [],
  },
  createPost: {
    method: 'POST',
    path: '/api/posts',
    tag: 'Posts',
    summary: 'Write a post, with a picture or without',
    access: 'signed-in',
    body: CreatePost,
    multipart: 'image',
    status: 201,
    response: Post,
    errors: [],
  },
  readPost: {
    method: 'GET',
    path: '/api/posts/:id',
    tag: 'Posts',
    summary: 'Read a post',
    access: 'signed-in',
    params: IdParams,
    status: 200,
    response: Post,
    errors: [],
  },
  updatePost: {
    method: 'PATCH',
    path: '/api/posts/:id',
    tag: 'Posts',
    summary: "Change some of a post: one's own, or anybody's for an admin",
    access: 'signed-in',
    params: IdParams,
    body: UpdatePost,
    multipart: 'image',
    status: 200,
    response: Post,
    errors: ['forbidden'],
  },
  deletePost: {
    method: 'DELETE',
    path: '/api/posts/:id',
    tag: 'Posts',
    summary: "Delete a post: one's own, or anybody's for an admin",
    access: 'signed-in',
    params: IdParams,
    status: 204,
    errors: ['forbidden'],
  },
  readPostImage: {
    method: 'GET',
    path: '/api/posts/:id/image',
    tag: 'Posts',
    summary: "A post's picture, with an ETag",
    access: 'signed-in',
    params: IdParams,
    status: 200,
    bytes: MediaType.options,
    errors: [],
  },
  listPlayers: {
    method: 'GET',
    path: '/api/players',
    tag: 'Players',
    summary: 'List players by tokens, highest first',
    access: 'signed-in',
    query: PageQuery,
    paged: true,
    status: 200,
    response: z.array(Player),
    errors: [],
  },
  createPlayer: {
    method: 'POST',
    path: '/api/players',
    tag: 'Players',
    summary: 'Enter a player',
    access: 'admin',
    body: CreatePlayer,
    status: 201,
    response: Player,
    errors: ['uid_taken', 'overloaded'],
  },
  readPlayer: {
    method: 'GET',
    path: '/api/players/:id',
    tag: 'Players',
    summary: 'Read a player',
    access: 'signed-in',
    params: IdParams,
    status: 200,
    response: Player,
    errors: [],
  },
  updatePlayer: {
    method: 'PATCH',
    path: '/api/players/:id',
    tag: 'Players',
    summary: 'Change some of a player',
    access: 'admin',
    params: IdParams,
    body: UpdatePlayer,
    status: 200,
    response: Player,
    errors: ['uid_taken', 'overloaded'],
  },
  deletePlayer: {
    method: 'DELETE',
    path: '/api/players/:id',
    tag: 'Players',
    summary: 'Delete a player',
    access: 'admin',
    params: IdParams,
    status: 204,
    errors: [],
  },
  listAuditEvents: {
    method: 'GET',
    path: '/api/audit',
    tag: 'Audit',
    summary: 'List audit events, newest first',
    access: 'admin',
    query: PageQuery,
    paged: true,
    status: 200,
    response: z.array(AuditEvent),
    errors: [],
  },
  readKeys: {
    method: 'GET',
    path: '/.well-known/jwks.json',
    tag: 'About',
    summary: 'The public keys that verify tokens; none under HS256',
    access: 'anyone',
    status: 200,
    response: JwkSet,
    errors: [],
  },
  readOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    tag: 'About',
    summary: 'This API as an OpenAPI 3.1 document',
    access: 'anyone',
    status: 200,
    response: z.record(z.string(), z.unknown()),
    errors: [],
  },
  readDocs: {
    method: 'GET',
    path: '/docs',
    tag: 'About',
    summary: 'A reference page',
    access: 'anyone',
    status: 200,
    text: 'text/html; charset=utf-8',
    errors: [],
  },
  readProblem: {
    method: 'GET',
    path: '/problems/:code',
    tag: 'About',
    summary: 'What a problem means and how to mend it',
    access: 'anyone',
    params: z.strictObject({ code: z.string() }),
    status: 200,
    text: 'text/html; charset=utf-8',
    errors: ['not_found'],
  },
  readHealth: {
    method: 'GET',
    path: '/healthz',
    tag: 'About',
    summary: 'The process is alive',
    access: 'anyone',
    status: 200,
    response: Alive,
    errors: [],
  },
  readReadiness: {
    method: 'GET',
    path: '/readyz',
    tag: 'About',
    summary: 'The database can be reached and has the current schema',
    access: 'anyone',
    status: 200,
    response: Ready,
    errors: ['not_ready'],
  },
  readMetrics: {
    method: 'GET',
    path: '/metrics',
    tag: 'About',
    summary: "This process's measurements for Prometheus; the proxy does not publish them",
    access: 'anyone',
    status: 200,
    text: 'text/plain; charset=utf-8',
    errors: [],
  },
} as const satisfies Record<string, Endpoint>;

export type Endpoints = typeof endpoints;
export type EndpointKey = keyof Endpoints;

/** What a handler receives: the parsed form. */
export type BodyOf<E> = E extends { body: infer S extends z.ZodType } ? z.output<S> : undefined;
export type QueryOf<E> = E extends { query: infer S extends z.ZodType } ? z.output<S> : undefined;
export type ParamsOf<E> = E extends { params: infer S extends z.ZodType } ? z.output<S> : undefined;

/** One page of a list. `next` is the cursor for `?after`, absent on the last page. */
export type Page<Item> = { readonly items: Item[]; readonly next?: string | undefined };

/** What a handler answers with and what a call resolves to. */
export type AnswerOf<E> = E extends { paged: true; response: z.ZodType<(infer Item)[]> }
  ? Page<Item>
  : E extends { response: infer S extends z.ZodType }
    ? z.output<S>
    : E extends { text: string }
      ? string
      : E extends { bytes: readonly string[] }
        ? Blob
        : undefined;

/** Every code that an endpoint can answer with, in the order of its statuses: its own, and those that its members imply. */
export function problemCodesOf(endpoint: Endpoint): ProblemCode[] {
  const codes = new Set<ProblemCode>(endpoint.errors);
  codes.add('internal').add('not_ready');
  if (endpoint.body || endpoint.query || endpoint.params || endpoint.access !== 'anyone')
    codes.add('invalid_request');
  if (endpoint.body) codes.add('body_too_large').add('unsupported_media_type');
  if (endpoint.access !== 'anyone')
    codes.add('token_missing').add('token_invalid').add('token_expired').add('session_ended');
  if (endpoint.access === 'admin') codes.add('forbidden');
  if (endpoint.params) codes.add('not_found');
  if (endpoint.method !== 'GET') codes.add('origin_refused');
  return [...codes];
}
