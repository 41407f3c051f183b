import { createKeptStorage } from '../src/browser/storage.ts';
import { createAuthClient } from '../src/session/auth-client.ts';

type Listener = (event: { data: unknown }) => void;
type Write = { readonly key: string; readonly previous: string | null };
type Tab = { storageListeners: (() => void)[]; channelListeners: Listener[]; unseen: Write[] };

/** One browser whose tabs share storage, locks and a channel, as tabs of one origin do. */
export function createFakeBrowser({
  apiUrl,
  fetch,
}: {
  apiUrl: string;
  fetch: (request: Request) => Promise<Response>;
}) {
  const entries = new Map<string, string>();
  const tabs: Tab[] = [];
  const locks = createFakeLocks();
  const clock = { offsetMilliseconds: 0 };
  const storageDelay = { milliseconds: 0 };

  return {
    entries,
    /** This machine's clock, which some tests set wrong. */
    clock,
    /**
     * How late a tab sees what another one writes. No browser orders that
     * relative to locks, answers or messages.
     */
    storageDelay,
    /** A reload is the same: a new page on the same storage. */
    openTab() {
      const tab: Tab = { storageListeners: [], channelListeners: [], unseen: [] };
      tabs.push(tab);
      const others = () => tabs.filter((other) => other !== tab);
      const read = (key: string) =>
        tab.unseen.find((write) => write.key === key)?.previous ?? entries.get(key) ?? null;
      const write = (key: string, change: () => void) => {
        const unseen = { key, previous: entries.get(key) ?? null };
        change();
        for (const other of others()) {
          const see = () => {
            other.unseen = other.unseen.filter((each) => each !== unseen);
            for (const listener of other.storageListeners) listener();
          };
          if (storageDelay.milliseconds === 0) {
            see();
            continue;
          }
          other.unseen.push(unseen);
          setTimeout(see, storageDelay.milliseconds);
        }
      };
      return createAuthClient({
        apiUrl,
        fetch,
        storage: createKeptStorage(() => ({
          get length() {
            return entries.size;
          },
          key: (index) => [...entries.keys()][index] ?? null,
          getItem: read,
          setItem: (key, value) => write(key, () => entries.set(key, value)),
          removeItem: (key) => write(key, () => entries.delete(key)),
          clear: () => {
            for (const key of [...entries.keys()]) write(key, () => entries.delete(key));
          },
        })),
        tabStorage: createKeptStorage(() => sessionStorage),
        locks,
        channel: {
          postMessage: (data: unknown) => {
            for (const other of others())
              for (const listener of other.channelListeners) listener({ data: structuredClone(data) });
          },
          addEventListener: (_: string, listener: unknown) => tab.channelListeners.push(listener as Listener),
        },
        window: {
          addEventListener: (_: string, listener: unknown) =>
            tab.storageListeners.push(listener as () => void),
        },
        now: () => Date.now() + clock.offsetMilliseconds,
      });
    },
  };
}

/** Web Locks, which jsdom does not have: one holder per name, the others wait in order. */
export function createFakeLocks(): Pick<LockManager, 'request'> {
  const last = new Map<string, Promise<unknown>>();
  const request = (name: string, { signal }: { signal?: AbortSignal }, work: () => Promise<unknown>) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(() => {
      signal?.throwIfAborted();
      granted = true;
      return work();
    });
    let granted = false;
    last.set(
      name,
      turn.catch(() => undefined),
    );
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => !granted && reject(signal.reason));
    });
    return Promise.race([turn, aborted]);
  };
  return { request } as Pick<LockManager, 'request'>;
}
