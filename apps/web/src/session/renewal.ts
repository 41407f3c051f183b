import type { StoredSession } from './flow.ts';

export type Locks = Pick<LockManager, 'request'>;

/** Long against the delay with which one tab sees what another stored, short against any token's life. */
const settleMilliseconds = 5000;

type Dependencies = {
  /** Absent outside secure contexts; the API's grace period for refreshes then settles the races between tabs. */
  locks: Locks | undefined;
  /** Where `storage` events arrive: what other tabs wrote. */
  window: Pick<Window, 'addEventListener'>;
  /** Whether this, and no successor of it, is what this tab finds stored. */
  isCurrent: (stored: StoredSession) => boolean;
  refresh: (stored: StoredSession) => Promise<void>;
};

/** One refresh at a time in all tabs of the browser; whoever asks for what is already running shares its outcome. */
export function createRenewal({ locks, window, isCurrent, refresh }: Dependencies) {
  let running:
    | { readonly stored: StoredSession; readonly done: Promise<void>; readonly stopWaiting: AbortController }
    | undefined;

  /** To be called when this tab itself has changed what is stored: nobody goes on waiting to refresh what is gone. */
  function recheck(): void {
    if (running && !isCurrent(running.stored)) running.stopWaiting.abort();
  }

  window.addEventListener('storage', recheck);

  return { renew, recheck };

  function renew(stored: StoredSession): Promise<void> {
    if (!isCurrent(stored)) return Promise.resolve();
    if (running?.stored.version === stored.version) return running.done;
    const stopWaiting = new AbortController();
    const renewed = locks ? refreshOnce(locks, stored, stopWaiting.signal) : refresh(stored);
    const done = renewed.finally(() => {
      if (running?.done === done) running = undefined;
    });
    running = { stored, done, stopWaiting };
    return done;
  }

  /**
   * The lock is that of one version, and outlives a refresh that succeeded: a tab's view of what is stored may lag
   * behind its locks, and who got this one in that moment would refresh again. Nobody waits for its end, since the
   * others leave the queue as soon as they see the successor.
   */
  function refreshOnce(locks: Locks, stored: StoredSession, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let waits = true;
      const request = locks.request(`signet-refresh:${stored.versionName}`, { signal }, async () => {
        waits = false;
        if (isCurrent(stored)) await refresh(stored);
        resolve();
        await new Promise((settled) => setTimeout(settled, settleMilliseconds));
      });
      request.catch((error: unknown) => (waits && signal.aborted ? resolve() : reject(error)));
    });
  }
}
