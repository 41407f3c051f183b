import type { StoredSession } from './flow.ts';

export type Locks = Pick<LockManager, 'request'>;

export type Replacement = ReturnType<typeof createReplacement>;

/**
 * While one tab changes the password, the API ends the session that every tab uses. The tabs that learn of it first
 * wait for the new session instead of signing out.
 */
export function createReplacement({ locks }: { locks: Locks | undefined }) {
  const nameFor = ({ ownerId }: StoredSession) => `signet-password:${ownerId}`;
  let running: Promise<unknown> | undefined;

  return {
    async hold<Result>(stored: StoredSession, work: () => Promise<Result>): Promise<Result> {
      const held = locks ? locks.request(nameFor(stored), {}, work) : work();
      running = held.catch(() => undefined);
      return held;
    },
    /** Resolves once no tab is changing the password of this session's user. */
    async settled(stored: StoredSession): Promise<void> {
      if (locks) await locks.request(nameFor(stored), {}, async () => undefined);
      else await running;
    },
  };
}
