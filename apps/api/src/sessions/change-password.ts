import type { ChangePassword } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { refusal } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import type { UserStore } from '../users/store.ts';
import type { Authority } from './authority-store.ts';
import { type PasswordCheck, wrongPassword } from './check-password.ts';
import type { Issued, IssueTokens } from './issue-tokens.ts';
import type { SessionLifetimes } from './lifetime-store.ts';
import type { SessionRow } from './row.ts';

type PasswordChangeDeps = {
  readonly users: Pick<UserStore, 'findCredentialsById' | 'changePassword'>;
  readonly lifetimes: Pick<SessionLifetimes, 'createForNewPassword'>;
  readonly authority: Pick<Authority, 'runAs'>;
  readonly passwords: Pick<Passwords, 'hash' | 'verify'>;
  readonly requirePassword: PasswordCheck;
  readonly issueTokens: IssueTokens;
  readonly record: RecordEvent;
};

export type PasswordChange = ReturnType<typeof createPasswordChange>;

/** How users change their own password. */
export function createPasswordChange(deps: PasswordChangeDeps) {
  const { users, lifetimes, authority, passwords, requirePassword, issueTokens, record } = deps;

  /**
   * Gives the caller a new password, ends all their sessions, the current one included, and begins a new
   * one with the same carrier, because somebody may have a copy of the caller's tokens (ASVS 7.4.3). All
   * in one transaction. Throws `credentials_invalid`, `invalid_request`, `session_ended`,
   * `too_many_requests`, `overloaded`.
   */
  return async function changePassword(
    { current_password, new_password }: ChangePassword,
    principal: Principal,
    from: RequestSource,
  ): Promise<Issued> {
    const known = await users.findCredentialsById(principal.user_id);
    if (!known) throw refusal('session');
    refuseGuessable(new_password, known.user, 'new_password');
    await requirePassword(known, current_password, from, principal.session_id);
    const password = await passwords.hash(new_password, principal.user_id);
    const change = { checked: known.password, password, principal, from };
    const session = (await store(change)) ?? (await storeAfterRehash(change, current_password));
    return issueTokens(known.user, session);
  };

  /** Undefined, and nothing done, if the stored hash is not the one that was checked. */
  async function store({ checked, password, principal, from }: Change): Promise<SessionRow | undefined> {
    return authority.runAs(principal, {}, async (trx, { caller: { user_id, carrier } }) => {
      if (!(await users.changePassword(trx, { user_id, checked, password }))) return undefined;
      const begun = await lifetimes.createForNewPassword(trx, { user_id, carrier, from });
      await record(trx, 'password_changed', from, { user_id, session_id: begun.id, detail: { by: user_id } });
      return begun;
    });
  }

  /**
   * A sign-in at the same time may have replaced an outdated hash of the same password. That does not make
   * the password wrong, so it is verified once more.
   */
  async function storeAfterRehash(change: Change, current_password: string): Promise<SessionRow> {
    const { user_id } = change.principal;
    const current = await users.findCredentialsById(user_id);
    if (!current) throw refusal('session');
    const isRight = await passwords.verify(current_password, current.password, [], user_id);
    const session = isRight ? await store({ ...change, checked: current.password }) : undefined;
    if (!session) throw wrongPassword();
    return session;
  }
}

type Change = {
  /** The stored hash against which the current password was verified. */
  readonly checked: string;
  /** The new hash. */
  readonly password: string;
  readonly principal: Principal;
  readonly from: RequestSource;
};
