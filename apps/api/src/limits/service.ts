import { isIPv6 } from 'node:net';
import type { Database } from '../db/connect.ts';
import { AppError, type Quota } from '../errors.ts';
import { type Bucket, createLimitStore, type Outcome, type Taken } from './store.ts';

/** `limit` in `windowSeconds`, for each value that is counted. */
const policies = {
  'sign-in-user-address': { limit: 10, windowSeconds: 900 },
  'sign-in-user': { limit: 100, windowSeconds: 900 },
  'sign-in-address': { limit: 300, windowSeconds: 900 },
  signup: { limit: 300, windowSeconds: 900 },
  refresh: { limit: 3000, windowSeconds: 900 },
  refusal: { limit: 100, windowSeconds: 900 },
} as const;

export type Limits = ReturnType<typeof createLimits>;

/** An attempt to sign in that has been counted as a failure until it proves to be none. */
export type Attempt = { readonly quota: Quota; readonly taken: readonly Taken[] };

/** Limits on what guessing and flooding need many of. They count in the database, over all processes. */
export function createLimits({ db, now }: { db: Database; now: () => number }) {
  const store = createLimitStore({ db, now });

  return {
    /** Counts one from this address. Throws `too_many_requests`. */
    async take(name: 'signup' | 'refresh' | 'refusal', ip: string | null): Promise<Quota> {
      const bucket = bucketOf(name, addressOf(ip));
      const [taken] = admitted(await store.take([bucket]));
      return quotaOf(bucket, taken);
    },

    /**
     * Counts a failed sign-in before it is known to fail, so that many at once are not all tried. Throws `too_many_requests`.
     *
     * `isKnownAddress` says that the user has signed in from there before: then what strangers elsewhere have used
     * up of the user's own bound does not lock the owner out.
     */
    async beginSignIn({
      uid,
      ip,
      isKnownAddress,
    }: {
      uid: string;
      ip: string | null;
      isKnownAddress: boolean;
    }): Promise<Attempt> {
      const address = addressOf(ip);
      const own = bucketOf('sign-in-user-address', `${uid}\0${address}`);
      const ofUser = isKnownAddress ? [] : [bucketOf('sign-in-user', uid)];
      const taken = admitted(await store.take([own, ...ofUser, bucketOf('sign-in-address', address)]));
      return { quota: quotaOf(own, taken[0]), taken };
    },

    /**
     * The sign-in was good, or never judged: takes back what it was counted as, and nothing that others were. Within `trx`
     * it comes last, since others wait for these rows.
     */
    giveBack: (attempt: Attempt, trx?: Database): Promise<void> => store.giveBack(attempt.taken, trx),

    sweep: store.sweep,
  };

  function admitted(outcome: Outcome): readonly Taken[] {
    if ('taken' in outcome) return outcome.taken;
    const { refusedBy, window_ends_at } = outcome;
    const quota = { ...refusedBy, remaining: 0, resetSeconds: secondsUntil(window_ends_at) };
    throw new AppError('too_many_requests', 'Too many attempts; wait a while', {
      quota,
      retryAfterSeconds: quota.resetSeconds,
    });
  }

  function quotaOf({ name, limit, windowSeconds }: Bucket, taken: Taken | undefined): Quota {
    const { count = 0, window_ends_at = '' } = taken ?? {};
    return {
      name,
      limit,
      windowSeconds,
      remaining: Math.max(0, limit - count),
      resetSeconds: secondsUntil(window_ends_at),
    };
  }

  function secondsUntil(time: string): number {
    return Math.max(1, Math.ceil((Date.parse(time) - now()) / 1000) || 1);
  }
}

function bucketOf(name: keyof typeof policies, value: string): Bucket {
  return { name, value, ...policies[name] };
}

/** Who counts as one: an IPv4 address, or an IPv6 network of 64 bits, which is what one household gets. */
export function addressOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  const [bare = ''] = ip.split('%');
  if (!isIPv6(bare)) return ip;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
