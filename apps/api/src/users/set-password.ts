import type { RecordEvent } from '../audit/store.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import { requireAdmin } from '../http/require-admin.ts';
import type { Authority } from '../sessions/authority-store.ts';
import { noSuchUser } from './no-such-user.ts';
import type { UserStore } from './store.ts';

type SetPasswordDeps = {
  readonly users: Pick<UserStore, 'findCredentialsById' | 'changePassword'>;
  readonly authority: Pick<Authority, 'runAs'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly record: RecordEvent;
};

export type SetPassword = ReturnType<typeof createSetPassword>;

/** How admins give other users a password. Users change their own in `sessions/change-password.ts`. */
export function createSetPassword({ users, authority, passwords, record }: SetPasswordDeps) {
  /**
   * Gives another user a password and ends all their sessions. Throws `forbidden`, also for one's own
   * password, which takes the current one; `not_found`, `invalid_request`.
   */
  return async function setPassword(
    id: number,
    new_password: string,
    principal: Principal,
    from: RequestSource,
  ): Promise<void> {
    requireAdmin(principal);
    if (id === principal.user_id)
      throw new AppError('forbidden', 'To change your own password, give the current one to /me/password');
    const known = (await users.findCredentialsById(id)) ?? noSuchUser();
    refuseGuessable(new_password, known.user, 'new_password');
    const password = await passwords.hash(new_password);
    await authority.runAs(principal, { users: [id] }, async (trx, { caller }) => {
      requireAdmin(caller);
      const current = (await users.findCredentialsById(id, trx)) ?? noSuchUser();
      await users.changePassword(trx, { user_id: id, checked: current.password, password });
      await record(trx, 'password_changed', from, {
        user_id: id,
        session_id: caller.session_id,
        detail: { by: caller.user_id },
      });
    });
  };
}
