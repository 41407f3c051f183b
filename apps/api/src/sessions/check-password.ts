import type { Passwords } from '../auth/passwords.ts';
import { AppError } from '../errors.ts';
import type { RequestSource } from '../http/call.ts';
import type { Limits } from '../limits/service.ts';
import type { StoredCredentials } from '../users/row.ts';
import type { UserStore } from '../users/store.ts';
import type { Attempts } from './attempts.ts';

type PasswordCheckDeps = {
  readonly attempts: Attempts;
  readonly users: Pick<UserStore, 'listPasswordMethods'>;
  readonly passwords: Pick<Passwords, 'verify'>;
  readonly limits: Pick<Limits, 'refund'>;
};

export type PasswordCheck = ReturnType<typeof createPasswordCheck>;

/** Asks signed-in users for their password again, before a change that a stolen session must not make. */
export function createPasswordCheck({ attempts, users, passwords, limits }: PasswordCheckDeps) {
  /**
   * Counts as a guess on the session's own budget, because a live session shows that the user has signed in
   * there. Throws `credentials_invalid`, `too_many_requests`, `overloaded`.
   */
  return async function requirePassword(
    known: StoredCredentials,
    password: string,
    from: RequestSource,
    session_id: string,
  ): Promise<void> {
    const { id, uid } = known.user;
    const devices = [{ user_id: id, id: session_id }];
    const attempt = await attempts.count({ id, uid, devices, isKnownAddress: false }, from);
    const isRight = await attempts.refundOnFailure(attempt, async () => {
      const methodsInUse = await users.listPasswordMethods();
      const matches = await passwords.verify(password, known.password, methodsInUse, known.user.id);
      if (matches) await limits.refund(attempt);
      return matches;
    });
    if (!isRight) throw wrongPassword();
  };
}

export function wrongPassword(): AppError {
  return new AppError('credentials_invalid', 'The current password is wrong');
}
