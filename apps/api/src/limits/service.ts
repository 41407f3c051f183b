import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { AppError, type Quota } from '../errors.ts';
import { type Bucket, createLimitStore, type Outcome, type Taken } from './store.ts';

/** So many refusals of an address are recorded in a window. */
export const recordedRefusals = 100;

/** At most `limit` in `windowSeconds`, for each value that is counted. */
const policies = {
  'sign-in-user-address': { limit: 10, windowSeconds: 900 },
  'sign-in-user': { limit: 100, windowSeconds: 900 },
  // For a device on which the user has signed in before, and for all of a user's such devices.
  'sign-in-device': { limit: 10, windowSeconds: 900 },
  'sign-in-user-devices': { limit: 100, windowSeconds: 900 },
  'sign-in-address': { limit: 300, windowSeconds: 900 },
  // Sign-ins that succeed: each adds rows to the audit log, which keeps them for a year.
  'sign-in-success': { limit: 600, windowSeconds: 900 },
  signup: { limit: 300, windowSeconds: 900 },
  // By session: enough for all tabs of a browser with the shortest tokens.
  refresh: { limit: 1000, windowSeconds: 900 },
  'refresh-repeat': { limit: 10, windowSeconds: 900 },
  'refresh-invalid': { limit: 3000, windowSeconds: 900 },
  'signup-user': { limit: 60, windowSeconds: 900 },
  writes: { limit: 120, windowSeconds: 60 },
  // One more than are recorded: it is the one that says that the others are not.
  refusal: { limit: recordedRefusals + 1, windowSeconds: 900 },
} as const;

export type Limits = ReturnType<typeof createLimits>;

/** An attempt to sign in. It counts as a failure until it is refunded. */
export type Attempt = { readonly quota: Quota; readonly taken: readonly Taken[] };

/** Rate limits on guessing and flooding. They count in the database, across all processes. */
export function createLimits({ db, clock }: { db: Database; clock: Clock }) {
  const store = createLimitStore({ db, clock });

  return {
    /** Counts one from this address. Throws `too_many_requests`. */
    async take(name: 'refresh-invalid', ip: string | null): Promise<Quota> {
      const bucket = bucketOf(name, addressOf(ip));
      const [taken] = admitted(await store.take([bucket]));
      return quotaOf(bucket, taken);
    },

    /** Counts a refresh of this session. Throws `too_many_requests`. */
    async takeRefresh(session_id: string): Promise<Quota> {
      const bucket = bucketOf('refresh', session_id);
      const [taken] = admitted(await store.take([bucket]));
      return quotaOf(bucket, taken);
    },

    /**
     * Counts a repeated refresh; false once the session has had so many that no more are recorded. Those who
     * got a successor and those who did not are counted apart, so that neither can hide the other.
     */
    async takeRepeat(session_id: string, isGranted: boolean): Promise<boolean> {
      const bucket = bucketOf('refresh-repeat', `${session_id}\0${isGranted}`);
      return 'taken' in (await store.take([bucket]));
    },

    /**
     * Counts a refusal of this address: which one it is in its window, or undefined if it is one too many.
     */
    async countRefusal(
      ip: string | null,
      trx: Database,
    ): Promise<{ number: number; window_ends_at: string } | undefined> {
      const outcome = await store.take([bucketOf('refusal', addressOf(ip))], trx);
      const [one] = 'taken' in outcome ? outcome.taken : [];
      return one && { number: one.count, window_ends_at: one.window_ends_at };
    },

    /**
     * Counts a new account, however it is made: against the address and, where a signed-in user makes it,
     * against that user. Throws `too_many_requests`.
     */
    async takeSignUp(ip: string | null, user_id?: number): Promise<Quota> {
      const ofAddress = bucketOf('signup', addressOf(ip));
      const ofUser = user_id === undefined ? [] : [bucketOf('signup-user', String(user_id))];
      const [taken] = admitted(await store.take([ofAddress, ...ofUser]));
      return quotaOf(ofAddress, taken);
    },

    /** Counts a write of this user. Throws `too_many_requests`. */
    async takeWrite(user_id: number): Promise<Quota> {
      const bucket = bucketOf('writes', String(user_id));
      const [taken] = admitted(await store.take([bucket]));
      return quotaOf(bucket, taken);
    },

    /**
     * Counts an attempt as failed before its outcome is known, so that concurrent guesses are not all tried.
     * Throws `too_many_requests`.
     *
     * `isKnownAddress` means that the user has signed in from this address before. Then the limit per user
     * does not apply, because strangers at other addresses could use it up and lock the owner out. `device`
     * means that they have done so on this device. It has a budget of its own, which no neighbour can use up.
     */
    async beginSignIn({
      uid,
      ip,
      isKnownAddress,
      device,
    }: {
      uid: string;
      ip: string | null;
      isKnownAddress: boolean;
      device?: string | undefined;
    }): Promise<Attempt> {
      if (device !== undefined) {
        const ofDevice = bucketOf('sign-in-device', `${uid}\0${device}`);
        const taken = admitted(await store.take([ofDevice, bucketOf('sign-in-user-devices', uid)]));
        return { quota: quotaOf(ofDevice, taken[0]), taken };
      }
      const address = addressOf(ip);
      const own = bucketOf('sign-in-user-address', `${uid}\0${address}`);
      const ofUser = isKnownAddress ? [] : [bucketOf('sign-in-user', uid)];
      const taken = admitted(await store.take([own, ...ofUser, bucketOf('sign-in-address', address)]));
      return { quota: quotaOf(own, taken[0]), taken };
    },

    /**
     * Uncounts an attempt that succeeded or was never judged, and no other attempt. Within `trx` it comes
     * last, because other sign-ins wait for these rows.
     */
    refund: (attempt: Attempt, trx?: Database): Promise<void> => store.refund(attempt.taken, trx),

    /**
     * Counts a sign-in of this user that succeeds, in its transaction. Only who knows the password can use
     * this budget up, so it locks nobody out. Throws `too_many_requests`.
     */
    async takeSession(user_id: number, trx: Database): Promise<void> {
      admitted(await store.take([bucketOf('sign-in-success', String(user_id))], trx));
    },

    /** Deletes the counters whose window is over. */
    sweep: store.sweep,
  };

  function admitted(outcome: Outcome): readonly Taken[] {
    if ('taken' in outcome) return outcome.taken;
    const { refusedBy, window_ends_at } = outcome;
    const quota = { ...refusedBy, remaining: 0, resetSeconds: secondsUntil(window_ends_at) };
    throw new AppError('too_many_requests', {
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
    return Math.max(1, Math.ceil((Date.parse(time) - clock.now()) / 1000) || 1);
  }
}

function bucketOf(name: keyof typeof policies, value: string): Bucket {
  return { name, value, ...policies[name] };
}

/**
 * What counts as one caller: an IPv4 address, or an IPv6 /64 network, because one household gets a whole one.
 * An IPv4 address inside an IPv6 one (mapped, RFC 4291, section 2.5.5.2; NAT64, RFC 6052, section 2.1) counts
 * as itself, and a link-local address as one caller: all of these have one /64 in common.
 */
export function addressOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  const [bare = ''] = ip.split('%');
  if (!isIPv6(bare)) return ip;
  const groups = groupsOf(bare);
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  const [high = 0, low = 0] = groups.slice(6);
  const prefix = groups.slice(0, 6).join(':');
  if (prefix === mappedPrefix || prefix === nat64Prefix)
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const isShared = network[0] === 'fe80' || network.every((group) => group === '0');
  if (isShared) return groups.map((group) => group.toString(16)).join(':');
  return `${network.join(':')}::/64`;
}

const mappedPrefix = [0, 0, 0, 0, 0, 0xffff].join(':');
const nat64Prefix = [0x64, 0xff9b, 0, 0, 0, 0].join(':');

/** The eight groups of a valid IPv6 address; the last two may be written as an IPv4 address. */
function groupsOf(address: string): number[] {
  const inHex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [left = [], right = []] = inHex
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
