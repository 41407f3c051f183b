import { randomBytes } from 'node:crypto';
import type { Carrier } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import { batchedLookup } from '../db/batched-lookup.ts';
import type { Database } from '../db/connect.ts';
import { transact } from '../db/transact.ts';
import type { Principal, RequestSource } from '../http/call.ts';

export type SessionRow = {
  readonly id: string;
  readonly user_id: number;
  readonly carrier: Carrier;
  readonly generation: number;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly rotated_at: string;
  readonly expires_at: string;
  readonly ended_at: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  /** Who made the last rotation; until there is one, who signed in. */
  readonly rotated_ip: string | null;
  readonly rotated_user_agent: string | null;
};

/** A session's place in the list of its user's sessions. */
export type SessionKey = Pick<SessionRow, 'created_at' | 'id'>;

export type NewSession = {
  readonly user_id: number;
  readonly carrier: Carrier;
  readonly password: string;
  readonly from: RequestSource;
};

export type EndReason =
  | 'sign_out'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'password_changed'
  | 'replaced_by_sign_in'
  | 'refresh_reused'
  | 'too_many_sessions'
  | 'demo_not_allowed';

const columns = [
  'id',
  'user_id',
  'carrier',
  'generation',
  'created_at',
  'last_used_at',
  'rotated_at',
  'expires_at',
  'ended_at',
  'ip',
  'user_agent',
  'rotated_ip',
  'rotated_user_agent',
] as const;

type SessionStoreDeps = {
  readonly db: Database;
  /** For reads that must not wait behind writes, above all the look-up of every request. */
  readonly reader: Database;
  readonly clock: Pick<Clock, 'timestamp'>;
  readonly idleSeconds: number;
  readonly maxSeconds: number;
  /** How many live sessions a user has at most. */
  readonly maxSessions: number;
};

/** Ended sessions are kept for the log and for known addresses, this many times as many as live ones. */
const keptForEachLive = 4;

/** A user may have thousands of sessions from before there was a limit; each sign-in ends so many of them. */
const mostAtOnce = 100;

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Rows of `sessions`. A session is live until it is ended, idle for too long, or past its absolute end. */
export function createSessionStore({
  db,
  reader,
  clock,
  idleSeconds,
  maxSeconds,
  maxSessions,
}: SessionStoreDeps) {
  return {
    /**
     * The session's user, if the session is live and the user exists: the look-up of every authenticated
     * request. The answer is what the database holds now, whichever process made the change.
     */
    findPrincipal: batchedLookup(
      (ids: readonly string[]): Promise<Principal[]> =>
        live(reader).join('users', 'users.id', 'sessions.user_id').whereIn('sessions.id', ids).select({
          user_id: 'users.id',
          uid: 'users.uid',
          role: 'users.role',
          session_id: 'sessions.id',
          carrier: 'sessions.carrier',
        }),
      ({ session_id }) => session_id,
    ),

    find: (id: string, trx: Database = db): Promise<SessionRow | undefined> =>
      trx<SessionRow>('sessions')
        .first(...columns)
        .where({ id }),

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

    /**
     * Ends the oldest live sessions that the session's user has beyond their number, never this one, and gives their
     * ids. Deletes the oldest of the ended ones. The user's row must be locked.
     */
    endSurplus,

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
      const [rotated] = await live(db)
        .where({ id, carrier, generation })
        .update({
          generation: generation + 1,
          rotated_at: at,
          rotated_ip: from.ip,
          rotated_user_agent: from.user_agent,
          last_used_at: at,
          expires_at: idleEnd(row.created_at),
        })
        .returning(columns);
      return rotated as SessionRow | undefined;
    },

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
      const rows = live(reader)
        .select<SessionRow[]>(columns)
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

    /** Ends a session; false if it has ended already or (with `user_id`) belongs to another user. */
    end: async (trx: Database, id: string, reason: EndReason, user_id?: number): Promise<boolean> =>
      (await ending(trx, reason).where({ id, ...(user_id !== undefined && { user_id }) })) > 0,

    /** Ends all of a user's sessions and answers how many there were. */
    endAll: (trx: Database, user_id: number, reason: EndReason): Promise<number> =>
      ending(trx, reason).where({ user_id }),

    /** Ends all of the user's sessions, within the transaction that changes the password. */
    endForNewPassword: (trx: Database, user_id: number): Promise<number> =>
      ending(trx, 'password_changed').where({ user_id }),

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

    /** Whether the user has signed in from this address before. */
    isKnownAddress: async (user_id: number, ip: string | null): Promise<boolean> =>
      ip !== null && (await reader('sessions').first('id').where({ user_id, ip })) !== undefined,

    /** Deletes sessions that expired longer ago than the longest lifetime of a session. */
    sweep: async (): Promise<void> =>
      void (await db('sessions').where('expires_at', '<', clock.timestamp(-maxSeconds)).delete()),
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

  async function endSurplus(trx: Database, { id, user_id }: SessionRow): Promise<string[]> {
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
    if (surplus.length > 0) await ending(trx, 'too_many_sessions').whereIn('id', idsOf(surplus));
    // Signing in and out again and again would otherwise fill the disk between two sweeps.
    if (old.length > 0) await trx('sessions').whereIn('id', idsOf(old)).delete();
    return idsOf(surplus);
  }

  function live(from: Database) {
    return from('sessions')
      .whereNull('sessions.ended_at')
      .where('sessions.expires_at', '>', clock.timestamp());
  }

  function ending(trx: Database, end_reason: EndReason) {
    return trx('sessions').whereNull('ended_at').update({ ended_at: clock.timestamp(), end_reason });
  }

  /** The idle end counted from now. A refresh never moves it past the absolute end. */
  function idleEnd(created_at: string): string {
    const absoluteEnd = new Date(Date.parse(created_at) + maxSeconds * 1000).toISOString();
    const end = clock.timestamp(idleSeconds);
    return end < absoluteEnd ? end : absoluteEnd;
  }
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
