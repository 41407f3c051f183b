import { join } from 'node:path';
import { linesOf, problemOfSecretForm, withoutEndOfLine } from '../auth/secret-form.ts';
import { problemOfSecret } from '../auth/secret-strength.ts';
import type { KeyConfig, KeySources } from './keys.ts';
import type { ReadFile } from './read-files.ts';
import type { Report } from './read-variables.ts';

const makeCommand = `node -e "console.log(require('node:crypto').randomBytes(48).toString('base64url'))"`;
const makeOne = `Make a good one with: ${makeCommand}`;
const removeIt = 'Remove it; its tokens are then refused.';

/** The HS256 key: `SECRET_KEY`, the bytes of `SECRET_KEY_FILE`, or the file `secret.key` in `DATA_DIR`. */
export function readSecret({
  read,
  files,
  readFile,
  dataDir,
  engine,
  report,
}: KeySources): KeyConfig['secret'] {
  const given = read.exact('SECRET_KEY');
  const file = read.text('SECRET_KEY_FILE', '');
  if (given !== undefined && file) report('SECRET_KEY and SECRET_KEY_FILE are both given. Keep one.');
  if (given !== undefined) {
    const secret = bytesOf('SECRET_KEY', given, report);
    check('SECRET_KEY', secret, makeOne, report);
    return secret;
  }
  if (file) {
    const bytes = files.bytes('SECRET_KEY_FILE', file);
    const secret = withoutEndOfLine(bytes ?? Buffer.alloc(0));
    if (bytes) check('SECRET_KEY_FILE', secret, makeOne, report);
    return secret;
  }
  if (engine === 'postgres')
    report(
      'SECRET_KEY (or SECRET_KEY_FILE) is needed with PostgreSQL, the same for every process. Make ' +
        `one with: ${makeCommand}`,
    );
  return checkedSecretFile(join(dataDir, 'secret.key'), readFile, report);
}

/** Keys that still verify and never sign: those of the comma list, and those of the file, one a line. */
export function readPreviousSecrets({ read, files, report }: KeySources): Buffer[] {
  const list = 'PREVIOUS_SECRET_KEYS';
  const listed = (read.exact(list)?.split(',') ?? []).map((each) => bytesOf(list, each, report));
  for (const secret of listed) check(list, secret, removeIt, report);
  const path = read.text(`${list}_FILE`, '');
  const bytes = path ? files.bytes(`${list}_FILE`, path) : undefined;
  const form = bytes && problemOfSecretForm(bytes);
  if (form) report(`${list}_FILE ${form}`);
  const lines = bytes && !form ? linesOf(bytes) : [];
  for (const [index, line] of lines.entries())
    check(`${list}_FILE: line ${index + 1}`, line, removeIt, report);
  return [...listed, ...lines];
}

/** The bytes of a secret that stands in a variable. */
function bytesOf(name: string, secret: string, report: Report): Buffer {
  const inFile = `${name === 'SECRET_KEY' ? 'SECRET_KEY_FILE' : 'PREVIOUS_SECRET_KEYS_FILE'}`;
  if (secret !== secret.trim())
    report(`${name} has spaces around a key. Remove them; a key with spaces belongs into ${inFile}.`);
  // Node decodes the environment as UTF-8 and replaces other bytes, so that two different keys would become
  // the same.
  if (secret.includes('\ufffd') || !secret.isWellFormed())
    report(`${name} holds bytes that are not UTF-8. Write the key into a file and set ${inFile}.`);
  return Buffer.from(secret);
}

/**
 * The file in which the secret is kept, or will be. A secret that exists already is checked like any other.
 */
function checkedSecretFile(file: string, readFile: ReadFile, report: Report): { readonly file: string } {
  try {
    const fix = 'Remove it to have a new one made; that signs out every user.';
    check(file, withoutEndOfLine(readFile(file)), fix, report);
  } catch {
    // The file does not exist yet, or cannot be read. In the second case the start fails where the file is
    // opened, with the system's reason.
  }
  return { file };
}

/**
 * Reports what is wrong with a secret. The value is not shown: the log of a failed start must hold no secret.
 */
function check(name: string, secret: Buffer, fix: string, report: Report): void {
  const form = problemOfSecretForm(secret);
  const weakness = problemOfSecret(secret);
  if (form) report(`${name} ${form}`);
  else if (weakness) report(`${name} ${weakness} ${fix}`);
}
