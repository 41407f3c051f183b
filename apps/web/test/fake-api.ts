import {
  type AuditEvent,
  type Carrier,
  type EndpointKey,
  endpoints,
  matchEndpoint,
  type Problem,
  type ProblemCode,
  problems,
  type Session,
  type User,
} from '@signet/contracts';
import { createFakeFeed } from './fake-feed.ts';

export const apiUrl = 'http://localhost:8086';

type Person = User & { password: string };
type LiveSession = Session & { userId: number; generation: number };
type Call = {
  key: EndpointKey;
  request: Request;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
};
type Handler = (call: Call) => Response | Promise<Response>;

/**
 * The API behind a fake `fetch`: users, sessions of both flows and this browser's cookies, in memory. The tests of
 * apps/e2e compare its answers with the real API's. `respond` replaces one endpoint's answer.
 */
export function createFakeApi() {
  const people: Person[] = [
    person(1, 'Thomas Edison', 'toby', 'admin'),
    person(2, 'Nicholas Tesla', 'niko', 'user'),
  ];
  const auditEvents: AuditEvent[] = [];
  const feed = createFakeFeed({ page, problem });
  const sessions: LiveSession[] = [];
  const expiredTokens = new Set<string>();
  /** This browser's HttpOnly cookies for the API. */
  const cookies: { jwt?: string | undefined; refresh?: string | undefined } = {};
  const calls: Call[] = [];
  const replaced = new Map<EndpointKey, Handler>();
  const delays = new Map<EndpointKey, Promise<void>>();
  const state = { isReachable: true, issuedTokens: 0, startedSessions: 0 };

  const issueToken = (session: LiveSession, lifetimeSeconds = 3600) => {
    state.issuedTokens += 1;
    const issuedAt = Math.floor(Date.now() / 1000);
    const user = people.find(({ id }) => id === session.userId);
    const claims = {
      iss: apiUrl,
      aud: 'signet',
      sub: String(session.userId),
      _uid: user?.uid,
      sid: session.id,
      jti: `token-${state.issuedTokens}`,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
    };
    return [{ alg: 'HS256', typ: 'at+jwt', kid: 'key-1' }, claims]
      .map(base64url)
      .concat('c2lnbmF0dXJl')
      .join('.');
  };
  const startSession = (user: Person, carrier: Carrier) => {
    const at = new Date().toISOString();
    state.startedSessions += 1;
    const session: LiveSession = {
      id: `session-${String(state.startedSessions).padStart(14, '0')}`,
      carrier,
      created_at: at,
      last_used_at: at,
      expires_at: at,
      ip: '127.0.0.1',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
      current: false,
      userId: user.id,
      generation: 0,
    };
    sessions.push(session);
    return session;
  };
  const endSessions = (isMeant: (session: LiveSession) => boolean) => {
    sessions.splice(0, sessions.length, ...sessions.filter((session) => !isMeant(session)));
  };
  const tokenAnswer = (session: LiveSession) => ({
    token: issueToken(session),
    user_id: session.userId,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: `${session.id}.${session.generation}`,
  });
  const signInByCookie = (session: LiveSession) => {
    cookies.jwt = issueToken(session);
    cookies.refresh = `${session.id}.${session.generation}`;
  };

  /** The caller's session, as the API finds it: from the header if there is one, else from the cookie. */
  const authenticate = (request: Request): LiveSession | Response => {
    const carrier = request.headers.has('authorization') ? 'bearer' : 'cookie';
    const token =
      carrier === 'bearer' ? request.headers.get('authorization')?.slice(7) : cookieOf(request, cookies.jwt);
    if (!token) return problem('token_missing');
    const claims = readClaims(token);
    if (!claims) return problem('token_invalid');
    if (expiredTokens.has(token)) return problem('token_expired');
    const session = sessions.find(({ id }) => id === claims.sid);
    if (!session) return problem('session_ended');
    return session.carrier === carrier ? session : problem('token_invalid');
  };
  const asUser = (respond: (me: Person, session: LiveSession, call: Call) => Response): Handler => {
    return (call) => {
      const session = authenticate(call.request);
      if (session instanceof Response) return session;
      const me = people.find(({ id }) => id === session.userId);
      return me ? respond(me, session, call) : problem('session_ended');
    };
  };
  const signIn = (uid: unknown, password: unknown) =>
    people.find((each) => each.uid === uid && each.password === password);

  const handlers: Partial<Record<EndpointKey, Handler>> = {
    // As where others reach the API.
    listExchanges: () => problem('not_found', 'There is nothing at this path'),

    startCookieAssay: () => new Response(null, { status: 204 }),
    readCookieAssay: () =>
      Response.json({
        set: ['lax', 'own'],
        came: ['lax', 'own'],
        site: 'same-site',
        own: { token_name: 'jwt', refresh_name: 'jwt_refresh', same_site: 'lax', secure: false },
        tokens: 0,
      }),

    // As under HS256, whose key is a secret.
    readKeys: () => Response.json({ keys: [] }),

    createToken: ({ body }) => {
      const user = signIn(body.username, body.password);
      return user
        ? Response.json(tokenAnswer(startSession(user, 'bearer')))
        : problem('credentials_invalid', 'Bad username or password');
    },
    authenticateUser: ({ body }) => {
      const user = signIn(body.uid, body.password);
      if (!user) return problem('credentials_invalid', 'Invalid user id or password');
      signInByCookie(startSession(user, 'cookie'));
      return Response.json({
        message: `Authentication for ${user.uid} successful`,
        data: { user: publicUser(user) },
      });
    },
    refreshSession: ({ request, body }) => {
      const given =
        typeof body.refresh_token === 'string' ? body.refresh_token : cookieOf(request, cookies.refresh);
      const [id, generation] = (given ?? '').split('.');
      const session = sessions.find((each) => each.id === id);
      if (!session) return problem('refresh_invalid');
      if (Number(generation) !== session.generation) return problem('refresh_reused');
      session.generation += 1;
      if (session.carrier === 'bearer') return Response.json(tokenAnswer(session));
      signInByCookie(session);
      return Response.json({
        message: 'Session refreshed',
        data: { user: publicUser(people.find((each) => each.id === session.userId)) },
      });
    },
    endCurrentSession: ({ request }) => {
      const token = request.headers.get('authorization')?.slice(7) ?? cookieOf(request, cookies.jwt);
      const sid = readClaims(token ?? '')?.sid ?? cookieOf(request, cookies.refresh)?.split('.')[0];
      endSessions((session) => session.id === sid);
      if (request.credentials === 'include') Object.assign(cookies, { jwt: undefined, refresh: undefined });
      return new Response(null, { status: 204 });
    },
    signUp: ({ body }) => create(body, 'user'),
    createUser: asUser((me, _, { body }) => {
      if (body.role !== undefined && me.role !== 'admin') return problem('forbidden');
      return create(body, body.role === 'admin' ? 'admin' : 'user');
    }),
    readProtected: asUser((me) => Response.json({ id: me.id, username: me.uid })),
    readMe: asUser((me) => Response.json(publicUser(me))),
    listUsers: asUser((me, _, { query }) => {
      const sort = query.get('sort');
      const sorted = peopleWith(query);
      if (sort === 'newest') sorted.reverse();
      if (sort === 'name') sorted.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
      return page(
        sorted.map((each) => visibleTo(me, each)),
        query,
      );
    }),
    countUsers: asUser((_me, _, { query }) =>
      Response.json({ count: peopleWith(query).length, more: false }),
    ),
    readUserActivity: asUser((me, _, { params }) => {
      const id = Number(params.id);
      if (me.role !== 'admin' && me.id !== id) return problem('forbidden');
      if (!people.some((each) => each.id === id)) return problem('not_found');
      const open = sessions.filter(({ userId }) => userId === id);
      return Response.json({
        last_sign_in_at: open.at(-1)?.created_at ?? null,
        open_sessions: open.length,
        posts: feed.posts.filter(({ user_id }) => user_id === id).length,
      });
    }),
    readUser: asUser((me, _, { params }) => {
      const user = people.find(({ id }) => id === Number(params.id));
      return user ? Response.json(visibleTo(me, user)) : problem('not_found');
    }),
    endUserSessions: asUser((me, _, { params }) => {
      if (me.role !== 'admin') return problem('forbidden');
      endSessions(({ userId }) => userId === Number(params.id));
      return new Response(null, { status: 204 });
    }),
    setPassword: asUser((me, _, { params, body }) => {
      const user = people.find(({ id }) => id === Number(params.id));
      if (me.role !== 'admin' || user === me) return problem('forbidden');
      if (!user) return problem('not_found');
      user.password = String(body.new_password);
      endSessions(({ userId }) => userId === user.id);
      return new Response(null, { status: 204 });
    }),
    updateUser: asUser((me, _, { params, body }) => {
      const user = people.find(({ id }) => id === Number(params.id));
      if (!user) return problem('not_found');
      if (me.role !== 'admin' && (me.id !== user.id || body.role !== undefined)) return problem('forbidden');
      if (people.some((each) => each !== user && each.uid === body.uid))
        return problem('uid_taken', 'This user id is taken');
      const { current_password, ...changes } = body;
      if (me.id === user.id && changes.uid !== undefined && changes.uid !== user.uid) {
        if (current_password === undefined)
          return problem('invalid_request', 'To change your user ID, give your current password', [
            { path: 'current_password', message: 'Current password is missing' },
          ]);
        if (current_password !== me.password)
          return problem('credentials_invalid', 'The current password is wrong');
      }
      Object.assign(user, changes);
      return Response.json(publicUser(user));
    }),
    deleteUser: asUser((me, _, { params, body }) => {
      const index = people.findIndex(({ id }) => id === Number(params.id));
      const user = people[index];
      if (!user) return problem('not_found');
      if (me.role !== 'admin' && me.id !== user.id) return problem('forbidden');
      if (body.current_password !== undefined && body.current_password !== me.password)
        return problem('credentials_invalid', 'The current password is wrong');
      if (user.role === 'admin' && people.filter(({ role }) => role === 'admin').length === 1)
        return problem('last_admin', 'The last admin can be neither deleted nor demoted');
      people.splice(index, 1);
      endSessions((session) => session.userId === user.id);
      return new Response(null, { status: 204 });
    }),
    changePassword: asUser((me, session, { body }) => {
      if (body.current_password !== me.password)
        return problem('credentials_invalid', 'The current password is wrong');
      me.password = String(body.new_password);
      endSessions((each) => each.userId === me.id);
      const begun = startSession(me, session.carrier);
      if (session.carrier === 'bearer') return Response.json(tokenAnswer(begun));
      signInByCookie(begun);
      return Response.json({ message: `Password of ${me.uid} changed`, data: { user: publicUser(me) } });
    }),
    listSessions: asUser((me, session, { query }) =>
      page(
        sessions
          .filter(({ userId }) => userId === me.id)
          .map(({ userId: _, generation: __, ...each }) => ({ ...each, current: each.id === session.id })),
        query,
      ),
    ),
    endSession: asUser((me, _, { params }) => {
      endSessions((session) => session.id === params.id && session.userId === me.id);
      return new Response(null, { status: 204 });
    }),
    endOtherSessions: asUser((me, session) => {
      const before = sessions.length;
      endSessions((each) => each.userId === me.id && each !== session);
      return Response.json({ ended: before - sessions.length });
    }),
    endSessions: asUser((me) => {
      endSessions((session) => session.userId === me.id);
      return new Response(null, { status: 204 });
    }),
    listAuditEvents: asUser((me, _, { query, request }) => {
      if (me.role !== 'admin') return problem('forbidden');
      const wanted = query.get('event')?.split(',');
      const found = auditEvents.filter(
        ({ event, user_id }) =>
          (!wanted || wanted.includes(event)) &&
          (!query.get('user') || user_id === Number(query.get('user'))),
      );
      if (request.headers.get('accept') !== 'text/csv') return page(found, query);
      const lines = found.map(({ id, event }) => `${id},${event}\r\n`);
      return new Response(`id,event\r\n${lines.join('')}`, { headers: { 'content-type': 'text/csv' } });
    }),
    ...Object.fromEntries(
      Object.entries(feed.answers).map(([key, answer]) => [key, asUser((me, _, call) => answer(me, call))]),
    ),
  };

  /** Those whose user id or a word of whose name begins with `q`, by id. */
  function peopleWith(query: URLSearchParams): Person[] {
    const prefix = query.get('q')?.trim().toLowerCase() ?? '';
    const role = query.get('role');
    return people.filter(({ uid, name, role: own }) => {
      const beginnings = [
        uid,
        ...[...name.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => name.slice(index)),
      ];
      return (role ?? own) === own && beginnings.some((text) => text.toLowerCase().startsWith(prefix));
    });
  }

  function visibleTo(me: Person, user: Person): User {
    return me.role === 'admin' || me.id === user.id ? publicUser(user) : withoutBirth(user);
  }

  function create(body: Record<string, unknown>, role: 'user' | 'admin'): Response {
    if (people.some(({ uid }) => uid === body.uid)) return problem('uid_taken', 'This user id is taken');
    const user = {
      ...person(people.length + 1, String(body.name), String(body.uid), role),
      password: String(body.password),
    };
    people.push(user);
    return Response.json(publicUser(user), { status: 201 });
  }

  return {
    people,
    sessions,
    auditEvents,
    feed,
    cookies,
    calls,
    state,
    issueToken,
    startSession,
    endSessions,
    callsOf: (key: EndpointKey) => calls.filter((call) => call.key === key),
    respond: (key: EndpointKey, handler: Handler) => void replaced.set(key, handler),
    /** Delays an endpoint's answers until `released` is fulfilled. */
    delay: (key: EndpointKey, released: Promise<void>) => void delays.set(key, released),
    restore: (key: EndpointKey) => void replaced.delete(key),
    /** An hour passes: bearer tokens expire, and the browser drops the access cookie, whose Max-Age is as long. */
    expireTokens(token: string | undefined) {
      if (token) expiredTokens.add(token);
      cookies.jwt = undefined;
    },
    async fetch(request: Request): Promise<Response> {
      if (!state.isReachable) throw new TypeError('Failed to fetch');
      const call = await readCall(request);
      calls.push(call);
      await delays.get(call.key);
      const handler = replaced.get(call.key) ?? handlers[call.key];
      if (!handler) return refuseUnknown(call.key);
      return handler(call);
    },
  };
}

export type FakeApi = ReturnType<typeof createFakeApi>;

/** The app shows the error of a call and goes on, so the test itself has to fail: setup.ts refuses console.error. */
function refuseUnknown(key: EndpointKey): never {
  const message = `The fake API does not know ${key}: add it to \`handlers\` in apps/web/test/fake-api.ts`;
  // biome-ignore lint/suspicious/noConsole: it is what makes the test fail.
  console.error(message);
  throw new Error(message);
}

/** A failed sign-in, with these changes. */
export function auditEvent(changes: Partial<AuditEvent>): AuditEvent {
  return {
    id: 1,
    at: '2026-01-31T12:00:00.000Z',
    event: 'sign_in_failed',
    user_id: null,
    user: null,
    actor: null,
    session_id: null,
    ip: '10.0.0.9',
    request_id: null,
    detail: {},
    ...changes,
  };
}

/** A problem in the API's form. */
export function problem(
  code: ProblemCode,
  detail: string = problems[code].meaning,
  issues?: Problem['issues'],
): Response {
  const { status, title, hint } = problems[code];
  const body: Problem = {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    code,
    request_id: 'request-1',
    hint,
    ...(issues && { issues }),
    message: detail,
    data: null,
    error: title,
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

function person(id: number, name: string, uid: string, role: 'user' | 'admin'): Person {
  const at = '2026-01-31T12:00:00.000Z';
  return {
    id,
    name,
    uid,
    role,
    dob: '1856-07-10',
    age: 169,
    created_at: at,
    updated_at: at,
    password: `123${uid}`,
  };
}

function publicUser(user: Person | undefined): User {
  if (!user) throw new Error('No such person');
  const { password: _, ...rest } = user;
  return rest;
}

function withoutBirth(user: Person): User {
  const { dob: _, age: __, ...rest } = publicUser(user);
  return rest;
}

function page(items: readonly unknown[], query: URLSearchParams): Response {
  const start = Number(query.get('after') ?? 0);
  const end = start + Number(query.get('limit') ?? 100);
  const headers: HeadersInit = end < items.length ? { link: `</somewhere?after=${end}>; rel="next"` } : {};
  return Response.json(items.slice(start, end), { headers });
}

function cookieOf(request: Request, cookie: string | undefined): string | undefined {
  return request.credentials === 'include' ? cookie : undefined;
}

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function readClaims(token: string): { sid: string } | undefined {
  try {
    return JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return undefined;
  }
}

async function readCall(request: Request): Promise<Call> {
  const url = new URL(request.url);
  const isForm = request.headers.get('content-type')?.startsWith('multipart/form-data');
  const text = isForm ? '' : await request.clone().text();
  const match = matchEndpoint(endpoints, request.method, url.pathname);
  if (!match) throw new Error(`No endpoint is at ${request.method} ${url.pathname}`);
  const body = isForm ? Object.fromEntries(await request.clone().formData()) : text ? JSON.parse(text) : {};
  return { ...match, request, query: url.searchParams, body };
}
