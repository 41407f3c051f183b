import { ApiError, type ProblemCode } from '@signet/contracts';
import type { Flows, StoredSession } from './flow.ts';
import type { Locks, Replacement } from './replacement.ts';
import { endingNotice } from './session-state.ts';
import type { StoredSessionWatch } from './stored-session.ts';

/** Long against the delay with which one tab sees what another stored, short against any token's lifetime. */
const settleMilliseconds = 5000;

type Dependencies = {
  flows: Flows;
  session: StoredSessionWatch;
  replacement: Replacement;
  /** Absent outside secure contexts; the API's grace window for refreshes then settles races between tabs. */
  locks: Locks | undefined;
  /** Where `storage` events arrive: what other tabs wrote. */
  window: Pick<Window, 'addEventListener'>;
};

export type Renewal = ReturnType<typeof createRenewal>;

/** Refreshes once at a time in all tabs of the browser; callers that ask during a refresh share its outcome. */
export function createRenewal({ flows, session, replacement, locks, window }: Dependencies) {
  let running:
    | { readonly stored: StoredSession; readonly done: Promise<void>; readonly stopWaiting: AbortController }
    | undefined;

  session.subscribe(stopWaitingInVain);
  window.addEventListener('storage', stopWaitingInVain);

  return { renew };

  /** Resolves once `stored` has a successor, or is no longer what is stored. Rejects with the client's errors. */
  function renew(stored: StoredSession): Promise<void> {
    if (!session.isCurrent(stored)) return Promise.resolve();
    if (running?.stored.version === stored.version) return running.done;
    const stopWaiting = new AbortController();
    const renewed = locks ? refreshOnce(locks, stored, stopWaiting.signal) : refresh(stored);
    const done = renewed.finally(() => {
      if (running?.done === done) running = undefined;
    });
    running = { stored, done, stopWaiting };
    return done;
  }

  /** Once a sign-out or another tab has replaced what is stored, there is no lock to wait for. */
  function stopWaitingInVain(): void {
    if (running && !session.isCurrent(running.stored)) running.stopWaiting.abort();
  }

  /**
   * Takes a lock that is named after one version, and keeps it for a while after the refresh: a tab may see the new
   * storage later than the free lock, and would then refresh again. This delays no caller, because the other tabs
   * leave the queue as soon as they see the successor.
   */
  function refreshOnce(locks: Locks, stored: StoredSession, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      const request = async () =>
        locks.request(`signet-refresh:${stored.versionName}`, { signal }, async () => {
          isWaiting = false;
          if (session.isCurrent(stored)) await refresh(stored);
          resolve();
          await new Promise((settled) => setTimeout(settled, settleMilliseconds));
        });
      request().catch((error: unknown) => {
        if (!isWaiting) return reject(error);
        // Where storage is forbidden, so are locks (Web Locks, section 3.1); the API's grace window has to do then.
        return resolve(signal.aborted ? undefined : refresh(stored));
      });
    });
  }

  async function refresh(stored: StoredSession) {
    try {
      await flows[stored.carrier].refresh(stored);
    } catch (error) {
      if (endingNotice(error)) await replacement.settled(stored);
      // A refresh from elsewhere ends nothing: another tab may have stored the next tokens.
      const lostRace =
        (endingNotice(error) || hasCode(error, 'refresh_elsewhere')) && !session.isCurrent(stored);
      if (lostRace) return;
      // Two refresh cookies say nothing of the session: another app may have set one, and signing in would not help.
      if (!hasCode(error, 'cookies_ambiguous')) session.endIfRefused(stored, error);
      throw error;
    } finally {
      session.reread();
    }
  }
}

function hasCode(error: unknown, code: ProblemCode): boolean {
  return error instanceof ApiError && error.problem.code === code;
}
