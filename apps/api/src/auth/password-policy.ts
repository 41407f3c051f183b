import { fold } from '../db/fold.ts';
import { AppError } from '../errors.ts';
import { commonPasswords } from './common-passwords.ts';

/**
 * Throws `invalid_request` for a password that whoever guesses would try first: a common one, or its owner's id or name.
 * `member` is what the request calls it.
 */
export function refuseGuessable(
  password: string,
  { name, uid }: { name: string; uid: string },
  member = 'password',
): void {
  const folded = fold(password);
  if (!commonPasswords.has(folded) && folded !== fold(uid) && folded !== fold(name)) return;
  const message = commonPasswords.has(folded)
    ? 'This password is one of the commonest'
    : "The password is the user's own id or name";
  throw new AppError('invalid_request', message, { issues: [{ path: member, message }] });
}
