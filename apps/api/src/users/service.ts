import type { ChangePassword, CreateUser, ReplaceUser, Role, UpdateUser, User } from '@signet/contracts';
import type { RecordEvent } from '../audit/store.ts';
import { refuseLookAlikes } from '../auth/name-policy.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import type { StoredCredentials, UserRow } from './row.ts';
import type { UserStore } from './store.ts';

type UserServiceDeps = {
  readonly users: UserStore;
  readonly passwords: Pick<Passwords, 'hash'>;
  /** Whether the password is this user's, within the limits on guessing. */
  readonly checkPassword: (
    known: StoredCredentials,
    password: string,
    from: RequestSource,
  ) => Promise<boolean>;
  readonly record: RecordEvent;
  readonly signup: 'open' | 'closed';
  readonly now: () => number;
};

export type UserService = ReturnType<typeof createUserService>;

/** The rules about users: who may see and change what, and which passwords are accepted. */
export function createUserService({ users, passwords, checkPassword, record, signup, now }: UserServiceDeps) {
  return {
    /** The user as `viewer` may see them: the date of birth is for oneself and for admins. */
    present(user: UserRow, viewer: { user_id: number; role: Role }): User {
      const { dob, ...common } = user;
      if (viewer.role !== 'admin' && viewer.user_id !== user.id) return common;
      return { ...common, dob, age: dob === null ? null : ageOn(new Date(now()), dob) };
    },

    /** Throws `not_found`. */
    async read(id: number): Promise<UserRow> {
      return (await users.find(id)) ?? notFound();
    },

    /** Throws `forbidden` (sign-up is closed, or a role without being an admin), `uid_taken`. */
    async create(details: CreateUser, maker: Principal | undefined, from: RequestSource): Promise<UserRow> {
      if (signup === 'closed' && maker?.role !== 'admin')
        throw new AppError('forbidden', 'Only an admin makes users here');
      refuseRole(details.role, maker);
      const { name, uid, password, dob = null, role = 'user' } = details;
      refuseGuessable(password, { name, uid });
      const user = await users.create({ name, uid, dob, role }, await passwords.hash(password));
      await record('user_created', from, {
        user_id: user.id,
        detail: { uid: user.uid, role: user.role, by: maker?.user_id ?? null },
      });
      return user;
    },

    /** Throws `forbidden`, `not_found`, `invalid_request`, `uid_taken`, `last_admin`. */
    async update(
      id: number,
      changes: UpdateUser | ReplaceUser,
      principal: Principal,
      from: RequestSource,
    ): Promise<UserRow> {
      refuseStranger(id, principal);
      const before = await this.read(id);
      refuseLookAlikes(changes, before);
      if (changes.role !== before.role) refuseRole(changes.role, principal);
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      const user = (await users.update(id, Object.fromEntries(given))) ?? notFound();
      if (user.role !== before.role) {
        await record('role_changed', from, {
          user_id: id,
          session_id: principal.session_id,
          detail: { role: user.role, by: principal.user_id },
        });
      }
      return user;
    },

    /** Throws `forbidden`, `not_found`, `last_admin`. */
    async remove(id: number, principal: Principal, from: RequestSource): Promise<void> {
      refuseStranger(id, principal);
      const user = await this.read(id);
      if (!(await users.remove(id))) notFound();
      await record('user_deleted', from, { user_id: id, detail: { uid: user.uid, by: principal.user_id } });
    },

    /** Gives a user another password and ends all their sessions. Throws `not_found`, `invalid_request`. */
    async setPassword(id: number, new_password: string, from: RequestSource): Promise<void> {
      const known = (await users.findCredentialsById(id)) ?? notFound();
      refuseGuessable(new_password, known.user);
      const password = await passwords.hash(new_password);
      const change = { user_id: id, checked: known.password, password, keep: '' };
      if (!(await users.changePassword(change))) notFound();
      await record('password_changed', from, { user_id: id });
    },

    /** Throws `credentials_invalid`, `invalid_request`, `too_many_requests`. */
    async changePassword(
      { current_password, new_password }: ChangePassword,
      principal: Principal,
      from: RequestSource,
    ): Promise<void> {
      const known = (await users.findCredentialsById(principal.user_id)) ?? notFound();
      refuseGuessable(new_password, known.user, 'new_password');
      if (!(await checkPassword(known, current_password, from)))
        throw new AppError('credentials_invalid', 'The current password is wrong');
      const password = await passwords.hash(new_password);
      const changed = await users.changePassword({
        user_id: principal.user_id,
        checked: known.password,
        password,
        keep: principal.session_id,
      });
      if (!changed) throw new AppError('credentials_invalid', 'The current password is wrong');
      await record('password_changed', from, {
        user_id: principal.user_id,
        session_id: principal.session_id,
      });
    },
  };
}

function refuseStranger(id: number, { user_id, role }: Principal): void {
  if (role !== 'admin' && user_id !== id)
    throw new AppError('forbidden', 'Only this user and admins may do this');
}

function refuseRole(role: Role | undefined, maker: Principal | undefined): void {
  if (role !== undefined && maker?.role !== 'admin')
    throw new AppError('forbidden', 'Only an admin may give a role');
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such user');
}

function ageOn(today: Date, dob: string): number {
  const [year = 0, month = 0, day = 0] = dob.split('-').map(Number);
  const hadBirthday =
    today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day);
  return Math.max(0, today.getUTCFullYear() - year - (hadBirthday ? 0 : 1));
}
