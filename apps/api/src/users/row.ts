import type { Role } from '@signet/contracts';
import { methodOf } from '../auth/passwords.ts';
import { fold, foldPrefix } from '../db/fold.ts';

/**
 * A row of `users` without its password: `created_at` and `updated_at` in ISO 8601, `dob` as `YYYY-MM-DD`.
 */
export type UserRow = {
  readonly id: number;
  readonly name: string;
  readonly uid: string;
  readonly role: Role;
  readonly dob: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export const userColumns = ['id', 'name', 'uid', 'role', 'dob', 'created_at', 'updated_at'] as const;

/** A user beside the hash of their password, which is kept apart so that it cannot leave with the row. */
export type StoredCredentials = {
  readonly user: UserRow;
  readonly password: string;
  /** The password is a demo user's, which is published. */
  readonly isDemo: boolean;
};

export type UserDetails = {
  readonly name: string;
  readonly uid: string;
  readonly dob: string | null;
  readonly role: Role;
};

/** Every column of a new user except the id. `password` is the hash, `at` in ISO 8601. */
export function toNewUserRow(details: UserDetails, password: string, at: string) {
  return { ...withKeys(details), ...passwordColumns(password), created_at: at, updated_at: at };
}

/** The hash and, beside it, the method that it was made with. */
export function passwordColumns(password: string) {
  return { password, password_method: methodOf(password) };
}

/** The details with the folded forms of uid and name, by which users are found. */
export function withKeys(details: Partial<UserDetails>) {
  return {
    ...details,
    ...(details.uid !== undefined && { uid_key: fold(details.uid) }),
    ...(details.name !== undefined && { name_key: foldPrefix(details.name) }),
  };
}
