import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { refusingTakenUid } from '../db/failures.ts';
import { createCredentialsStore } from './credentials-store.ts';
import {
  passwordColumns,
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
  /** Ends all sessions of a user, in the transaction that changes the password. */
  readonly endSessions: (trx: Database, user_id: number) => Promise<unknown>;
  readonly clock: Pick<Clock, 'timestamp'>;
};

type PasswordChange = {
  readonly user_id: number;
  /** The hash that was checked, or that the change is based on. */
  readonly checked: string;
  /** The new hash. */
  readonly password: string;
};

export type UserStore = ReturnType<typeof createUserStore>;

/** Rows of `users`. A password's hash leaves only in `StoredCredentials`. */
export function createUserStore({ db, reader, removePosts, endSessions, clock }: UserStoreDeps) {
  return {
    ...createUserSearch({ reader }),
    ...createCredentialsStore({ db, reader }),

    find: (id: number, trx: Database = reader): Promise<UserRow | undefined> =>
      trx<UserRow>('users')
        .first(...userColumns)
        .where({ id }),

    /** Throws `uid_taken`. */
    async create(trx: Database, details: UserDetails, password: string): Promise<UserRow> {
      const row = toNewUserRow(details, password, clock.timestamp());
      const [created] = await refusingTakenUid(() =>
        trx<UserRow>('users').insert(row).returning(userColumns),
      );
      return created as UserRow;
    },

    /** Changes what is given; undefined if there is no such user. Throws `uid_taken`. */
    async update(trx: Database, id: number, changes: Partial<UserDetails>): Promise<UserRow | undefined> {
      const row = { ...withKeys(changes), updated_at: clock.timestamp() };
      const [updated] = await refusingTakenUid(() =>
        trx<UserRow>('users').where({ id }).update(row).returning(userColumns),
      );
      return updated as UserRow | undefined;
    },

    /**
     * Deletes the user with their posts and (by foreign key) their sessions; false if there is no such user.
     * The user's row must be locked, so that they get no more posts before they are deleted.
     */
    async remove(trx: Database, id: number): Promise<boolean> {
      await removePosts(trx, id);
      return (await trx('users').where({ id }).delete()) > 0;
    },

    /**
     * Gives the user a new password and ends all their sessions: a stolen session must not outlive the
     * password. False, and nothing done, if the password was changed since it was checked.
     */
    async changePassword(trx: Database, { user_id, checked, password }: PasswordChange): Promise<boolean> {
      const changed = await trx('users')
        .where({ id: user_id, password: checked })
        .update({ ...passwordColumns(password), is_demo: false, updated_at: clock.timestamp() });
      if (changed > 0) await endSessions(trx, user_id);
      return changed > 0;
    },
  };
}
