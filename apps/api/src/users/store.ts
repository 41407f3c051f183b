import type { PasswordMethod } from '../auth/password-methods.ts';
import type { Database } from '../db/connect.ts';
import { refusingTakenUid } from '../db/failures.ts';
import { fold } from '../db/fold.ts';
import { transact } from '../db/transact.ts';
import { AppError } from '../errors.ts';
import {
  passwordColumns,
  type StoredCredentials,
  toNewUserRow,
  type UserDetails,
  type UserRow,
  userColumns,
  withKeys,
} from './row.ts';
import { createUserSearch } from './search-store.ts';

type UserStoreDeps = {
  readonly db: Database;
  readonly reader: Database;
  /** Removes a user's posts, and the images that only they have, in the transaction that removes the user. */
  readonly removePosts: (trx: Database, user_id: number) => Promise<unknown>;
  /** Ends all sessions of a user but `keep`, in the transaction that changes the password. */
  readonly endSessions: (trx: Database, user_id: number, keep: string) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

type PasswordChange = {
  readonly user_id: number;
  /** The hash that was checked, or that the change is based on. */
  readonly checked: string;
  /** The new hash. */
  readonly password: string;
  /** The session that goes on, or '' for none. */
  readonly keep: string;
};

export type UserStore = ReturnType<typeof createUserStore>;

/** Rows of `users`. A password's hash leaves only in `StoredCredentials`. */
export function createUserStore({ db, reader, removePosts, endSessions, now }: UserStoreDeps) {
  const timestamp = () => new Date(now()).toISOString();

  return {
    list: createUserSearch({ reader }),

    find: (id: number): Promise<UserRow | undefined> =>
      reader<UserRow>('users')
        .first(...userColumns)
        .where({ id }),

    /** By uid, in any case and Unicode form. */
    findCredentials: (uid: string): Promise<StoredCredentials | undefined> =>
      credentialsWhere({ uid_key: fold(uid) }),

    findCredentialsById: (id: number): Promise<StoredCredentials | undefined> => credentialsWhere({ id }),

    /** Throws `uid_taken`. */
    async create(details: UserDetails, password: string): Promise<UserRow> {
      const row = toNewUserRow(details, password, timestamp());
      const [created] = await refusingTakenUid(() => db<UserRow>('users').insert(row).returning(userColumns));
      return created as UserRow;
    },

    /**
     * Changes what is given; undefined if there is no such user. Throws `uid_taken`, and `last_admin` if no
     * admin would remain.
     */
    update: (id: number, changes: Partial<UserDetails>): Promise<UserRow | undefined> =>
      keepingAnAdmin(id, changes.role === 'user', async (trx) => {
        const row = { ...withKeys(changes), updated_at: timestamp() };
        const [updated] = await refusingTakenUid(() =>
          trx<UserRow>('users').where({ id }).update(row).returning(userColumns),
        );
        return updated as UserRow | undefined;
      }),

    /**
     * Deletes the user with their posts and (by foreign key) their sessions; false if there is no such user.
     * Throws `last_admin`.
     */
    remove: (id: number): Promise<boolean> =>
      keepingAnAdmin(id, true, async (trx) => {
        await removePosts(trx, id);
        return (await trx('users').where({ id }).delete()) > 0;
      }),

    /**
     * Replaces the hash of an unchanged password by a better one; false if the password was changed since.
     */
    replacePassword: async (id: number, checked: string, password: string): Promise<boolean> =>
      (await db('users').where({ id, password: checked }).update(passwordColumns(password))) > 0,

    /**
     * Gives the user a new password and ends their other sessions, in one transaction: a stolen session
     * must not outlive the password. False, and nothing done, if the password was changed since it was
     * checked.
     */
    changePassword: ({ user_id, checked, password, keep }: PasswordChange): Promise<boolean> =>
      transact(db, async (trx) => {
        const changed = await trx('users')
          .where({ id: user_id, password: checked })
          .update({ ...passwordColumns(password), updated_at: timestamp() });
        if (changed > 0) await endSessions(trx, user_id, keep);
        return changed > 0;
      }),

    /** The methods of all stored passwords. The query skips through their index, one step a method. */
    listPasswordMethods: (): Promise<PasswordMethod[]> =>
      reader
        .withRecursive('methods', ['method'], (first) =>
          first
            .min('password_method')
            .from('users')
            .where('password_method', '>', '')
            .unionAll((next) =>
              next
                .select(
                  reader('users')
                    .min('password_method')
                    .whereRaw('password_method > methods.method')
                    .as('method'),
                )
                .from('methods')
                .whereNotNull('method'),
            ),
        )
        .from('methods')
        .whereNotNull('method')
        .pluck('method'),
  };

  async function credentialsWhere(
    condition: { id: number } | { uid_key: string },
  ): Promise<StoredCredentials | undefined> {
    const row = await reader<UserRow & { password: string }>('users')
      .first(...userColumns, 'password')
      .where(condition);
    if (!row) return undefined;
    const { password, ...user } = row;
    return { user, password };
  }

  function keepingAnAdmin<Result>(
    id: number,
    isLoss: boolean,
    work: (trx: Database) => Promise<Result>,
  ): Promise<Result> {
    return transact(db, async (trx) => {
      if (isLoss) {
        // Locked in the order of their ids, so that two admins who demote each other at the same time do so
        // one after the other. The user's own row is locked too, so that they get no more posts before they
        // are deleted.
        const locked = await trx('users')
          .select('id', 'role')
          .where({ role: 'admin' })
          .orWhere({ id })
          .orderBy('id')
          .forUpdate();
        const admins = locked.filter(({ role }) => role === 'admin');
        if (admins.length === 1 && admins[0]?.id === id) throw new AppError('last_admin');
      }
      return work(trx);
    });
  }
}
