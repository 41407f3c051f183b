import type { Carrier } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { UserStore } from '../users/store.ts';
import type { Issued, IssueTokens } from './issue-tokens.ts';
import type { SessionRow, SessionStore } from './store.ts';

type SessionServiceDeps = {
  readonly sessions: Pick<SessionStore, 'rotate' | 'find' | 'end' | 'endAll'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly tokens: Pick<Tokens, 'identify'>;
  readonly refreshTokens: Pick<RefreshTokens, 'read'>;
  readonly issueTokens: IssueTokens;
  readonly record: RecordEvent;
  readonly graceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

export type SessionService = ReturnType<typeof createSessionService>;

/**
 * How a session is refreshed and how it ends. The same for both carriers. How it begins is in `sign-in.ts`.
 */
export function createSessionService(deps: SessionServiceDeps) {
  const { sessions, users, tokens, refreshTokens, issueTokens, record, graceSeconds, now } = deps;

  return {
    /**
     * Exchanges a refresh token for the next (RFC 9700, section 4.14.2).
     *
     * The current generation is exchanged. The previous one gets the very same successor for
     * `graceSeconds`, because two tabs or a lost answer make a client present it twice. Anything older is a
     * stolen copy and ends the session. Throws `refresh_invalid`, `session_ended`, `refresh_reused`.
     */
    async refresh(refreshToken: string | undefined, carrier: Carrier, from: RequestSource): Promise<Issued> {
      const presented = refreshToken === undefined ? undefined : refreshTokens.read(refreshToken);
      if (!presented) throw new AppError('refresh_invalid');
      const { session_id: id, generation } = presented;
      const rotated = await sessions.rotate({ id, carrier, generation });
      if (rotated) return issue(rotated);

      const session = await sessions.find(id);
      if (!session || session.carrier !== carrier) throw new AppError('refresh_invalid');
      if (session.ended_at !== null || Date.parse(session.expires_at) <= now())
        throw new AppError('session_ended');
      if (
        session.generation === generation + 1 &&
        now() - Date.parse(session.rotated_at) <= graceSeconds * 1000
      )
        return issue(session);
      if (await sessions.end(id, 'refresh_reused'))
        await record('refresh_reused', from, { user_id: session.user_id, session_id: id });
      throw new AppError('refresh_reused');
    },

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

  async function issue(session: SessionRow): Promise<Issued> {
    const user = await users.find(session.user_id);
    if (!user) throw new AppError('session_ended');
    return issueTokens(user, session);
  }
}
