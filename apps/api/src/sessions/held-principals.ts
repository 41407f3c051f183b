import type { Principal } from '../http/call.ts';
import type { LoadedPrincipal } from './principal-store.ts';

/** `loadedAt` in milliseconds by the monotonic clock. */
type Held = LoadedPrincipal & { readonly loadedAt: number };

/** With the longest user ids these are about 10 MB. */
const mostSessions = 20_000;
const mostCharacters = 4_000_000;

/** A change that no trigger notes, because somebody removed the trigger, is still seen after this time. */
const longestMs = 60_000;

/** Principals by their session, a bounded number of them: the ones loaded first leave first. */
export function createHeldPrincipals() {
  const bySession = new Map<string, Held>();
  const sessionsOf = new Map<number, Set<string>>();
  let characters = 0;

  return {
    /** Undefined also for a session that has expired by `now` (in ISO 8601), or that was loaded long ago. */
    find(session_id: string, now: string): Principal | undefined {
      const held = bySession.get(session_id);
      if (!held || held.expires_at <= now || performance.now() - held.loadedAt > longestMs) return undefined;
      return held.principal;
    },

    add(held: Held): void {
      const { session_id, user_id } = held.principal;
      drop(session_id);
      bySession.set(session_id, held);
      const sessions = sessionsOf.get(user_id) ?? new Set();
      sessionsOf.set(user_id, sessions.add(session_id));
      characters += sizeOf(held);
      for (const oldest of bySession.keys()) {
        if (bySession.size <= mostSessions && characters <= mostCharacters) break;
        drop(oldest);
      }
    },

    drop,

    dropUser(user_id: number): void {
      for (const session_id of sessionsOf.get(user_id) ?? []) drop(session_id);
    },

    clear(): void {
      bySession.clear();
      sessionsOf.clear();
      characters = 0;
    },
  };

  function drop(session_id: string): void {
    const held = bySession.get(session_id);
    if (!held) return;
    bySession.delete(session_id);
    characters -= sizeOf(held);
    const { user_id } = held.principal;
    const sessions = sessionsOf.get(user_id);
    sessions?.delete(session_id);
    if (sessions?.size === 0) sessionsOf.delete(user_id);
  }
}

function sizeOf({ principal: { uid, session_id } }: Held): number {
  return uid.length + 2 * session_id.length;
}
