import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError, refusal } from '../errors.ts';

/** Who may read `/metrics`: every caller, nobody, or the holder of the token. */
export type MetricsAccess = 'open' | 'closed' | { readonly token: string };

/**
 * Metrics tell how many sign-ins fail and when, so where strangers reach them only the operator may read
 * them. Throws `not_found` where they are closed, `token_missing` and `token_invalid`.
 */
export function refuseStrangers(access: MetricsAccess, authorization: string | undefined): void {
  if (access === 'open') return;
  if (access === 'closed') throw new AppError('not_found', 'There is nothing at this path');
  if (authorization === undefined) throw refusal('no-token');
  const [, given = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (!isSame(given, access.token)) throw refusal('operator-token');
}

/** Over digests, because the comparison in constant time needs texts of one length. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
