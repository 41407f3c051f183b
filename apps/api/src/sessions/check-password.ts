import type { Passwords } from '../auth/passwords.ts';
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
   * Whether the password is the user's, within the same limits as a sign-in.
   * Throws `too_many_requests`, `overloaded`.
   */
  return async function checkPassword(
    known: StoredCredentials,
    password: string,
    from: RequestSource,
    session_id?: string,
  ): Promise<boolean> {
    // A live session shows that the user has signed in on this device.
    const devices = session_id === undefined ? [] : [{ user_id: known.user.id, id: session_id }];
    const attempt = await attempts.count({ ...known.user, devices }, from);
    return attempts.refundOnFailure(attempt, async () => {
      const methodsInUse = await users.listPasswordMethods();
      const isRight = await passwords.verify(password, known.password, methodsInUse, known.user.id);
      if (isRight) await limits.refund(attempt);
      return isRight;
    });
  };
}
