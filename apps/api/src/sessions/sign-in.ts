import type { Carrier } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import type { Device } from '../auth/device-tokens.ts';
import type { PasswordMethod } from '../auth/password-methods.ts';
import type { Passwords } from '../auth/passwords.ts';
import { AppError, type RefusalFacts } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { Attempt, Limits } from '../limits/service.ts';
import type { StoredCredentials } from '../users/row.ts';
import type { UserStore } from '../users/store.ts';
import type { Attempts } from './attempts.ts';
import type { SessionEnds } from './end-store.ts';
import type { Issued, IssueTokens } from './issue-tokens.ts';
import type { SessionLifetimes } from './lifetime-store.ts';
import type { SessionRow } from './row.ts';

type SignInDeps = {
  readonly attempts: Attempts;
  readonly lifetimes: Pick<SessionLifetimes, 'create'>;
  readonly ends: Pick<SessionEnds, 'endReplaced' | 'endSurplus'>;
  readonly users: Pick<UserStore, 'findForSignIn' | 'findCredentialsById' | 'replacePassword'>;
  readonly passwords: Passwords;
  readonly limits: Pick<Limits, 'refund' | 'takeSession'>;
  readonly record: RecordEvent;
  readonly issueTokens: IssueTokens;
  /** What stands for an unknown user id in the audit log. */
  readonly digestUid: (uid: string) => string;
  /** Whether users whose passwords are published may sign in. */
  readonly allowDemoUsers: boolean;
};

/** What a request brings along beside the credentials. None of it signs anybody in. */
type BroughtAlong = {
  /** The ids of the sessions that its cookies carry. */
  readonly replaced?: readonly string[];
  /** Whose devices it comes from. */
  readonly devices?: readonly Device[];
};

type Beginning = {
  readonly carrier: Carrier;
  readonly from: RequestSource;
  /** The ids of the sessions that the browser's cookies carried until now: no one can use them any more. */
  readonly replaced: readonly string[];
  readonly attempt: Attempt;
};

type GivenCredentials = { readonly uid: string; readonly password: string };

/** What a check of a password finds when the user is unknown or the password is not theirs. */
const wrongPassword = Symbol('wrong password');

export type SignIn = ReturnType<typeof createSignIn>;

/** Begins sessions for those who give the right password. The same for both carriers. */
export function createSignIn(deps: SignInDeps) {
  const {
    attempts,
    lifetimes,
    ends,
    users,
    passwords,
    limits,
    record,
    issueTokens,
    digestUid,
    allowDemoUsers,
  } = deps;

  /**
   * Begins a session for the owner of these credentials, and ends the sessions that it replaces.
   *
   * Throws `credentials_invalid` with `refusal` as its message, the same for an unknown user as for a wrong
   * password; `too_many_requests`; `overloaded`.
   */
  return async function signIn(
    { uid, password }: GivenCredentials,
    carrier: Carrier,
    refusal: string,
    from: RequestSource,
    { replaced = [], devices = [] }: BroughtAlong = {},
  ): Promise<Issued> {
    const { found, isKnownAddress, methodsInUse } = await users.findForSignIn(uid, from.ip);
    // From here on a demo user who must not sign in is an unknown user, so that the answer takes the
    // same time.
    const known = found?.isDemo && !allowDemoUsers ? undefined : found;
    const facts = found
      ? { user_id: found.user.id, detail: { carrier } }
      : { detail: { unknown_uid: digestUid(uid), carrier } };
    const guess = { id: known?.user.id, uid, devices, isKnownAddress: known !== undefined && isKnownAddress };
    const attempt = await withFacts(facts, () => attempts.count(guess, from));
    const begun = await attempts.refundOnFailure(attempt, async () => {
      const verified = await verifyPassword(known, password, methodsInUse);
      return verified === wrongPassword
        ? wrongPassword
        : withFacts(facts, () => createSession(verified, { carrier, from, replaced, attempt }));
    });
    if (begun === wrongPassword)
      throw new AppError('credentials_invalid', refusal, { quota: attempt.quota, facts });
    return issueTokens(begun.user, begun.session);
  };

  /** Tells the audit log whom a refusal of `work` is about. */
  async function withFacts<Result>(facts: RefusalFacts, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) error.facts = facts;
      throw error;
    }
  }

  /**
   * The user with the password as it is stored now: rehashed, if its format or work factors were outdated.
   */
  async function verifyPassword(
    known: StoredCredentials | undefined,
    password: string,
    methodsInUse: readonly PasswordMethod[],
  ): Promise<StoredCredentials | typeof wrongPassword> {
    // An unknown user costs the same hashes as a known one, so that the time reveals nothing.
    const matched = await passwords.match(password, known?.password, methodsInUse, 'sign-in');
    if (!known || matched === undefined) return wrongPassword;
    if (!passwords.isOutdated(known.password, matched)) return known;
    const rehashed = await passwords.hash(password, 'sign-in');
    if (await users.replacePassword(known.user.id, known.password, rehashed))
      return { ...known, password: rehashed };
    // Another first sign-in at the same time has rehashed it already, or the password was changed:
    // check again.
    const current = await users.findCredentialsById(known.user.id);
    const isStillRight = current && (await passwords.verify(password, current.password, [], 'sign-in'));
    return isStillRight ? current : wrongPassword;
  }

  /**
   * Writes the session, its audit event, the end of the sessions that it replaces, its count and the refund
   * of the attempt in one transaction, and so one write to the disk. The password counts as wrong if it was
   * changed since it was verified.
   */
  async function createSession(
    { user, password }: StoredCredentials,
    { carrier, from, replaced, attempt }: Beginning,
  ): Promise<{ user: StoredCredentials['user']; session: SessionRow } | typeof wrongPassword> {
    const session = await lifetimes.create(
      { user_id: user.id, carrier, password, from },
      async (trx, begun) => {
        const { user_id, id } = begun;
        await record(trx, 'sign_in', from, {
          user_id,
          session_id: id,
          detail: { carrier, user_agent: from.user_agent },
        });
        for (const ended of await ends.endReplaced(trx, replaced)) {
          const detail = { by: user_id, reason: 'replaced_by_sign_in' };
          await record(trx, 'session_ended', from, { user_id: ended.user_id, session_id: ended.id, detail });
        }
        for (const ended of await ends.endSurplus(trx, begun)) {
          const detail = { by: user_id, reason: 'too_many_sessions' };
          await record(trx, 'session_ended', from, { user_id, session_id: ended, detail });
        }
        await limits.takeSession(user_id, trx);
        await limits.refund(attempt, trx);
      },
    );
    return session ? { user, session } : wrongPassword;
  }
}
