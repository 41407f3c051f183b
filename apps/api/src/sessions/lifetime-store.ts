import { randomBytes } from 'node:crypto';
import type { Carrier } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { deleteOld } from '../db/delete-old.ts';
import { transact } from '../db/transact.ts';
import type { RequestSource } from '../http/call.ts';
import { liveSessions } from './live-store.ts';
import { type SessionRow, sessionColumns } from './row.ts';

type SessionLifetimesDeps = {
  readonly db: Database;
  readonly clock: Pick<Clock, 'timestamp'>;
  readonly idleSeconds: number;
  readonly maxSeconds: number;
};

type NewSession = {
  readonly user_id: number;
  readonly carrier: Carrier;
  /** The hash that was checked. */
  readonly password: string;
  readonly from: RequestSource;
};

export type SessionLifetimes = ReturnType<typeof createSessionLifetimes>;

/**
 * Begins and renews sessions. A session is idle `idleSeconds` after its last refresh, and ends `maxSeconds`
 * after it began, however often it is refreshed.
 */
export function createSessionLifetimes({ db, clock, idleSeconds, maxSeconds }: SessionLifetimesDeps) {
  return {
    /**
     * A new session of the user, or undefined if the password that was checked is not theirs any more: a
     * change of password in between has ended all sessions, and this one must not escape that. `also` runs
     * in the same transaction.
     */
    create: (
      { user_id, carrier, password, from }: NewSession,
      also: (trx: Database, session: SessionRow) => Promise<void>,
    ) =>
      transact(db, async (trx): Promise<SessionRow | undefined> => {
        // The lock makes concurrent sign-ins of one user count each other's sessions.
        const owner = await trx('users').where({ id: user_id, password }).forNoKeyUpdate().first('id');
        if (!owner) return undefined;
        const row = await insert(trx, { user_id, carrier, from });
        await also(trx, row);
        return row;
      }),

    /** A new session within the transaction that has given the user a new password. */
    createForNewPassword: insert,

    /**
     * Moves a live session from this generation to the next, and its idle end with it. Undefined if the
     * session is at another generation: it is a compare-and-set, so one of any number of concurrent
     * refreshes succeeds.
     */
    async rotate({
      id,
      carrier,
      generation,
      from,
    }: {
      id: string;
      carrier: Carrier;
      generation: number;
      from: RequestSource;
    }): Promise<SessionRow | undefined> {
      const row = await db<SessionRow>('sessions').first('created_at').where({ id });
      if (!row) return undefined;
      const at = clock.timestamp();
      const [rotated] = await liveSessions(db, clock)
        .where({ id, carrier, generation })
        .update({
          generation: generation + 1,
          rotated_at: at,
          rotated_ip: from.ip,
          rotated_user_agent: from.user_agent,
          last_used_at: at,
          expires_at: idleEnd(row.created_at),
        })
        .returning(sessionColumns);
      return rotated as SessionRow | undefined;
    },

    /** Deletes sessions that expired longer ago than the longest lifetime of a session. */
    sweep: (): Promise<void> =>
      deleteOld(db, {
        table: 'sessions',
        primaryKey: 'id',
        column: 'expires_at',
        before: clock.timestamp(-maxSeconds),
      }),
  };

  async function insert(
    trx: Database,
    { user_id, carrier, from }: Omit<NewSession, 'password'>,
  ): Promise<SessionRow> {
    const at = clock.timestamp();
    const row: SessionRow = {
      id: randomBytes(16).toString('base64url'),
      user_id,
      carrier,
      generation: 0,
      created_at: at,
      last_used_at: at,
      rotated_at: at,
      expires_at: idleEnd(at),
      ended_at: null,
      ip: from.ip,
      user_agent: from.user_agent,
      rotated_ip: from.ip,
      rotated_user_agent: from.user_agent,
    };
    await trx('sessions').insert(row);
    return row;
  }

  /** The idle end counted from now. A refresh never moves it past the absolute end. */
  function idleEnd(created_at: string): string {
    const absoluteEnd = new Date(Date.parse(created_at) + maxSeconds * 1000).toISOString();
    const end = clock.timestamp(idleSeconds);
    return end < absoluteEnd ? end : absoluteEnd;
  }
}
