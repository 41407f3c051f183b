import { createSessions } from '../src/session/sessions.ts';

type Listener = (event: { data: unknown }) => void;

/** One browser: tabs that share a storage, locks and a channel, as tabs of one origin do. */
export function createFakeBrowser({ apiUrl, fetch }: { apiUrl: string; fetch: (request: Request) => Promise<Response> }) {
  const entries = new Map<string, string>();
  const tabs: { storageListeners: (() => void)[]; channelListeners: Listener[] }[] = [];
  const locks = createFakeLocks();
  const clock = { offsetMilliseconds: 0 };

  return {
    entries,
    /** This machine's clock; setting it wrong is what some tests are about. */
    clock,
    /** Also what a reload is: the same storage, read by a page that knows nothing yet. */
    openTab() {
      const tab = { storageListeners: [] as (() => void)[], channelListeners: [] as Listener[] };
      tabs.push(tab);
      const others = () => tabs.filter((other) => other !== tab);
      const write = (change: () => void) => {
        change();
        for (const other of others()) for (const listener of other.storageListeners) listener();
      };
      const storage: Storage = {
        get length() {
          return entries.size;
        },
        key: (index) => [...entries.keys()][index] ?? null,
        getItem: (key) => entries.get(key) ?? null,
        setItem: (key, value) => write(() => entries.set(key, value)),
        removeItem: (key) => write(() => entries.delete(key)),
        clear: () => write(() => entries.clear()),
      };
      return createSessions({
        apiUrl,
        fetch,
        storage,
        locks,
        channel: {
          postMessage: (data: unknown) => {
            for (const other of others()) for (const listener of other.channelListeners) listener({ data: structuredClone(data) });
          },
          addEventListener: (_: string, listener: unknown) => tab.channelListeners.push(listener as Listener),
        },
        window: { addEventListener: (_: string, listener: unknown) => tab.storageListeners.push(listener as () => void) },
        now: () => Date.now() + clock.offsetMilliseconds,
      });
    },
  };
}

/** Web Locks, which jsdom lacks: one holder at a time, the others in the order in which they came. */
export function createFakeLocks(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, work: () => Promise<unknown>) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { request } as Pick<LockManager, 'request'>;
}
