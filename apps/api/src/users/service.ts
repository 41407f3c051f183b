import type { CreateUser, ReplaceUser, Role, UpdateUser, User } from '@signet/contracts';
import type { RecordEvent, Trx } from '../audit/store.ts';
import { refuseLookAlikes } from '../auth/name-policy.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import type { Authority, LockedRows } from '../sessions/authority-store.ts';
import type { StoredCredentials, UserDetails, UserRow } from './row.ts';
import type { UserStore } from './store.ts';

type UserServiceDeps = {
  readonly users: UserStore;
  readonly authority: Authority;
  readonly passwords: Pick<Passwords, 'hash'>;
  /** Whether the password is this user's, within the limits on guessing. */
  readonly checkPassword: (
    known: StoredCredentials,
    password: string,
    from: RequestSource,
  ) => Promise<boolean>;
  readonly record: RecordEvent;
  readonly signup: 'open' | 'closed';
  readonly clock: Pick<Clock, 'now'>;
};

export type UserService = ReturnType<typeof createUserService>;

/**
 * The rules about users: who may see and change what, and which passwords are accepted. A rule about the caller is
 * asked twice: before the work, and of the caller whom the transaction holds.
 */
export function createUserService(deps: UserServiceDeps) {
  const { users, authority, passwords, checkPassword, record, signup, clock } = deps;

  return {
    /** The user as `viewer` may see them: the date of birth is for oneself and for admins. */
    present(user: UserRow, viewer: { user_id: number; role: Role }): User {
      const { dob, ...common } = user;
      if (viewer.role !== 'admin' && viewer.user_id !== user.id) return common;
      return { ...common, dob, age: dob === null ? null : ageOn(new Date(clock.now()), dob) };
    },

    /** Throws `not_found`. */
    async read(id: number): Promise<UserRow> {
      return (await users.find(id)) ?? notFound();
    },

    /** Throws `forbidden` (sign-up is closed, or a role without being an admin), `uid_taken`. */
    async create(details: CreateUser, maker: Principal | undefined, from: RequestSource): Promise<UserRow> {
      refuseMaker(details.role, maker);
      const { name, uid, password: given, dob = null, role = 'user' } = details;
      refuseGuessable(given, { name, uid });
      const password = await passwords.hash(given, maker?.user_id ?? 'anyone');
      if (!maker) return authority.run((trx) => make(trx, undefined));
      return authority.runAs(maker, {}, (trx, { caller }) => make(trx, caller));

      async function make(trx: Trx, caller: Principal | undefined): Promise<UserRow> {
        refuseMaker(details.role, caller);
        const user = await users.create(trx, { name, uid, dob, role }, password);
        await record(trx, 'user_created', from, {
          user_id: user.id,
          session_id: caller?.session_id ?? null,
          detail: { uid: user.uid, role: user.role, by: caller?.user_id ?? null },
        });
        return user;
      }
    },

    /**
     * Changes a user. Their user id is what they sign in with, so to change one's own takes the current password:
     * a stolen session must not take the account over.
     *
     * Throws `forbidden`, `not_found`, `invalid_request`, `credentials_invalid`, `too_many_requests`, `uid_taken`,
     * `last_admin`.
     */
    async update(
      id: number,
      { current_password, ...changes }: UpdateUser | ReplaceUser,
      principal: Principal,
      from: RequestSource,
    ): Promise<UserRow> {
      refuseStranger(id, principal);
      const known = (await users.findCredentialsById(id)) ?? notFound();
      refuseLookAlikes(changes, known.user);
      if (changes.role !== known.user.role) refuseRole(changes.role, principal);
      if (id === principal.user_id && changes.uid !== undefined && changes.uid !== known.user.uid)
        await requirePassword(known, current_password, from);
      const given = givenOf(changes);
      const concerned = { users: [id], admins: changes.role === 'user' };
      return authority.runAs(principal, concerned, async (trx, locked) => {
        refuseStranger(id, locked.caller);
        const before = (await users.find(id, trx)) ?? notFound();
        if (changes.role !== before.role) refuseRole(changes.role, locked.caller);
        if (changes.role === 'user') refuseLoss(id, locked);
        const user = (await users.update(trx, id, given)) ?? notFound();
        await recordUpdate(trx, before, user, locked.caller, from);
        return user;
      });
    },

    /**
     * The password is the caller's own. It is optional, because a session may delete without it; the app asks for it,
     * so that a device left open does not cost its user the account.
     *
     * Throws `forbidden`, `not_found`, `last_admin`; with a password `credentials_invalid`, `too_many_requests`.
     */
    async remove(
      id: number,
      current_password: string | undefined,
      principal: Principal,
      from: RequestSource,
    ): Promise<void> {
      refuseStranger(id, principal);
      await this.read(id);
      if (current_password !== undefined) {
        const caller = (await users.findCredentialsById(principal.user_id)) ?? notFound();
        if (!(await checkPassword(caller, current_password, from))) throw wrongPassword();
      }
      await authority.runAs(principal, { users: [id], admins: true }, async (trx, locked) => {
        refuseStranger(id, locked.caller);
        refuseLoss(id, locked);
        const user = (await users.find(id, trx)) ?? notFound();
        await users.remove(trx, id);
        await record(trx, 'user_deleted', from, {
          user_id: id,
          session_id: locked.caller.session_id,
          detail: { uid: user.uid, by: locked.caller.user_id },
        });
      });
    },

    /**
     * Gives another user a password and ends all their sessions. Throws `forbidden`, also for one's own password,
     * which takes the current one; `not_found`, `invalid_request`.
     */
    async setPassword(
      id: number,
      new_password: string,
      principal: Principal,
      from: RequestSource,
    ): Promise<void> {
      refuseNonAdmin(principal);
      if (id === principal.user_id)
        throw new AppError('forbidden', 'To change your own password, give the current one to /me/password');
      const known = (await users.findCredentialsById(id)) ?? notFound();
      refuseGuessable(new_password, known.user, 'new_password');
      const password = await passwords.hash(new_password);
      await authority.runAs(principal, { users: [id] }, async (trx, { caller }) => {
        refuseNonAdmin(caller);
        const current = (await users.findCredentialsById(id, trx)) ?? notFound();
        await users.changePassword(trx, { user_id: id, checked: current.password, password });
        await record(trx, 'password_changed', from, {
          user_id: id,
          session_id: caller.session_id,
          detail: { by: caller.user_id },
        });
      });
    },
  };

  /** Throws `invalid_request` without a password, `credentials_invalid` for a wrong one, `too_many_requests`. */
  async function requirePassword(
    known: StoredCredentials,
    given: string | undefined,
    from: RequestSource,
  ): Promise<void> {
    if (given === undefined) {
      const issues = [{ path: 'current_password', message: 'Current password is missing' }];
      throw new AppError('invalid_request', 'To change your user ID, give your current password', { issues });
    }
    if (!(await checkPassword(known, given, from))) throw wrongPassword();
  }

  /** Names the members that changed. Of their values only the user id is kept, by which the user is recognised. */
  async function recordUpdate(
    trx: Trx,
    before: UserRow,
    after: UserRow,
    { user_id: by, session_id }: Principal,
    from: RequestSource,
  ): Promise<void> {
    const about = { user_id: after.id, session_id };
    if (after.role !== before.role)
      await record(trx, 'role_changed', from, { ...about, detail: { role: after.role, by } });
    const members = (['name', 'uid', 'dob'] as const).filter((member) => after[member] !== before[member]);
    if (members.length === 0) return;
    const uids = members.includes('uid') && { uid: after.uid, former_uid: before.uid };
    await record(trx, 'user_changed', from, {
      ...about,
      detail: { members: members.join(' '), ...uids, by },
    });
  }

  function refuseMaker(role: Role | undefined, maker: Principal | undefined): void {
    if (signup === 'closed' && maker?.role !== 'admin')
      throw new AppError('forbidden', 'Only an admin makes users here');
    refuseRole(role, maker);
  }
}

function givenOf(changes: Partial<Record<keyof UserDetails, unknown>>): Partial<UserDetails> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** Throws `last_admin` if no admin would be left without this user. */
function refuseLoss(id: number, { users }: LockedRows): void {
  const admins = users.filter(({ role }) => role === 'admin');
  if (admins.length === 1 && admins[0]?.id === id) throw new AppError('last_admin');
}

function refuseStranger(id: number, { user_id, role }: Principal): void {
  if (role !== 'admin' && user_id !== id)
    throw new AppError('forbidden', 'Only this user and admins may do this');
}

function refuseNonAdmin({ role }: Principal): void {
  if (role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this');
}

function refuseRole(role: Role | undefined, maker: Principal | undefined): void {
  if (role !== undefined && maker?.role !== 'admin')
    throw new AppError('forbidden', 'Only an admin may give a role');
}

function wrongPassword(): AppError {
  return new AppError('credentials_invalid', 'The current password is wrong');
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
