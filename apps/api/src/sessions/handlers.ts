import { findBearer } from '../auth/authenticate.ts';
import type { Cookies } from '../auth/cookies.ts';
import type { Handlers, Reply } from '../http/call.ts';
import { pageOf } from '../http/page.ts';
import type { UserRow } from '../users/row.ts';
import { keyIn, keyOf, shownSession } from './listed-session.ts';
import type { SessionService } from './service.ts';
import type { SessionStore } from './store.ts';

type SessionHandlers = Pick<
  Handlers,
  'listSessions' | 'endSession' | 'endSessions' | 'endOtherSessions' | 'endCurrentSession' | 'endUserSessions'
>;

type SessionHandlerDeps = {
  readonly service: SessionService;
  readonly sessions: Pick<SessionStore, 'list'>;
  readonly cookies: Cookies;
  /** Throws `not_found`. */
  readonly readUser: (id: number) => Promise<UserRow>;
};

/** Listing and ending sessions. Where the caller's own session ends, its cookies are deleted, too. */
export function createSessionHandlers({
  service,
  sessions,
  cookies,
  readUser,
}: SessionHandlerDeps): SessionHandlers {
  return {
    async listSessions({ query: { limit, after }, principal: { user_id, session_id } }) {
      const rows = await sessions.list({ user_id, limit: limit + 1, after: keyIn(after) });
      const { items, next } = pageOf(rows, limit, keyOf);
      return { items: items.map((row) => shownSession(row, session_id)), next };
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

    async endCurrentSession({ headers, from }, reply) {
      // A malformed header identifies no session, and signing out never fails because of it.
      const bearer = findBearer(headers.authorization);
      const carried = cookies.readAll(headers);
      await service.signOut(
        { ...carried, tokens: [...carried.tokens, ...(bearer === undefined ? [] : [bearer])] },
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

  function clear(reply: Reply): void {
    for (const header of cookies.clear()) reply.setCookie(header);
  }
}
