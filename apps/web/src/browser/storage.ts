/** The part of Web Storage that the app uses. */
export type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export type KeptStorage = ReturnType<typeof createKeptStorage>;

/**
 * Web Storage that never throws: what the browser refuses to keep stays in this tab's memory. The getter, reads and
 * writes may each throw (HTML standard, section 12.2: the user forbids storage, or it is full), at any time.
 */
export function createKeptStorage(open: () => Storage) {
  const memory = new Map<string, string | null>();
  /** What memory holds and the browser does not. */
  const notKept = new Set<string>();
  const listeners = new Set<() => void>();
  let keepsData = attempt(() => probe(open()));

  return {
    getItem(key: string): string | null {
      if (!notKept.has(key)) trust(attempt(() => memory.set(key, open().getItem(key))));
      return memory.get(key) ?? null;
    },
    setItem(key: string, value: string) {
      memory.set(key, value);
      const isKept = attempt(() => open().setItem(key, value));
      // The former value must not outlive its successor: a refresh token that is used twice ends the session.
      if (!isKept) attempt(() => open().removeItem(key));
      note(key, isKept);
    },
    removeItem(key: string) {
      memory.set(key, null);
      note(
        key,
        attempt(() => open().removeItem(key)),
      );
    },
    /** Whether the browser has kept everything so far; false for the rest of the tab's life once it has not. */
    keepsData: () => keepsData,
    /** Calls `listener` when `keepsData` changes, and returns a function that ends that. */
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };

  function note(key: string, isKept: boolean) {
    if (isKept) notKept.delete(key);
    else notKept.add(key);
    trust(isKept);
  }

  function trust(worked: boolean) {
    if (worked || !keepsData) return;
    keepsData = false;
    for (const listener of listeners) listener();
  }
}

/** The JSON of an entry; undefined where the text is not JSON, because anything on the origin can write there. */
export function readJson(storage: TextStore, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return undefined;
  }
}

/** A browser may offer a storage that accepts no entry at all. */
function probe(storage: Storage) {
  storage.setItem('signet-probe', '1');
  storage.removeItem('signet-probe');
}

function attempt(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
