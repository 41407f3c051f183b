import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Algorithm } from '@signet/contracts';

/**
 * A key as the configuration reads it: 48 random bytes in base64url for HS256, else a private key in PEM
 * (PKCS #8).
 */
export function generateKey(algorithm: Algorithm): string {
  if (algorithm === 'HS256') return `${randomBytes(48).toString('base64url')}\n`;
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * Writes it for the owner's eyes only. Never over a file that is there: that could be the key that everybody
 * is signed in by.
 */
export function writeKey(file: string, key: string): void {
  writeFileSync(file, key, { mode: 0o600, flag: 'wx', flush: true });
}

/** The variables that have the API sign with the key in the file. */
export function variablesFor(algorithm: Algorithm, file: string): string {
  return algorithm === 'HS256'
    ? `SECRET_KEY_FILE=${file}`
    : `JWT_ALGORITHM=${algorithm} JWT_PRIVATE_KEY_FILE=${file}`;
}
