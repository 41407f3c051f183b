import type { CreateUser, ReplaceUser, Role, UpdateUser } from '@signet/contracts';
import type { RecordEvent, Trx } from '../audit/store.ts';
import { refuseLookAlikes } from '../auth/name-policy.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { givenOf } from '../db/given.ts';
import { AppError, refusal } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import type { Authority } from '../sessions/authority-store.ts';
import type { PasswordCheck } from '../sessions/check-password.ts';
import { createChangeRecord } from './change-record.ts';
import { noSuchUser } from './no-such-user.ts';
import type { UserDetails, UserRow } from './row.ts';
import type { UserStore } from './store.ts';
import { refuseLoss, refuseRole, refuseStranger } from './who-may.ts';

type UserServiceDeps = {
  readonly users: UserStore;
  readonly authority: Authority;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly requirePassword: PasswordCheck;
  readonly record: RecordEvent;
  readonly signup: 'open' | 'closed';
};

export type UserService = ReturnType<typeof createUserService>;

/**
 * The rules about users: who may change what, and which passwords are accepted. A rule about the caller is
 * asked twice: before the work, and of the caller whom the transaction holds.
 */
export function createUserService(deps: UserServiceDeps) {
  const { users, authority, passwords, requirePassword, record, signup } = deps;
  const recordChange = createChangeRecord(record);

  return {
    /** Throws `not_found`. */
    async read(id: number): Promise<UserRow> {
      return (await users.find(id)) ?? noSuchUser();
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
     * Changes a user. Their user id is what they sign in with, so to change one's own takes the current
     * password: a stolen session must not take the account over.
     *
     * Throws `forbidden`, `not_found`, `invalid_request`, `credentials_invalid`, `too_many_requests`,
     * `uid_taken`, `last_admin`.
     */
    async update(
      id: number,
      { current_password, ...changes }: UpdateUser | ReplaceUser,
      principal: Principal,
      from: RequestSource,
    ): Promise<UserRow> {
      refuseStranger(id, principal);
      const known = (await users.findCredentialsById(id)) ?? noSuchUser();
      refuseLookAlikes(changes, known.user);
      if (changes.role !== known.user.role) refuseRole(changes.role, principal);
      if (id === principal.user_id && changes.uid !== undefined && changes.uid !== known.user.uid)
        await requirePassword(known, required(current_password), from, principal.session_id);
      const details = givenOf<UserDetails>(changes);
      const concerned = { users: [id], admins: changes.role === 'user' };
      return authority.runAs(principal, concerned, async (trx, locked) => {
        refuseStranger(id, locked.caller);
        const before = (await users.find(id, trx)) ?? noSuchUser();
        if (changes.role !== before.role) refuseRole(changes.role, locked.caller);
        if (changes.role === 'user') refuseLoss(id, locked);
        const user = (await users.update(trx, id, details)) ?? noSuchUser();
        await recordChange(trx, before, user, locked.caller, from);
        return user;
      });
    },

    /**
     * The password is the caller's own. It is optional, because a session may delete without it; the app asks
     * for it, so that a device left open does not cost its user the account.
     *
     * Throws `forbidden`, `not_found`, `last_admin`; with a password
     * `credentials_invalid`, `too_many_requests`.
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
        const caller = await users.findCredentialsById(principal.user_id);
        if (!caller) throw refusal('session');
        await requirePassword(caller, current_password, from, principal.session_id);
      }
      await authority.runAs(principal, { users: [id], admins: true }, async (trx, locked) => {
        refuseStranger(id, locked.caller);
        refuseLoss(id, locked);
        const user = (await users.find(id, trx)) ?? noSuchUser();
        await users.remove(trx, id);
        await record(trx, 'user_deleted', from, {
          user_id: id,
          session_id: locked.caller.session_id,
          detail: { uid: user.uid, by: locked.caller.user_id },
        });
      });
    },
  };

  function refuseMaker(role: Role | undefined, maker: Principal | undefined): void {
    if (signup === 'closed' && maker?.role !== 'admin')
      throw new AppError('forbidden', 'Only an admin makes users here');
    refuseRole(role, maker);
  }
}

function required(current_password: string | undefined): string {
  if (current_password !== undefined) return current_password;
  const issues = [{ path: 'current_password', message: 'Current password is missing' }];
  throw new AppError('invalid_request', 'To change your user ID, give your current password', { issues });
}
