import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { withoutEndOfLine } from './secret-form.ts';

/** The secret itself, read from its file if the configuration has only that. */
export function resolveSecret(secret: Buffer | { readonly file: string }): Buffer {
  return Buffer.isBuffer(secret) ? secret : readOrMakeSecret(secret.file);
}

/**
 * The bytes of the file, without one end of line. If there is no file, one is made: 48 random bytes in
 * base64url, readable by the owner alone. The configuration has validated an existing one.
 *
 * Two processes that start at once get the same secret: the file appears whole or not at all, and the first
 * process that links it wins.
 */
function readOrMakeSecret(file: string): Buffer {
  return readSecret(file) ?? makeSecret(file);
}

function readSecret(file: string): Buffer | undefined {
  try {
    return withoutEndOfLine(readFileSync(file));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeSecret(file: string): Buffer {
  makeFolder(dirname(file));
  const draft = join(dirname(file), `.secret-${process.pid}-${randomBytes(4).toString('hex')}`);
  // Mode 0600 from the first moment: a user who can read this file can sign tokens.
  writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readSecret(file) ?? makeSecret(file);
}
