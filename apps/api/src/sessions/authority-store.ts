import type { Role } from '@signet/contracts';
import { operator } from '../auth/operator.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { transact } from '../db/transact.ts';
import { refusal } from '../errors.ts';
import type { Principal } from '../http/call.ts';

/** The users that a change concerns beside its caller; their rows are locked. */
type Concerned = {
  readonly users?: readonly number[];
  /** Also every admin: for a change after which one admin fewer may be left. */
  readonly admins?: boolean;
};

/** The rows that a change has locked: what they say holds until the transaction ends. */
export type LockedRows = {
  /** The caller with the role of now. A rule about who may do this must ask this one. */
  readonly caller: Principal;
  /** The concerned users that exist, and the caller, by id. */
  readonly users: readonly { readonly id: number; readonly role: Role }[];
};

export type Authority = ReturnType<typeof createAuthority>;

/** Runs changes in transactions, and asks inside them whether the caller may still act. */
export function createAuthority({ db, clock }: { db: Database; clock: Pick<Clock, 'timestamp'> }) {
  return {
    /** Runs a change that has no caller, such as a sign-up, in a transaction. */
    run: <Result>(work: (trx: Database) => Promise<Result>): Promise<Result> => transact(db, work),

    /**
     * Runs a change in a transaction in which the caller's session is live and their role is the one of now:
     * what was allowed when the request began is not allowed because it began. Throws `session_ended`.
     *
     * Lock order: the users by id, the caller's session, everything else; a fixed order prevents deadlocks.
     */
    runAs: <Result>(
      principal: Principal,
      concerned: Concerned,
      work: (trx: Database, locked: LockedRows) => Promise<Result>,
    ): Promise<Result> =>
      transact(db, async (trx) => {
        const ids = [principal.user_id, ...(concerned.users ?? [])];
        const users = await lockUsers(trx, ids, concerned.admins ?? false);
        return work(trx, { caller: await confirm(trx, principal), users });
      }),
  };

  function lockUsers(
    trx: Database,
    ids: readonly number[],
    withAdmins: boolean,
  ): Promise<LockedRows['users']> {
    const rows = trx('users').select('id', 'role').whereIn('id', ids).orderBy('id').forUpdate();
    return withAdmins ? rows.orWhere({ role: 'admin' }) : rows;
  }

  async function confirm(trx: Database, principal: Principal): Promise<Principal> {
    if (principal === operator) return operator;
    // Ending the session waits for this lock, so that no change is stored after the end of its session
    // was answered.
    const session = await trx('sessions')
      .where({ id: principal.session_id, user_id: principal.user_id })
      .whereNull('ended_at')
      .where('expires_at', '>', clock.timestamp())
      .forShare()
      .first('id');
    const user = session && (await trx('users').where({ id: principal.user_id }).first('uid', 'role'));
    if (!user) throw refusal('session');
    return { ...principal, ...user };
  }
}
