import { createHmac, hkdfSync } from 'node:crypto';
import { fold } from '../db/fold.ts';

/**
 * Returns a function from a user id to 16 characters (96 bits) that stand for it in the audit log, the same
 * for every spelling. What is typed into the box for the user id may be a password, so the text itself is not
 * kept, and its digest is keyed, because a password could be guessed from a plain one.
 */
export function createUidDigest(secret: Buffer): (uid: string) => string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'signet audit user id', 32));
  return (uid) => createHmac('sha256', key).update(fold(uid)).digest('base64url').slice(0, 16);
}
