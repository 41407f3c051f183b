import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import type { SessionRow } from './row.ts';

export type EndReason =
  | 'sign_out'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'password_changed'
  | 'replaced_by_sign_in'
  | 'refresh_reused'
  | 'too_many_sessions'
  | 'demo_not_allowed';

type SessionEndsDeps = {
  readonly clock: Pick<Clock, 'timestamp'>;
  /** How many live sessions a user has at most. */
  readonly maxSessions: number;
};

/** Ended sessions are kept for the log and for known addresses, this many times as many as live ones. */
const keptForEachLive = 4;

/** A user may have thousands of sessions from before there was a limit; each sign-in ends so many of them. */
const mostAtOnce = 100;

export type SessionEnds = ReturnType<typeof createSessionEnds>;

/** Ends sessions, each within the transaction of the change that ends them. */
export function createSessionEnds({ clock, maxSessions }: SessionEndsDeps) {
  return {
    /** Ends a session; false if it has ended already or (with `user_id`) belongs to another user. */
    end: async (trx: Database, id: string, reason: EndReason, user_id?: number): Promise<boolean> =>
      (await ending(trx, reason).where({ id, ...(user_id !== undefined && { user_id }) })) > 0,

    /** Ends all of a user's sessions and answers how many there were. */
    endAll: (trx: Database, user_id: number, reason: EndReason): Promise<number> =>
      ending(trx, reason).where({ user_id }),

    /** Ends the user's live sessions except `keep`, and answers how many there were. */
    endOthers: (trx: Database, user_id: number, keep: string): Promise<number> =>
      ending(trx, 'ended_by_user')
        .where('expires_at', '>', clock.timestamp())
        .where({ user_id })
        .whereNot({ id: keep }),

    /** Ends the cookie sessions among these, of any user, and answers which. */
    async endReplaced(trx: Database, ids: readonly string[]): Promise<{ id: string; user_id: number }[]> {
      if (ids.length === 0) return [];
      return ending(trx, 'replaced_by_sign_in')
        .whereIn('id', ids)
        .where({ carrier: 'cookie' })
        .returning(['id', 'user_id']);
    },

    /**
     * Ends the oldest live sessions that the session's user has beyond their number, never this one, and
     * gives the ids of those that it ended: a stolen refresh token may end one of them at the same time. Deletes the
     * oldest of the ended ones. The user's row must be locked.
     */
    async endSurplus(trx: Database, { id, user_id }: SessionRow): Promise<string[]> {
      const rows: Pick<SessionRow, 'id' | 'ended_at' | 'expires_at'>[] = await trx('sessions')
        .where({ user_id })
        .whereNot({ id })
        .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
        .select('id', 'ended_at', 'expires_at');
      const isLive = ({ ended_at, expires_at }: (typeof rows)[number]) =>
        ended_at === null && expires_at > clock.timestamp();
      const surplus = rows
        .filter(isLive)
        .slice(maxSessions - 1)
        .slice(-mostAtOnce);
      const old = rows
        .filter((row) => !isLive(row))
        .slice(keptForEachLive * maxSessions)
        .slice(-mostAtOnce);
      // Signing in and out again and again would otherwise fill the disk between two sweeps.
      if (old.length > 0) await trx('sessions').whereIn('id', idsOf(old)).delete();
      if (surplus.length === 0) return [];
      return idsOf(await ending(trx, 'too_many_sessions').whereIn('id', idsOf(surplus)).returning('id'));
    },
  };

  function ending(trx: Database, end_reason: EndReason) {
    return trx('sessions').whereNull('ended_at').update({ ended_at: clock.timestamp(), end_reason });
  }
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
