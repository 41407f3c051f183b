import type { Role } from '@signet/contracts';
import type { PasswordMethod } from '../auth/password-formats.ts';
import { methodOf } from '../auth/passwords.ts';
import type { Database } from '../db/connect.ts';
import { refusingTakenUid } from '../db/failures.ts';
import { fold, foldPrefix } from '../db/fold.ts';
import { transact } from '../db/transact.ts';
import { AppError } from '../errors.ts';

export type UserRow = {
  readonly id: number;
  readonly name: string;
  readonly uid: string;
  readonly role: Role;
  readonly dob: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type UserDetails = {
  readonly name: string;
  readonly uid: string;
  readonly dob: string | null;
  readonly role: Role;
};

/** A prefix that more than one row in so many has is common. */
const rowsPerMatch = 10;

const columns = ['id', 'name', 'uid', 'role', 'dob', 'created_at', 'updated_at'] as const;

type UserStoreDeps = {
  readonly db: Database;
  readonly reader: Database;
  /** Removes a user's posts, with whatever they alone hold, in the transaction that goes on to remove the user. */
  readonly removePosts: (trx: Database, user_id: number) => Promise<unknown>;
  readonly now: () => number;
};

export type UserStore = ReturnType<typeof createUserStore>;

/** Rows of `users`. A password leaves only through `findCredentials`. `now` gives milliseconds since the epoch. */
export function createUserStore({ db, reader, removePosts, now }: UserStoreDeps) {
  const timestamp = () => new Date(now()).toISOString();

  return {
    find: (id: number): Promise<UserRow | undefined> =>
      reader<UserRow>('users')
        .first(...columns)
        .where({ id }),

    /** By user id, in whatever case or Unicode form it is spelled. */
    findCredentials: (uid: string): Promise<{ id: number; uid: string; password: string } | undefined> =>
      reader('users')
        .first('id', 'uid', 'password')
        .where({ uid_key: fold(uid) }),

    findCredentialsById: (
      id: number,
    ): Promise<{ id: number; uid: string; name: string; password: string } | undefined> =>
      reader('users').first('id', 'uid', 'name', 'password').where({ id }),

    /** At most `limit` users after the id `after`, by id; with `q`, those whose user id or name begins with it. */
    async list({
      limit,
      after,
      q,
    }: {
      limit: number;
      after: number;
      q?: string | undefined;
    }): Promise<UserRow[]> {
      const page = (among: ReturnType<Database>) =>
        among.select<UserRow[]>(columns).where('id', '>', after).orderBy('id').limit(limit);
      if (!q) return page(reader('users'));
      const prefix = foldPrefix(q);
      // A prefix that many have fills its page from the next few rows. One that few have is looked up in the indexes,
      // which would be the long way round for the many: all of them would be sorted to show the first hundred.
      const nextRows = reader('users')
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit * rowsPerMatch);
      const nearby = await page(reader(nextRows.as('next_rows'))).where((either) =>
        either.where(beginsWith('uid_key', prefix)).orWhere(beginsWith('name_key', prefix)),
      );
      if (nearby.length === limit) return nearby;
      const found = (column: string) =>
        reader('users').select('id').where(beginsWith(column, prefix)).where('id', '>', after);
      return page(reader('users')).whereIn('id', found('uid_key').unionAll(found('name_key')));
    },

    /** Throws `uid_taken`. */
    async create(details: UserDetails, password: string): Promise<UserRow> {
      const row = toNewUserRow(details, password, timestamp());
      const [created] = await refusingTakenUid(() => db<UserRow>('users').insert(row).returning(columns));
      return created as UserRow;
    },

    /**
     * Changes what is given; undefined where there is no such user. Throws `uid_taken`, and `last_admin` where nobody
     * would be left to administer.
     */
    update: (id: number, changes: Partial<UserDetails>): Promise<UserRow | undefined> =>
      keepingAnAdmin(id, changes.role === 'user', async (trx) => {
        const row = { ...withKeys(changes), updated_at: timestamp() };
        const [updated] = await refusingTakenUid(() =>
          trx<UserRow>('users').where({ id }).update(row).returning(columns),
        );
        return updated as UserRow | undefined;
      }),

    /** Deletes the user and all that is theirs: sessions by their foreign key, posts. False where there was none. Throws `last_admin`. */
    remove: (id: number): Promise<boolean> =>
      keepingAnAdmin(id, true, async (trx) => {
        await removePosts(trx, id);
        return (await trx('users').where({ id }).delete()) > 0;
      }),

    /** Puts a new password in place of the one that was checked; false where it has been changed since. */
    replacePassword: async (id: number, checked: string, password: string): Promise<boolean> =>
      (await db('users')
        .where({ id, password: checked })
        .update({ password, password_method: methodOf(password) })) > 0,

    /** The formats of all stored passwords, read by skipping through their index: as many steps as there are formats. */
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

  function keepingAnAdmin<Result>(
    id: number,
    isLoss: boolean,
    work: (trx: Database) => Promise<Result>,
  ): Promise<Result> {
    return transact(db, async (trx) => {
      if (isLoss) {
        // The rows are locked in one order, so that two admins who demote each other at once do so one after the other.
        // With them the user's own, so that nothing more becomes theirs until they are gone.
        const locked = await trx('users')
          .select('id', 'role')
          .where({ role: 'admin' })
          .orWhere({ id })
          .orderBy('id')
          .forUpdate();
        const admins = locked.filter(({ role }) => role === 'admin');
        if (admins.length === 1 && admins[0]?.id === id)
          throw new AppError('last_admin', 'The last admin can be neither deleted nor demoted');
      }
      return work(trx);
    });
  }
}

/** Everything that the table has of a new user but the id. `at` in ISO 8601. */
export function toNewUserRow(details: UserDetails, password: string, at: string) {
  return {
    ...withKeys(details),
    password,
    password_method: methodOf(password),
    created_at: at,
    updated_at: at,
  };
}

function withKeys(details: Partial<UserDetails>) {
  return {
    ...details,
    ...(details.uid !== undefined && { uid_key: fold(details.uid) }),
    ...(details.name !== undefined && { name_key: foldPrefix(details.name) }),
  };
}

/** As a range, which an index over bytes can serve; U+10FFFF sorts behind every character. */
function beginsWith(column: string, prefix: string) {
  return (query: { whereBetween: (column: string, range: [string, string]) => unknown }) =>
    void query.whereBetween(column, [prefix, `${prefix}\u{10FFFF}`]);
}
