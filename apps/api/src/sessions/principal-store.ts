import type { Clock } from '../clock.ts';
import { type Database, isPostgres } from '../db/connect.ts';
import type { Principal } from '../http/call.ts';
import { liveSessions } from './live-store.ts';

/**
 * A moment in the history of all principals. A restored backup repeats numbers, but not their marks; nor does a server
 * that has taken over.
 */
export type Version = { readonly number: number; readonly mark: string };

/** A principal, and when their session expires unless it is renewed. */
export type LoadedPrincipal = { readonly principal: Principal; readonly expires_at: string };

/** What changed with this version: a session, a user, or (if both are null) any of them. */
export type Change = Version & { readonly session_id: string | null; readonly user_id: number | null };

type PrincipalStoreDeps = {
  readonly reader: Database;
  readonly clock: Pick<Clock, 'timestamp'>;
  /** Whether users whose passwords are published may have sessions. */
  readonly allowDemoUsers: boolean;
  /** After this time PostgreSQL's connection is given up, because a server that is gone never answers. */
  readonly giveUpMs: number;
};

export type PrincipalStore = ReturnType<typeof createPrincipalStore>;

/** Principals, and the log of their changes that triggers keep (migration 0010). */
export function createPrincipalStore({ reader, clock, allowDemoUsers, giveUpMs }: PrincipalStoreDeps) {
  // With the start of the server, because a pooler hides from its clients that another server has taken over, which may
  // lack the newest changes. On SQLite the file is the history.
  const mark = isPostgres(reader)
    ? reader.raw("mark || ' ' || extract(epoch from pg_postmaster_start_time()) as mark")
    : 'mark';

  return {
    /** Those of the sessions that are live and whose user exists, and the version as of the same moment. */
    async load(ids: readonly string[]): Promise<{ version: Version; loaded: readonly LoadedPrincipal[] }> {
      const live = liveSessions(reader, clock)
        .join('users', 'users.id', 'sessions.user_id')
        .whereIn('sessions.id', ids)
        .select({
          session_id: 'sessions.id',
          carrier: 'sessions.carrier',
          expires_at: 'sessions.expires_at',
          user_id: 'users.id',
          uid: 'users.uid',
          role: 'users.role',
        });
      // Another process on this database may allow demo users, and begin sessions of theirs at any time.
      if (!allowDemoUsers) live.where('users.is_demo', false);
      // One statement, so that the version is that of the rows. It has a row without a session if none is live.
      const rows: Row[] = await bounded(
        reader({ version: 'principal_version' })
          .leftJoin(live.as('live'), reader.raw('1 = 1'))
          .select('number', mark, 'live.*'),
      );
      const [first] = rows;
      if (!first) throw new Error('principal_version has no row');
      return {
        version: { number: first.number, mark: first.mark },
        loaded: rows.flatMap(({ user_id, uid, role, session_id, carrier, expires_at }) =>
          session_id === null ? [] : { principal: { user_id, uid, role, session_id, carrier }, expires_at },
        ),
      };
    },

    /** The changes since this number, beginning with that one if it is still kept; at most `limit`. */
    changesSince: (number: number, limit: number): PromiseLike<Change[]> =>
      bounded(
        reader('principal_changes')
          .where('number', '>=', number)
          .orderBy(['number', 'position'])
          .limit(limit)
          .select('number', mark, 'session_id', 'user_id'),
      ),
  };

  function bounded<Query extends { timeout: (ms: number) => Query }>(query: Query): Query {
    // On SQLite a connection that is given up would only leave one thread fewer to the others.
    return isPostgres(reader) ? query.timeout(giveUpMs) : query;
  }
}

type Row = Version &
  Omit<Principal, 'session_id'> & { readonly session_id: string | null; readonly expires_at: string };
