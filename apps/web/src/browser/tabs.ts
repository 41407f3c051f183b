type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

/** The channel to the other tabs; where the browser has none, one that nobody hears. Storage events still arrive. */
export function openChannel(name: string): Channel {
  try {
    return new BroadcastChannel(name);
  } catch {
    return { postMessage: () => undefined, addEventListener: () => undefined, close: () => undefined };
  }
}

/** Web Locks; undefined outside secure contexts, and where the browser forbids the page to use storage. */
export function findLocks(): Pick<LockManager, 'request'> | undefined {
  try {
    // Without `navigator.locks` the getter answers undefined, which the type does not say.
    return navigator.locks as LockManager | undefined;
  } catch {
    return undefined;
  }
}
