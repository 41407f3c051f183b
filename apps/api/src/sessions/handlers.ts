import type { Authenticated, TokenAnswer, User } from '@signet/contracts';
import { readBearer } from '../auth/authenticate.ts';
import type { Cookies } from '../auth/cookies.ts';
import type { DeviceTokens } from '../auth/device-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Handlers, Reply } from '../http/call.ts';
import { cursorOf, pageOf } from '../http/page.ts';
import type { UserRow } from '../users/row.ts';
import type { PasswordChange } from './change-password.ts';
import type { Issued } from './issue-tokens.ts';
import type { Refresh } from './refresh.ts';
import type { SessionKey } from './row.ts';
import type { SessionService } from './service.ts';
import type { SignInService } from './sign-in.ts';
import type { SessionStore } from './store.ts';

type SessionHandlers = Pick<
  Handlers,
  | 'authenticateUser'
  | 'createToken'
  | 'readProtected'
  | 'refreshSession'
  | 'listSessions'
  | 'endSession'
  | 'endSessions'
  | 'endOtherSessions'
  | 'changePassword'
  | 'endCurrentSession'
  | 'endUserSessions'
>;

type SessionHandlerDeps = {
  readonly signIn: SignInService['signIn'];
  readonly service: SessionService;
  readonly refresh: Refresh;
  readonly changePassword: PasswordChange;
  readonly sessions: SessionStore;
  readonly cookies: Cookies;
  readonly deviceTokens: DeviceTokens;
  readonly identifyDevice: Tokens['identifyDevice'];
  readonly tokenSeconds: number;
  /** The user as they see themselves. */
  readonly presentSelf: (user: UserRow) => User;
  /** Throws `not_found`. */
  readonly readUser: (id: number) => Promise<UserRow>;
};

/**
 * Signing in, refreshing and ending sessions, in the form of the caller's carrier: tokens in the body, or
 * cookies.
 */
export function createSessionHandlers({
  signIn,
  service,
  refresh,
  changePassword,
  sessions,
  cookies,
  deviceTokens,
  identifyDevice,
  tokenSeconds,
  presentSelf,
  readUser,
}: SessionHandlerDeps): SessionHandlers {
  return {
    async authenticateUser({ body, headers, from }, reply) {
      const replaced = service.sessionsOf(cookies.readAll(headers).tokens);
      const devices = deviceTokens.read(cookies.readDevices(headers));
      const brought = { replaced, devices };
      const issued = await signIn(body, 'cookie', 'Invalid user id or password', from, brought);
      const answer = asCookies(issued, `Authentication for ${issued.user.uid} successful`, reply);
      reply.setCookie(cookies.setDevice(deviceTokens.renew(issued.user.id, devices)));
      return answer;
    },

    async createToken({ body: { username, password }, headers, from }) {
      // The token of an earlier session, expired or not, does for this flow what the device cookie does for the other.
      const devices = bearerTokens(headers.authorization).flatMap((token) => identifyDevice(token) ?? []);
      const credentials = { uid: username, password };
      return asBearer(await signIn(credentials, 'bearer', 'Bad username or password', from, { devices }));
    },

    readProtected: ({ principal }) => ({ id: principal.user_id, username: principal.uid }),

    async refreshSession({ body, headers, from }, reply) {
      const { quota, ...issued } = await refresh(
        body
          ? { carrier: 'bearer', refreshTokens: [body.refresh_token], tokens: [] }
          : { carrier: 'cookie', ...cookies.readAll(headers) },
        from,
      );
      reply.quota(quota);
      if (body) return asBearer(issued);
      return asCookies(issued, `Session of ${issued.user.uid} renewed`, reply);
    },

    async listSessions({ query: { limit, after }, principal: { user_id, session_id } }) {
      const rows = await sessions.list({ user_id, limit: limit + 1, after: keyIn(after) });
      const { items, next } = pageOf(rows, limit, keyOf);
      const shown = items.map(({ id, carrier, created_at, last_used_at, expires_at, ip, user_agent }) => {
        return {
          id,
          carrier,
          created_at,
          last_used_at: roundedDown(last_used_at),
          expires_at: roundedDown(expires_at),
          ip,
          user_agent,
          current: id === session_id,
        };
      });
      return { items: shown, next };
    },

    async endSession({ params, principal, from }) {
      await service.end(params.id, principal, from);
      return undefined;
    },

    async endSessions({ principal, from }, reply) {
      await service.endAll(principal.user_id, principal, from);
      clear(reply);
      return undefined;
    },

    endOtherSessions: async ({ principal, from }) => ({ ended: await service.endOthers(principal, from) }),

    async changePassword({ body, principal, from }, reply) {
      const issued = await changePassword(body, principal, from);
      return principal.carrier === 'bearer'
        ? asBearer(issued)
        : asCookies(issued, `Password of ${issued.user.uid} changed`, reply);
    },

    async endCurrentSession({ headers, from }, reply) {
      const carried = cookies.readAll(headers);
      await service.signOut(
        { ...carried, tokens: [...carried.tokens, ...bearerTokens(headers.authorization)] },
        from,
      );
      clear(reply);
      return undefined;
    },

    async endUserSessions({ params, principal, from }) {
      const user = await readUser(params.id);
      await service.endAll(user.id, principal, from);
      return undefined;
    },
  };

  function asCookies({ user, token, refreshToken }: Issued, message: string, reply: Reply): Authenticated {
    for (const header of cookies.set(token, refreshToken)) reply.setCookie(header);
    return { message, data: { user: presentSelf(user) } };
  }

  function asBearer({ user, token, refreshToken }: Issued): TokenAnswer {
    return {
      token,
      user_id: user.id,
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      refresh_token: refreshToken,
    };
  }

  function clear(reply: Reply): void {
    for (const header of cookies.clear()) reply.setCookie(header);
  }
}

/**
 * To 5 minutes, because both times move when the owner refreshes, and a thief with a copy of the tokens could watch
 * for that moment and follow within the grace window.
 */
function roundedDown(time: string): string {
  const stepMs = 5 * 60 * 1000;
  return new Date(Math.floor(Date.parse(time) / stepMs) * stepMs).toISOString();
}

function keyOf({ created_at, id }: SessionKey): string {
  return `${Date.parse(created_at)}.${id}`;
}

/**
 * Reads what `keyOf` wrote: everything that the list is ordered by, so the cursor's row need not exist any
 * more.
 */
function keyIn(cursor: string | undefined): SessionKey | undefined {
  // Thirteen digits of milliseconds reach to the year 2286. Later moments do not fit into every database.
  const [milliseconds, id] = cursorOf(cursor, /^\d{1,13}\.[\w-]{22}$/)?.split('.') ?? [];
  if (!milliseconds || !id) return undefined;
  return { created_at: new Date(Number(milliseconds)).toISOString(), id };
}

/** A malformed header identifies no session, and signing out never fails because of it. */
function bearerTokens(authorization = ''): string[] {
  try {
    return [readBearer(authorization)].filter((token) => token !== undefined);
  } catch {
    return [];
  }
}
