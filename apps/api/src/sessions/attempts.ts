import type { Device } from '../auth/device-tokens.ts';
import { fold } from '../db/fold.ts';
import type { RequestSource } from '../http/call.ts';
import type { Attempt, Limits } from '../limits/service.ts';

type AttemptsDeps = {
  readonly limits: Pick<Limits, 'beginSignIn' | 'refund'>;
};

type Guess = {
  /** Undefined for an unknown user id. */
  readonly id: number | undefined;
  readonly uid: string;
  /** Whose devices the request comes from. */
  readonly devices: readonly Device[];
  /** Whether this user has signed in from the request's address before. */
  readonly isKnownAddress: boolean;
};

export type Attempts = ReturnType<typeof createAttempts>;

/** Attempts to guess a password: each is counted before it is judged, and refunded if it is not. */
export function createAttempts({ limits }: AttemptsDeps) {
  return {
    /** Counts the attempt before its hash is computed, so that many guesses at once are not all tried. */
    count({ id, uid, devices, isKnownAddress }: Guess, { ip }: Pick<RequestSource, 'ip'>): Promise<Attempt> {
      // A device has a budget of its own, on which the address has no influence.
      const device = devices.find(({ user_id }) => user_id === id);
      // Folded, so that every spelling of a user id draws on one budget.
      return limits.beginSignIn({ uid: fold(uid), ip, isKnownAddress, device: device?.id });
    },

    /**
     * Runs `work`. If it throws (the hash queue is full, the database is down) the attempt is refunded,
     * because no password was judged.
     */
    async refundOnFailure<Result>(attempt: Attempt, work: () => Promise<Result>): Promise<Result> {
      try {
        return await work();
      } catch (error) {
        // If the refund fails too, the first failure is still the one that explains what happened.
        await limits.refund(attempt).catch(() => undefined);
        throw error;
      }
    },
  };
}
