import type { PasswordMethod } from '../auth/password-methods.ts';
import type { Database } from '../db/connect.ts';
import { fold } from '../db/fold.ts';
import { passwordColumns, type StoredCredentials, type UserRow, userColumns } from './row.ts';

type CredentialsStoreDeps = { readonly db: Database; readonly reader: Database };

/** What a sign-in needs to know before it counts the attempt and checks the password. */
export type SignInFacts = {
  /** Undefined for an unknown user id. */
  readonly found: StoredCredentials | undefined;
  /** Whether this user has signed in from this address before. */
  readonly isKnownAddress: boolean;
  /** The methods of all stored passwords. */
  readonly methodsInUse: readonly PasswordMethod[];
};

type CredentialsRow = UserRow & { readonly password: string; readonly is_demo: boolean | number };

type SignInRow = { readonly method: PasswordMethod | null; readonly is_known_address: boolean | number } & (
  | CredentialsRow
  | { readonly id: null }
);

const credentialsColumns = [...userColumns, 'password', 'is_demo'] as const;

/** The hashes in `users`. They leave only in `StoredCredentials`. */
export function createCredentialsStore({ db, reader }: CredentialsStoreDeps) {
  return {
    /**
     * By uid, in any case and Unicode form, and everything else that a sign-in asks first: in one statement,
     * because each statement costs the event loop more than the rows do.
     */
    async findForSignIn(uid: string, ip: string | null): Promise<SignInFacts> {
      // The query for the methods always ends with a row without one, so there is a row in any case.
      const rows: SignInRow[] = await methodsInUse()
        .leftJoin('users', 'users.uid_key', reader.raw('?', [fold(uid)]))
        .select(
          'methods.method',
          ...credentialsColumns.map((name) => `users.${name}`),
          reader.raw(
            `exists (select 1 from sessions where sessions.user_id = users.id and sessions.ip = ?)
             as is_known_address`,
            [ip],
          ),
        );
      const [first] = rows;
      const methods = rows.flatMap(({ method }) => method ?? []);
      if (!first || first.id === null)
        return { found: undefined, isKnownAddress: false, methodsInUse: methods };
      const { method: _, is_known_address, ...row } = first;
      return {
        found: credentialsOf(row),
        isKnownAddress: Boolean(is_known_address),
        methodsInUse: methods,
      };
    },

    /** By uid, in any case and Unicode form. */
    findCredentials: (uid: string): Promise<StoredCredentials | undefined> =>
      credentialsWhere({ uid_key: fold(uid) }),

    findCredentialsById: (id: number, trx: Database = reader): Promise<StoredCredentials | undefined> =>
      credentialsWhere({ id }, trx),

    /** The methods of all stored passwords. */
    listPasswordMethods: (): Promise<PasswordMethod[]> =>
      methodsInUse().whereNotNull('method').pluck('method'),

    /**
     * Replaces the hash of an unchanged password by a better one; false if the password was changed since.
     */
    replacePassword: async (id: number, checked: string, password: string): Promise<boolean> =>
      (await db('users').where({ id, password: checked }).update(passwordColumns(password))) > 0,
  };

  /** Skips through the index of the methods, one step a method. The last row is null. */
  function methodsInUse() {
    return reader
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
      .from('methods');
  }

  async function credentialsWhere(
    condition: { id: number } | { uid_key: string },
    from: Database = reader,
  ): Promise<StoredCredentials | undefined> {
    const row = await from<CredentialsRow>('users')
      .first(...credentialsColumns)
      .where(condition);
    return row && credentialsOf(row);
  }
}

function credentialsOf({ password, is_demo, ...user }: CredentialsRow): StoredCredentials {
  return { user, password, isDemo: Boolean(is_demo) };
}
