import type { RecordEvent } from '../audit/store.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { SessionStore } from './store.ts';

type SessionServiceDeps = {
  readonly sessions: Pick<SessionStore, 'find' | 'end' | 'endAll'>;
  readonly tokens: Pick<Tokens, 'identify'>;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
  readonly record: RecordEvent;
};

export type SessionService = ReturnType<typeof createSessionService>;

/** How sessions end, the same for both carriers. `sign-in.ts` begins them, `refresh.ts` renews them. */
export function createSessionService({ sessions, tokens, refreshTokens, record }: SessionServiceDeps) {
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
      for (const id of new Set(identified)) {
        if (id === undefined || !(await sessions.end(id, 'sign_out'))) continue;
        const session = await sessions.find(id);
        await record('sign_out', from, { user_id: session?.user_id ?? null, session_id: id });
      }
    },

    /** Ends one of the user's sessions. Throws `not_found` if it has ended or belongs to another user. */
    async end(id: string, user_id: number, from: RequestSource): Promise<void> {
      if (!(await sessions.end(id, 'ended_by_user', user_id)))
        throw new AppError('not_found', 'There is no such session');
      await record('session_ended', from, { user_id, session_id: id, detail: { by: user_id } });
    },

    /**
     * Ends all sessions of a user. `by` is the id of the user who asked for it: the same user, or an admin.
     */
    async endAll(user_id: number, by: number, from: RequestSource): Promise<void> {
      const count = await sessions.endAll(user_id, by === user_id ? 'ended_by_user' : 'ended_by_admin');
      await record('session_ended', from, { user_id, detail: { by, count } });
    },
  };
}
