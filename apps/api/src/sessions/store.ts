import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { liveSessions } from './live-store.ts';
import { type SessionKey, type SessionRow, sessionColumns } from './row.ts';

type SessionStoreDeps = {
  readonly db: Database;
  /** For reads that must not wait behind writes. */
  readonly reader: Database;
  readonly clock: Pick<Clock, 'timestamp'>;
};

export type SessionStore = ReturnType<typeof createSessionStore>;

/**
 * Rows of `sessions`: finds them. `lifetime-store.ts` begins and renews them, `end-store.ts` ends them,
 * `principal-store.ts` finds their users for the look-up of every request.
 */
export function createSessionStore({ db, reader, clock }: SessionStoreDeps) {
  return {
    find: (id: string, trx: Database = db): Promise<SessionRow | undefined> =>
      trx<SessionRow>('sessions')
        .first(...sessionColumns)
        .where({ id }),

    /**
     * At most `limit` live sessions of the user, newest first, after the cursor. The cursor's own row need
     * not exist any more.
     */
    list({
      user_id,
      limit,
      after,
    }: {
      user_id: number;
      limit: number;
      after: SessionKey | undefined;
    }): Promise<SessionRow[]> {
      const rows = liveSessions(reader, clock)
        .select<SessionRow[]>(sessionColumns)
        .where({ user_id })
        .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
        .limit(limit);
      if (!after) return rows;
      return rows.where((either) =>
        either
          .where('created_at', '<', after.created_at)
          .orWhere((same) => same.where('created_at', after.created_at).where('id', '>', after.id)),
      );
    },

    /** How many live sessions the user has. */
    async countLive(user_id: number): Promise<number> {
      const [row] = await liveSessions(reader, clock).where({ user_id }).count({ total: '*' });
      return Number(row?.total);
    },
  };
}
