import { DateOfBirth, Name, Note, Uid } from '@signet/contracts';
import { derive } from '../../apps/api/src/auth/derivation.ts';
import { readLegacyPassword, readStoredPassword } from '../../apps/api/src/auth/password-formats.ts';
import { costOf, maxCheckMs } from '../../apps/api/src/auth/password-methods.ts';
import {
  readDateOfBirth,
  readName,
  readNote,
  readTokens,
  readUid,
} from '../../apps/api/src/cli/flask-import/values.ts';
import { promise, type Target } from '../target.ts';

const phc = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** What rows of a Flask database hold: hashes in every form of Werkzeug's, and members of any content. */
export const target: Target = {
  seeds: [
    `pbkdf2:sha256:600000$saltsalt$${'0'.repeat(64)}`,
    `scrypt:32768:8:1$saltsaltsaltsalt$${'0'.repeat(128)}`,
    `sha1$salt$${'0'.repeat(40)}`,
    `pbkdf2:sha1:1000$salt$${'0'.repeat(40)}`,
    `pbkdf2:sha256$salt$${'0'.repeat(64)}`,
    `md5$$${'0'.repeat(32)}`,
    `wrapped:sha1$salt$${phc}`,
    `wrapped:pbkdf2:sha256$salt$${phc}`,
    phc,
    '2020-02-29 00:00:00.000000',
    'Tοby',
    'a note\r\nof two lines\0',
  ],
  words: [
    'pbkdf2:',
    'scrypt:',
    'sha256',
    'wrapped:',
    'constructor',
    '$',
    ':',
    '1e3',
    '0x10',
    phc,
    '\0',
    '\ud800',
  ],
  run(input) {
    const text = input.toString('utf8');
    const stored = readStoredPassword(text);
    if (stored) {
      promise(
        costOf(stored.method) <= maxCheckMs && costOf(stored.method) >= 0,
        'a check costs less than its bound',
      );
      promise(!text.includes('\0'), 'a stored hash has no NUL');
      const { kind } = stored.stored;
      const derivations =
        kind === 'derived' ? [stored.stored.derivation] : kind === 'wrapped' ? stored.stored.derivations : [];
      for (const derivation of derivations)
        if (costOf(derivation.method) < 3)
          promise(derive('password', derivation).length === derivation.bytes, 'what is read can be checked');
    }
    const legacy = readLegacyPassword(text);
    if (legacy) {
      const wrapped = readStoredPassword(legacy.wrap(phc));
      promise(wrapped?.stored.kind === 'wrapped', 'what is wrapped can be read again');
      promise(wrapped.method === legacy.method, 'and costs what was planned');
    }
    readTokens(text);
    promise(Name.safeParse(readName(text, 'toby').value).success, 'a name is one that the contract allows');
    const day = readDateOfBirth(text).value;
    promise(day === null || DateOfBirth.safeParse(day).success, 'a date of birth is a day');
    promise(Uid.safeParse(readUid(text, 7).value).success, 'a user id is one that the contract allows');
    const note = readNote(text, 'image.png').value;
    promise(Note.safeParse(note).success && !note.includes('\0'), 'a note is one that the contract allows');
  },
};
