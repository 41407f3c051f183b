import { fold } from '../db/fold.ts';
import { AppError } from '../errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import { withoutRuns } from './keyboard-runs.ts';

/** With this many characters or fewer around something guessable, a password is no harder to guess. */
const fewCharacters = 3;

/** Shorter parts of a name occur in unrelated words. */
const shortestNamePart = 4;

/**
 * Throws `invalid_request` for a new password that an attacker would try among the first (OWASP ASVS 5.0,
 * 6.2.4 and 6.2.11): one of the most common, one character repeated, rows of the keyboard, or its owner's
 * user id or name, each with a few characters around it. Case and Unicode form make no difference. `member`
 * is the password's name in the request.
 */
export function refuseGuessable(
  password: string,
  owner: { name: string; uid: string },
  member = 'password',
): void {
  const message = weaknessOf(fold(password), owner);
  if (message !== undefined)
    throw new AppError('invalid_request', message, { issues: [{ path: member, message }] });
}

function weaknessOf(folded: string, owner: { name: string; uid: string }): string | undefined {
  if (isCommonPassword(folded)) return 'This password is one of the most common';
  if (isLittle(withoutRuns(folded)))
    return 'This password is one character repeated, or a row of the alphabet or the keyboard';
  const pieces = partsOf(owner).reduce((texts, part) => texts.flatMap((text) => text.split(part)), [folded]);
  if (isLittle(pieces.map(withoutRuns).join('')))
    return "The password is little more than the user's own id or name";
  return undefined;
}

/** The user id, the name and their words, folded, longest first. */
function partsOf({ name, uid }: { name: string; uid: string }): string[] {
  const wholes = [uid, name, name.replaceAll(/\s/g, '')].map(fold);
  const words = [uid, name].flatMap((text) => fold(text).split(/[^\p{L}\p{M}\p{N}]+/u));
  const parts = new Set([...wholes, ...words.filter((word) => Array.from(word).length >= shortestNamePart)]);
  return [...parts].sort((a, b) => b.length - a.length);
}

function isLittle(text: string): boolean {
  return Array.from(text).length <= fewCharacters;
}
