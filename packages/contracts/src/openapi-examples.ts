import type { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import type { EndpointKey, Endpoints } from './endpoints.ts';
import type { Exchange } from './schemas/exchange.ts';

/** An example of the body of a row, as a caller writes it. */
type RequestOf<E> = E extends { body: infer S extends z.ZodType } ? z.input<S> : never;

/** An example of the body of an answer, as it travels. */
type AnswerOf<A> = A extends { kind: 'json'; schema: infer S extends z.ZodType }
  ? z.output<S>
  : A extends { kind: 'page'; item: infer S extends z.ZodType }
    ? z.output<S>[]
    : A extends { kind: 'events' }
      ? string
      : A extends { kind: 'text' }
        ? string
        : never;

type WithBody = { [K in EndpointKey]: Endpoints[K] extends { body: z.ZodType } ? K : never }[EndpointKey];
type WithAnswer = {
  [K in EndpointKey]: Endpoints[K]['answer']['kind'] extends 'none' | 'bytes' ? never : K;
}[EndpointKey];

const at = '2026-01-31T12:00:00.000Z';
const times = { created_at: at, updated_at: at };
const toby = { id: 1, name: 'Thomas Edison', uid: 'toby', role: 'admin', ...times } as const;
const niko = { id: 2, name: 'Nicholas Tesla', uid: 'niko', role: 'user', ...times } as const;
const ada = { id: 5, name: 'Ada Lovelace', uid: 'ada', role: 'user', ...times } as const;
const self = { ...toby, dob: '1847-02-11', age: 178 };
const post = {
  id: 1,
  note: 'My first note',
  image: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  image_width: 1200,
  image_height: 800,
  user_id: 1,
  author: { uid: 'toby', name: 'Thomas Edison' },
  ...times,
};
const player = { id: 1, name: 'Thomas Edison', uid: 'toby', tokens: 45 };
const sessionId = 'wQ2pXk9vT5sYb1Nf8cRdLg';
const session = {
  id: sessionId,
  carrier: 'bearer',
  created_at: at,
  last_used_at: at,
  expires_at: '2026-02-07T12:00:00.000Z',
  ip: '127.0.0.1',
  user_agent: 'curl/8.5.0',
  current: true,
} as const;
// Shortened on purpose: an example that looks like a secret makes scanners of repositories report it.
const tokens = {
  token: 'header.payload.signature',
  user_id: 1,
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: `${sessionId}.0.mac`,
} as const;
const authenticated = { message: 'Authentication for toby successful', data: { user: self } };
const exchange = {
  id: 'k3v9x2ab.17',
  request_id: 'fd9c8f0e-6a0b-4f0a-9d6e-0f6f2f0f7a11',
  at,
  method: 'GET',
  route: '/protected',
  status: 200,
  headers: ['accept', 'authorization', 'host', 'user-agent'],
  cookies: [],
  query: [],
  decisions: [{ step: 'authentication', outcome: 'granted' }],
  vary: ['Origin'],
  set_cookies: [],
  durations: { total: 0.9, authentication: 0.3, handler: 0.1 },
} satisfies Exchange;

/** A body for each operation that takes one. Sent to an API with the demo data, each of them is accepted. */
export const requestExamples: { readonly [K in WithBody]: RequestOf<Endpoints[K]> } = {
  authenticateUser: { uid: 'toby', password: '123toby' },
  createToken: { username: 'toby', password: '123toby' },
  signUp: { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine', dob: '1815-12-10' },
  createUser: { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine', role: 'user' },
  changePassword: { current_password: '123toby', new_password: 'analytical engine' },
  updateUser: { name: 'Thomas Alva Edison' },
  replaceUser: { name: 'Thomas Alva Edison', uid: 'toby', dob: '1847-02-11' },
  setPassword: { new_password: 'analytical engine' },
  deleteUser: { current_password: '123toby' },
  refreshSession: { refresh_token: tokens.refresh_token },
  createPost: { note: 'My first note' },
  updatePost: { note: 'My first note, corrected' },
  createPlayer: { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine', tokens: 12 },
  updatePlayer: { tokens: 46 },
};

/** An answer of each operation whose answer is JSON or text. */
export const answerExamples: { readonly [K in WithAnswer]: AnswerOf<Endpoints[K]['answer']> } = {
  authenticateUser: authenticated,
  createToken: tokens,
  readProtected: { id: 1, username: 'toby' },
  signUp: { ...ada, dob: '1815-12-10', age: 210 },
  listUsers: [self, niko],
  countUsers: { count: 4, more: false },
  createUser: ada,
  readMe: self,
  changePassword: tokens,
  readUser: niko,
  readUserActivity: { last_sign_in_at: at, open_sessions: 1, posts: 1 },
  updateUser: { ...self, name: 'Thomas Alva Edison' },
  replaceUser: { ...self, name: 'Thomas Alva Edison' },
  refreshSession: { ...tokens, refresh_token: `${sessionId}.1.mac` },
  listSessions: [session],
  endOtherSessions: { ended: 2 },
  listPosts: [post],
  createPost: { ...post, image: null, image_width: null, image_height: null },
  readPost: post,
  updatePost: { ...post, note: 'My first note, corrected' },
  listPlayers: [player],
  createPlayer: { id: 5, name: 'Ada Lovelace', uid: 'ada', tokens: 12 },
  readPlayer: player,
  updatePlayer: { ...player, tokens: 46 },
  listAuditEvents: [
    {
      id: 7,
      at,
      event: 'sign_in',
      user_id: 1,
      user: { uid: 'toby', name: 'Thomas Edison' },
      actor: null,
      session_id: sessionId,
      ip: '127.0.0.1',
      request_id: exchange.request_id,
      detail: { carrier: 'bearer' },
    },
  ],
  listExchanges: `id: ${exchange.id}\ndata: ${JSON.stringify(exchange)}\n\n`,
  readCookieAssay: {
    set: ['lax', 'none', 'own'],
    came: ['lax', 'own'],
    site: 'same-site',
    own: { token_name: 'jwt', refresh_name: 'jwt_refresh', same_site: 'lax', secure: false },
    tokens: 1,
  },
  readKeys: { keys: [] },
  readOpenApi: { openapi: '3.1.0', info: { title: 'Signet', version: '1' }, paths: {} },
  readDocs: '<!doctype html><title>Signet API</title>',
  readProblem: '<!doctype html><title>401 token_missing</title>',
  readHealth: { status: 'ok' },
  readReadiness: { status: 'ready' },
  readMetrics: 'signet_problems_total{code="token_missing"} 1\n',
};

/** The parameters of paths and queries, by name. */
const parameterExamples: Readonly<Record<string, unknown>> = {
  id: '1',
  code: 'token_missing',
  file: 'viewer.js',
  limit: 20,
  after: 'WzIwXQ',
  q: 'ed',
  role: 'user',
  sort: 'name',
  event: ['sign_in', 'sign_out'],
  user: 1,
  from: '2026-01-01',
  to: '2026-02-01T00:00:00Z',
};

/** An example of a parameter of one operation; undefined for one without. */
export function parameterExample(operationId: string, name: string): unknown {
  if (operationId === 'endSession') return sessionId;
  if (operationId === 'listExchanges') return name === 'after' ? 'start' : exchange.id;
  return parameterExamples[name];
}

/** The example of one operation's body, or of its answer; undefined for an operation of another table. */
export function exampleOf(
  examples: Readonly<Record<string, unknown>>,
  operationId: string,
): { readonly example?: unknown } {
  return Object.hasOwn(examples, operationId) ? { example: examples[operationId] } : {};
}

/** Examples of CSV: the columns, and no row. */
export function csvExample({ answer }: Pick<Endpoint, 'answer'>): string {
  return answer.kind === 'page' && answer.csv ? `${answer.csv.join(',')}\r\n` : '';
}
