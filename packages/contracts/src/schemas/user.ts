import { z } from 'zod';
import { hasConfusingMark, hasInvisibleCharacter, isSingleScript } from './look-alikes.ts';
import { missing } from './missing.ts';
import { PageQuery } from './page.ts';
import { isDay, Timestamp } from './time.ts';

const uidMessage = 'User ID is missing, or is less than 2 characters';
const nameMessage = 'Name is missing, or is less than 2 characters';

/** C0 and C1 control characters and DEL: invisible, and PBKDF2 cannot tell `pw` from `pw\0`. */
const noControlCharacters = /^\P{Cc}*$/u;

/**
 * Letters and digits, each with its marks, and `_ . - @`. Default ignorable characters are not drawn,
 * although some of them are letters or marks; an enclosing mark, or a mark without a letter, may be drawn
 * over its neighbours. With any of them one user id could look like another's.
 */
const uidCharacters =
  /^(?:[_.\-@]|(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{Nd}](?:(?!\p{Default_Ignorable_Code_Point})[\p{Mn}\p{Mc}])*)*$/u;

/**
 * A user id as it may be stored: 2 to 255 letters, digits and `_ . - @`, in Unicode's NFKC form. Unique
 * whatever the case. A user whose id was accepted before `NewUid` had its rules keeps it.
 */
export const Uid = z
  .string({ error: uidMessage })
  .overwrite((text) => text.normalize('NFKC'))
  .min(2, uidMessage)
  .max(255, 'User ID is more than 255 characters')
  .regex(uidCharacters, 'User ID may have letters, digits and _ . - @ only');

/** A user id that is being chosen: one that looks like another user's is refused (UTS #39). */
export const NewUid = Uid.refine(isSingleScript, 'User ID has letters of more than one script').refine(
  (uid) => !hasConfusingMark(uid),
  'User ID has an accent or mark that makes it look like another User ID',
);

/** A name as it may be stored. */
export const Name = z
  .string({ error: nameMessage })
  .trim()
  .min(2, nameMessage)
  .max(255, 'Name is more than 255 characters')
  .regex(noControlCharacters, 'Name has a control character');

/** A name that is being chosen: what is not drawn could forge another user's name, or show none at all. */
export const NewName = Name.refine(
  (name) => !hasInvisibleCharacter(name),
  'Name has an invisible character, or one that changes the direction of the text',
).refine((name) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(name), 'Name has no letter');

/** A password that somebody chooses. No composition rules, nothing trimmed, every character significant. */
export const NewPassword = z
  .string({ error: 'Password is missing' })
  .min(8, 'Password is less than 8 characters')
  .max(256, 'Password is more than 256 characters')
  .regex(noControlCharacters, 'Password has a control character');

/** `YYYY-MM-DD`, and a day that exists. */
export const DateOfBirth = z.string({ error: dateMessage }).refine(isDay).meta({ format: 'date' });

function dateMessage({ input }: { readonly input?: unknown }): string {
  const shown = typeof input === 'string' ? input.slice(0, 40) : typeof input;
  return `Date of birth format error ${shown}, must be yyyy-mm-dd`;
}

export const Role = z.enum(['user', 'admin'], { error: 'Role must be user or admin' });
export type Role = z.infer<typeof Role>;

export const UserId = z.int().positive();

/**
 * A day in an answer. A database that writes days in another way (`02-11-1847`) is an error of ours,
 * never shown.
 */
const Day = z.string().refine(isDay).meta({ format: 'date' });

/** `dob` and `age` are there for oneself and for an admin, and absent for everybody else. */
export const User = z.strictObject({
  id: UserId,
  name: z.string(),
  uid: z.string(),
  role: Role,
  dob: Day.nullable().optional(),
  age: z.int().nullable().optional(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type User = z.infer<typeof User>;

/** Which users are meant. `q` is a prefix of the user id or of any word of the name, in any case. */
export const UserFilter = z.strictObject({
  q: z.string().max(255, 'q is more than 255 characters').optional(),
  role: Role.optional(),
});
export type UserFilter = z.infer<typeof UserFilter>;

/**
 * `name` sorts by name whatever the case, `newest` puts the last created user first. Without it, users are
 * sorted by id.
 */
export const UserSort = z.enum(['name', 'newest'], { error: 'sort must be name or newest' });
export type UserSort = z.infer<typeof UserSort>;

/**
 * A page of users. A search is sorted by what matched, so that it costs the same however many users
 * there are.
 */
export const UserQuery = z
  .strictObject({ ...PageQuery.shape, ...UserFilter.shape, sort: UserSort.optional() })
  .refine(({ q, sort }) => !q?.trim() || sort === undefined, {
    path: ['sort'],
    message: 'A search is sorted by what matched: leave sort out, or q',
  });
export type UserQuery = z.infer<typeof UserQuery>;

/** How many users there are: exactly `count`, or with `more`, more than that. Users are counted to 10 000. */
export const UserCount = z.strictObject({ count: z.int().nonnegative(), more: z.boolean() });
export type UserCount = z.infer<typeof UserCount>;

/**
 * What a user has and did. `last_sign_in_at` is null without a sign-in in the time for which the audit log is
 * kept; `open_sessions` counts the live sessions, the caller's current one included.
 */
export const UserActivity = z.strictObject({
  last_sign_in_at: Timestamp.nullable(),
  open_sessions: z.int().nonnegative(),
  posts: z.int().nonnegative(),
});
export type UserActivity = z.infer<typeof UserActivity>;

const userDetails = missing('user details');

export const SignUp = z.strictObject(
  { name: NewName, uid: NewUid, password: NewPassword, dob: DateOfBirth.nullable().optional() },
  userDetails,
);
export type SignUp = z.infer<typeof SignUp>;

export const CreateUser = z.strictObject({ ...SignUp.shape, role: Role.optional() }, userDetails);
export type CreateUser = z.infer<typeof CreateUser>;

/** Proves that the user is there, and not only their session. */
const CurrentPassword = z.string({ error: 'Current password is missing' }).min(1);

/**
 * PUT replaces: without `dob` the date of birth is deleted; without `role`, which only an admin sets, the
 * role stays.
 *
 * Here and in `UpdateUser` the name and user id may be what they were, so the API applies `NewName` and
 * `NewUid` only to those that change. To change one's own user id takes `current_password`; it changes
 * nothing by itself.
 */
export const ReplaceUser = z.strictObject(
  {
    name: Name,
    uid: Uid,
    dob: DateOfBirth.nullable().optional(),
    role: Role.optional(),
    current_password: CurrentPassword.optional(),
  },
  userDetails,
);
export type ReplaceUser = z.infer<typeof ReplaceUser>;

export const UpdateUser = z.strictObject(
  {
    name: Name.optional(),
    uid: Uid.optional(),
    dob: DateOfBirth.nullable().optional(),
    role: Role.optional(),
    current_password: CurrentPassword.optional(),
  },
  userDetails,
);
export type UpdateUser = z.infer<typeof UpdateUser>;

/** To delete an account one may give one's own password, which is then checked. */
export const DeleteUser = z.strictObject({ current_password: CurrentPassword }, userDetails);
export type DeleteUser = z.infer<typeof DeleteUser>;

export const ChangePassword = z.strictObject(
  {
    current_password: CurrentPassword,
    new_password: NewPassword,
  },
  userDetails,
);
export type ChangePassword = z.infer<typeof ChangePassword>;

/** A password that an admin gives to a user. */
export const SetPassword = z.strictObject({ new_password: NewPassword }, userDetails);
export type SetPassword = z.infer<typeof SetPassword>;

/** A password at sign-in is taken as it comes: accounts older than today's rules must still get in. */
const GivenPassword = z.string({ error: 'Password is missing' }).min(1);

export const Credentials = z.strictObject(
  { uid: z.string({ error: 'User ID is missing' }).min(1), password: GivenPassword },
  userDetails,
);
export type Credentials = z.infer<typeof Credentials>;

/** The same credentials under the names that the lesson's `/token` takes. */
export const TokenRequest = z.strictObject(
  {
    username: z.string({ error: 'User ID is missing' }).min(1),
    password: GivenPassword,
  },
  userDetails,
);
export type TokenRequest = z.infer<typeof TokenRequest>;

/** What `/protected` says of its caller. */
export const Identity = z.strictObject({ id: UserId, username: z.string() });
export type Identity = z.infer<typeof Identity>;
