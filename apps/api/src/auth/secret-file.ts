import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';

/**
 * The secret in the file, made on first use: 48 random bytes in base64url, readable by the owner alone. One that is there
 * already has been looked at by the configuration.
 *
 * Two processes that start at once end up with the same one: the file appears whole or not at all, and the first
 * to link it wins.
 */
export function readOrMakeSecret(file: string): Buffer {
  return readSecret(file) ?? makeSecret(file);
}

function readSecret(file: string): Buffer | undefined {
  try {
    return Buffer.from(readFileSync(file, 'utf8').trim());
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeSecret(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.secret-${process.pid}-${randomBytes(4).toString('hex')}`);
  // Mode 0600 from the first moment: whoever reads this file can sign tokens.
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
