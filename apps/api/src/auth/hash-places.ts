import { AppError } from '../errors.ts';

/**
 * For whom a password is hashed or checked: at a sign-in, for anyone (a sign-up), or for the signed-in user
 * with this id.
 */
export type HashFor = 'sign-in' | 'anyone' | number;

/** All but sign-ins together may have so much of the pool. The rest is for sign-ins alone. */
const shareOfOthers = 0.5;

/** How many hashes of one user may be waiting or running, sign-ins aside. */
const placesOfUser = 4;

/**
 * Shares the places of the hashing pool out, so that nobody who makes accounts or changes passwords again and
 * again keeps others from signing in (OWASP ASVS 5.0, 15.4.4).
 */
export function createHashPlaces(total: number) {
  const ofUsers = new Map<number, number>();
  let ofAll = 0;
  let ofOthers = 0;

  return {
    /**
     * Takes a place; returns a function that frees it. Throws `overloaded` if every place for this use
     * is taken.
     */
    take(by: HashFor): () => void {
      if (isFull(by)) throw new AppError('overloaded', { retryAfterSeconds: 2 });
      count(by, 1);
      return () => count(by, -1);
    },

    taken: (): number => ofAll,
  };

  function isFull(by: HashFor): boolean {
    if (ofAll >= total) return true;
    if (by === 'sign-in') return false;
    if (ofOthers >= total * shareOfOthers) return true;
    return typeof by === 'number' && (ofUsers.get(by) ?? 0) >= placesOfUser;
  }

  function count(by: HashFor, change: 1 | -1): void {
    ofAll += change;
    if (by === 'sign-in') return;
    ofOthers += change;
    if (by === 'anyone') return;
    const own = (ofUsers.get(by) ?? 0) + change;
    if (own > 0) ofUsers.set(by, own);
    else ofUsers.delete(by);
  }
}
