import { createRequire } from 'node:module';
import { fold } from '../db/fold.ts';

const require = createRequire(import.meta.url);
let commonPasswords: ReadonlySet<string> | undefined;

/**
 * Whether a folded password is among the most common ones of at least eight characters: 17 950 of zxcvbn-ts,
 * which come from lists of leaked passwords (OWASP ASVS 5.0, 6.2.4 asks for 3000).
 *
 * Loaded at the first question, which takes about 30 ms: most processes (a command, a server whose users
 * exist) never ask. Loaded synchronously, so that no caller can forget to wait for the answer.
 */
export function isCommonPassword(folded: string): boolean {
  commonPasswords ??= load();
  return commonPasswords.has(folded);
}

function load(): ReadonlySet<string> {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map(fold).filter((password) => password.length >= 8));
}
