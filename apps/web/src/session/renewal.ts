import type { Held } from './session.ts';

export type Locks = Pick<LockManager, 'request'>;

type Dependencies = {
  /** Absent outside secure contexts; the API's grace period for refreshes then settles the races between tabs. */
  locks: Locks | undefined;
  /** Finds out, once it has the lock, whether there is still something to do. */
  refresh: (held: Held) => Promise<void>;
};

/** One refresh at a time in all tabs of the browser; whoever asks for what is already running shares its outcome. */
export function createRenewal({ locks, refresh }: Dependencies) {
  let running: { readonly version: string; readonly done: Promise<void> } | undefined;

  return (held: Held): Promise<void> => {
    if (running?.version === held.version) return running.done;
    const start = () => refresh(held);
    const done = (locks ? Promise.resolve(locks.request('signet-refresh', start)) : start()).finally(() => {
      if (running?.done === done) running = undefined;
    });
    running = { version: held.version, done };
    return done;
  };
}
