import { startApi, webOrigin } from '@signet/api/start-api';
import { ApiError, type Client, createClient, endpoints } from '@signet/contracts';
import { createFakeApi } from '@signet/web/fake-api';
import { describe, expect, test } from 'vitest';

type Fetch = (request: Request) => Promise<Response>;
type Api = {
  /** The status of the last answer. */
  status: () => number;
  anonymous: Client['call'];
  withToken: (token: string) => Client['call'];
  withCookies: Client['call'];
  /** Signs in with a demo user's password. */
  signIn: (uid: 'toby' | 'niko') => Promise<{ token: string; call: Client['call'] }>;
  signInByCookie: (uid: 'toby' | 'niko') => Promise<unknown>;
};

/**
 * The same client for either API; a contract violation in a successful answer rejects as
 * UnexpectedAnswerError.
 */
function connect(baseUrl: string, fetch: Fetch): Api {
  let status = 0;
  const callWith = (init: RequestInit) =>
    createClient({
      baseUrl,
      fetch: async (request) => {
        const headers = new Headers(request.headers);
        for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
        const response = await fetch(new Request(request, { ...init, headers }));
        status = response.status;
        return response;
      },
    }).call;
  const anonymous = callWith({ credentials: 'omit' });
  const withCookies = callWith({ credentials: 'include' });
  const withToken = (token: string) =>
    callWith({ credentials: 'omit', headers: { authorization: `Bearer ${token}` } });
  return {
    status: () => status,
    anonymous,
    withToken,
    withCookies,
    async signIn(uid) {
      const body = { username: uid, password: `123${uid}` };
      const { token } = await anonymous(endpoints.createToken, { body });
      return { token, call: withToken(token) };
    },
    signInByCookie: (uid) =>
      withCookies(endpoints.authenticateUser, { body: { uid, password: `123${uid}` } }),
  };
}

/** What a browser does for a page of an allowed origin: it sends the origin, and keeps cookies. */
function browserFetch(): Fetch {
  const cookies = new Map<string, string>();
  return async (request) => {
    const headers = new Headers(request.headers);
    headers.set('origin', webOrigin);
    const isWithCookies = request.credentials === 'include';
    if (isWithCookies && cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new Request(request, { headers }));
    for (const line of isWithCookies ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}

const ada = { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine' };
const png = new Blob(
  [
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  ],
  { type: 'image/png' },
);

type Case = [title: string, outcome: string, act: (api: Api) => Promise<unknown>];

/**
 * What the pages of the web app rely on. An outcome is a status, with the problem's code where there is one.
 */
const cases: Case[] = [
  ['a sign-in by bearer token', '200', (api) => api.signIn('niko')],
  [
    'a sign-in by bearer token with a wrong password',
    '401 credentials_invalid',
    (api) => api.anonymous(endpoints.createToken, { body: { username: 'niko', password: 'wrong' } }),
  ],
  ['a sign-in by cookie', '200', (api) => api.signInByCookie('niko')],
  [
    'a sign-in by cookie with a wrong password',
    '401 credentials_invalid',
    (api) => api.withCookies(endpoints.authenticateUser, { body: { uid: 'niko', password: 'wrong' } }),
  ],
  [
    'a call with the cookie',
    '200',
    async (api) => {
      await api.signInByCookie('niko');
      await api.withCookies(endpoints.readMe);
    },
  ],
  [
    'a call with an altered token',
    '401 token_invalid',
    async (api) => {
      const { token } = await api.signIn('niko');
      await api.withToken(`${token.split('.')[0]}.bm8.c2ln`)(endpoints.readMe);
    },
  ],
  ['a call without a token', '401 token_missing', (api) => api.anonymous(endpoints.readMe)],
  ['a call with a token', '200', async (api) => (await api.signIn('niko')).call(endpoints.readProtected)],
  [
    'a refresh with the refresh token',
    '200',
    async (api) => {
      const body = { username: 'niko', password: '123niko' };
      const { refresh_token } = await api.anonymous(endpoints.createToken, { body });
      await api.anonymous(endpoints.refreshSession, { body: { refresh_token } });
    },
  ],
  [
    'a refresh with a refresh token that the API has not made',
    '401 refresh_invalid',
    (api) => api.anonymous(endpoints.refreshSession, { body: { refresh_token: 'not.a.token' } }),
  ],
  [
    'a refresh with the cookie',
    '200',
    async (api) => {
      await api.signInByCookie('niko');
      await api.withCookies(endpoints.refreshSession);
    },
  ],
  [
    'a call after the sign-out by bearer token',
    '401 session_ended',
    async (api) => {
      const { call } = await api.signIn('niko');
      await call(endpoints.endCurrentSession);
      await call(endpoints.readMe);
    },
  ],
  [
    'a call after the sign-out by cookie, which clears the cookie',
    '401 token_missing',
    async (api) => {
      await api.signInByCookie('niko');
      await api.withCookies(endpoints.endCurrentSession);
      await api.withCookies(endpoints.readMe);
    },
  ],
  ['a sign-up', '201', (api) => api.anonymous(endpoints.signUp, { body: ada })],
  [
    'a sign-up with a user ID that is in use',
    '409 uid_taken',
    (api) => api.anonymous(endpoints.signUp, { body: { ...ada, uid: 'toby' } }),
  ],
  [
    'an admin who creates an admin',
    '201',
    async (api) => (await api.signIn('toby')).call(endpoints.createUser, { body: { ...ada, role: 'admin' } }),
  ],
  [
    'a user who creates an admin',
    '403 forbidden',
    async (api) => (await api.signIn('niko')).call(endpoints.createUser, { body: { ...ada, role: 'admin' } }),
  ],
  [
    'a search for users, which shows a user no birth date of others',
    '200',
    async (api) => {
      const { call } = await api.signIn('niko');
      const { items } = await call(endpoints.listUsers, { query: { q: 'to' } });
      expect(items.find(({ uid }) => uid === 'toby')).not.toHaveProperty('dob');
    },
  ],
  [
    'a user who edits their own profile',
    '200',
    async (api) =>
      (await api.signIn('niko')).call(endpoints.updateUser, {
        params: { id: 2 },
        body: { name: 'Nikola Tesla', dob: null },
      }),
  ],
  [
    "a user who edits somebody else's profile",
    '403 forbidden',
    async (api) =>
      (await api.signIn('niko')).call(endpoints.updateUser, { params: { id: 1 }, body: { name: 'Mallory' } }),
  ],
  [
    'an admin who edits a user that does not exist',
    '404 not_found',
    async (api) =>
      (await api.signIn('toby')).call(endpoints.updateUser, {
        params: { id: 999 },
        body: { name: 'Nobody' },
      }),
  ],
  [
    'a call after the deletion of the caller’s own account',
    '401 session_ended',
    async (api) => {
      const { call } = await api.signIn('niko');
      await call(endpoints.deleteUser, { params: { id: 2 } });
      await call(endpoints.readMe);
    },
  ],
  [
    'the deletion of the only admin',
    '409 last_admin',
    async (api) => (await api.signIn('toby')).call(endpoints.deleteUser, { params: { id: 1 } }),
  ],
  [
    'a change of the password with a wrong current one',
    '401 credentials_invalid',
    async (api) =>
      (await api.signIn('niko')).call(endpoints.changePassword, {
        body: { current_password: 'wrong', new_password: 'a longer password' },
      }),
  ],
  [
    'a change of the password, which ends all sessions',
    '401 session_ended',
    async (api) => {
      const other = await api.signIn('niko');
      const { call } = await api.signIn('niko');
      await call(endpoints.changePassword, {
        body: { current_password: '123niko', new_password: 'a longer password' },
      });
      const own = await call(endpoints.readMe).catch((error: unknown) => error);
      expect(own).toMatchObject({ problem: { code: 'session_ended' } });
      await other.call(endpoints.readMe);
    },
  ],
  [
    'the list of sessions, which marks the current one, and the end of another',
    '204',
    async (api) => {
      await api.signIn('niko');
      const { call } = await api.signIn('niko');
      const { items } = await call(endpoints.listSessions);
      expect(items.map(({ current }) => current).sort()).toEqual([false, true]);
      const id = items.find(({ current }) => !current)?.id ?? '';
      await call(endpoints.endSession, { params: { id } });
    },
  ],
  [
    'the end of the other sessions, which are counted',
    '401 session_ended',
    async (api) => {
      const other = await api.signIn('niko');
      const { call } = await api.signIn('niko');
      expect((await call(endpoints.endOtherSessions)).ended).toBeGreaterThan(0);
      await call(endpoints.readMe);
      await other.call(endpoints.readMe);
    },
  ],
  [
    'a call after the end of all sessions',
    '401 session_ended',
    async (api) => {
      const { call } = await api.signIn('niko');
      await call(endpoints.endSessions);
      await call(endpoints.readMe);
    },
  ],
  [
    'the audit log, for an admin',
    '200',
    async (api) => (await api.signIn('toby')).call(endpoints.listAuditEvents),
  ],
  [
    'the audit log, for a user',
    '403 forbidden',
    async (api) => (await api.signIn('niko')).call(endpoints.listAuditEvents),
  ],
  [
    'a post with an image, which can be read',
    '200',
    async (api) => {
      const { call } = await api.signIn('niko');
      const { id, image } = await call(endpoints.createPost, { body: { note: 'Look' }, image: png });
      expect(image).not.toBeNull();
      expect(await call(endpoints.listPosts)).toHaveProperty('items.0.id', id);
      const bytes = await call(endpoints.readPostImage, { params: { id } });
      expect([bytes.size, bytes.type]).toEqual([png.size, 'image/png']);
    },
  ],
  [
    'a post whose image is removed',
    '404 not_found',
    async (api) => {
      const { call } = await api.signIn('niko');
      const { id } = await call(endpoints.createPost, { body: { note: 'Look' }, image: png });
      await call(endpoints.updatePost, { params: { id }, body: { note: 'Gone', image: null } });
      await call(endpoints.readPostImage, { params: { id } });
    },
  ],
  [
    "a user who edits somebody else's post",
    '403 forbidden',
    async (api) => {
      const { call } = await api.signIn('toby');
      const { id } = await call(endpoints.createPost, { body: { note: 'Mine' } });
      await (await api.signIn('niko')).call(endpoints.updatePost, { params: { id }, body: { note: 'Mine' } });
    },
  ],
  [
    'a post that was deleted',
    '404 not_found',
    async (api) => {
      const { call } = await api.signIn('niko');
      const { id } = await call(endpoints.createPost, { body: { note: 'Gone soon' } });
      await call(endpoints.deletePost, { params: { id } });
      await call(endpoints.readPost, { params: { id } });
    },
  ],
  [
    'a user who adds a player',
    '403 forbidden',
    async (api) => (await api.signIn('niko')).call(endpoints.createPlayer, { body: { ...ada, tokens: 1 } }),
  ],
  [
    'an admin who adds, edits and deletes a player',
    '404 not_found',
    async (api) => {
      const { call } = await api.signIn('toby');
      const { id } = await call(endpoints.createPlayer, { body: { ...ada, tokens: 1000 } });
      await call(endpoints.updatePlayer, { params: { id }, body: { tokens: 2000 } });
      expect(await call(endpoints.listPlayers)).toHaveProperty('items.0.tokens', 2000);
      await call(endpoints.deletePlayer, { params: { id } });
      await call(endpoints.readPlayer, { params: { id } });
    },
  ],
];

describe.each<[string, () => Promise<Api>]>([
  [
    'the real API',
    async () => {
      const { url } = await startApi({ env: { DATABASE_URL: 'sqlite::memory:' } });
      return connect(url, browserFetch());
    },
  ],
  [
    'the fake API of the web app’s tests',
    async () => connect('http://localhost:8086', createFakeApi().fetch),
  ],
])('%s', (_, open) => {
  test.each(cases)('answers %s with %s', async (_title, outcome, act) => {
    const api = await open();
    const error: unknown = await act(api).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined && !(error instanceof ApiError)) throw error;
    expect([api.status(), error?.problem.code].filter(Boolean).join(' ')).toBe(outcome);
  });
});
