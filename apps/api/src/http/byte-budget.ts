import { AppError } from '../errors.ts';

type Sizes = {
  /** Bytes for all callers together. */
  readonly total: number;
  /** Bytes for one caller. */
  readonly each: number;
  /** How long a caller waits for room before the refusal. */
  readonly patienceMs?: number;
};

type Waiting = { readonly caller: string; readonly bytes: number; readonly grant: () => void };

export type ByteBudget = ReturnType<typeof createByteBudget>;

/** Of the total, callers who already hold much may use so much: the rest is for those who hold little. */
const shareOfHeavy = 0.7;

/**
 * Those who wait cost a connection each, and a list that is searched; beyond this many a caller is refused
 * at once.
 */
const mostWaiting = { total: 2000, each: 400 };

/**
 * Bounds the memory that bodies or answers take up at once, for each caller and for the process, because
 * the sender of a body and the reader of an answer decide how long it stays there (CWE-770; OWASP ASVS
 * 5.0, 15.2.2).
 */
export function createByteBudget({ total, each, patienceMs = 10_000 }: Sizes) {
  const heldBy = new Map<string, number>();
  const waiting = new Set<Waiting>();
  let held = 0;

  return {
    /**
     * Resolves when the caller may hold so many bytes more, with a function that gives them back. Throws
     * `overloaded` if there is no room in time.
     */
    async take(caller: string, bytes: number): Promise<() => void> {
      if (!hasRoom(caller, bytes)) await room(caller, bytes);
      else hold(caller, bytes);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        hold(caller, -bytes);
        for (const each of waiting) if (hasRoom(each.caller, each.bytes)) each.grant();
      };
    },

    held: (): number => held,
  };

  /** What alone is larger than a caller's share passes while the caller holds nothing else. */
  function hasRoom(caller: string, bytes: number): boolean {
    const own = heldBy.get(caller) ?? 0;
    if (own > 0 && own + bytes > each) return false;
    const isHeavy = own + bytes > each / 4;
    return held === 0 || held + bytes <= (isHeavy ? total * shareOfHeavy : total);
  }

  function hold(caller: string, bytes: number): void {
    held += bytes;
    const own = (heldBy.get(caller) ?? 0) + bytes;
    if (own > 0) heldBy.set(caller, own);
    else heldBy.delete(caller);
  }

  function room(caller: string, bytes: number): Promise<void> {
    const own = [...waiting].filter((other) => other.caller === caller).length;
    if (waiting.size >= mostWaiting.total || own >= mostWaiting.each) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const entry = {
        caller,
        bytes,
        grant: () => {
          clearTimeout(timer);
          waiting.delete(entry);
          // Before the caller runs again, so that the next one in line sees it.
          hold(caller, bytes);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(overloaded());
      }, patienceMs);
      waiting.add(entry);
    });
  }
}

function overloaded(): AppError {
  return new AppError('overloaded', { retryAfterSeconds: 5 });
}
