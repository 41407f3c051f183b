import type { RecordEvent } from '../audit/store.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import { requireAdmin } from '../http/require-admin.ts';
import { noSuchUser } from '../users/no-such-user.ts';
import type { Authority } from './authority-store.ts';
import type { SessionEnds } from './end-store.ts';
import type { SessionStore } from './store.ts';

type SessionServiceDeps = {
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly ends: SessionEnds;
  readonly authority: Authority;
  readonly tokens: Pick<Tokens, 'identify'>;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
  readonly record: RecordEvent;
};

export type SessionService = ReturnType<typeof createSessionService>;

/** How sessions end, the same for both carriers. `sign-in.ts` begins them, `refresh.ts` renews them. */
export function createSessionService(deps: SessionServiceDeps) {
  const { sessions, ends, authority, tokens, refreshTokens, record } = deps;

  return {
    /** Ends every session that the tokens identify, expired or not. Unrecognised tokens are ignored. */
    async signOut(
      { tokens: given, refreshTokens: givenRefresh }: { tokens: string[]; refreshTokens: string[] },
      from: RequestSource,
    ): Promise<void> {
      const identified = [
        ...given.map((token) => tokens.identify(token)),
        ...givenRefresh.map((token) => refreshTokens.read(token)?.session_id),
      ];
      await authority.run(async (trx) => {
        for (const id of new Set(identified)) {
          if (id === undefined || !(await ends.end(trx, id, 'sign_out'))) continue;
          const session = await sessions.find(id, trx);
          await record(trx, 'sign_out', from, { user_id: session?.user_id ?? null, session_id: id });
        }
      });
    },

    /** Ends one of the caller's sessions. Throws `not_found` if it has ended or belongs to another user. */
    async end(id: string, principal: Principal, from: RequestSource): Promise<void> {
      await authority.runAs(principal, {}, async (trx, { caller: { user_id } }) => {
        if (!(await ends.end(trx, id, 'ended_by_user', user_id)))
          throw new AppError('not_found', 'There is no such session');
        await record(trx, 'session_ended', from, { user_id, session_id: id, detail: { by: user_id } });
      });
    },

    /** Ends the caller's sessions except the current one, and answers how many live ones there were. */
    endOthers: (principal: Principal, from: RequestSource): Promise<number> =>
      authority.runAs(principal, {}, async (trx, { caller: { user_id, session_id } }) => {
        const count = await ends.endOthers(trx, user_id, session_id);
        await record(trx, 'session_ended', from, { user_id, session_id, detail: { by: user_id, count } });
        return count;
      }),

    /** The sessions that tokens in cookies name, expired or not. */
    sessionsOf: (given: readonly string[]): string[] => [
      ...new Set(given.flatMap((token) => tokens.identify(token) ?? [])),
    ],

    /** Ends all sessions of a user: the caller's own, or an admin ends another's. Throws `forbidden`, `not_found`. */
    async endAll(user_id: number, principal: Principal, from: RequestSource): Promise<void> {
      await authority.runAs(principal, { users: [user_id] }, async (trx, { caller, users }) => {
        const isOwn = user_id === caller.user_id;
        if (!isOwn) requireAdmin(caller);
        // A user who was deleted meanwhile gets no event after that of the deletion.
        if (!users.some(({ id }) => id === user_id)) noSuchUser();
        const count = await ends.endAll(trx, user_id, isOwn ? 'ended_by_user' : 'ended_by_admin');
        const detail = { by: caller.user_id, count };
        await record(trx, 'session_ended', from, { user_id, session_id: caller.session_id, detail });
      });
    },
  };
}
