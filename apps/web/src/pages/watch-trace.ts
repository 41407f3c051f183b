import { Exchange, endpoints } from '@signet/contracts';
import { findLocks, openChannel } from '../browser/tabs.ts';

/** A hidden tab needs no stream, and a browser has six connections for each host. */
const hiddenMs = 60_000;

/** The API has four streams for all its readers, and ends each after ten minutes. */
const retryMs = 10_000;

/** How often the trace is read while there is no stream, and how long the first stream may take to open. */
const pollMs = 2000;

/** How the trace is read: by a stream, by asking again and again, or not at all, because the API does not answer. */
export type TraceSource = 'stream' | 'polling' | 'away';

type Watch = {
  readonly apiUrl: string;
  /** The id of the newest exchange that is known already, or `start`. */
  readonly after: string;
  /** What the trace has after the exchange of this id. */
  readonly read: (after: string) => Promise<readonly Exchange[]>;
  /** Gets each exchange after it at least once. */
  readonly onExchange: (exchange: Exchange) => void;
  readonly onSource: (source: TraceSource) => void;
};

type Message = { readonly exchange: Exchange } | { readonly source: TraceSource };

/**
 * Watches the API's trace until the returned function is called. All tabs share one stream: the tab that holds a Web
 * Lock reads it and passes each exchange on. `EventSource` needs no preflight, works signed out and resumes by
 * `Last-Event-ID`. Nothing is read while the tab is hidden for longer than a minute.
 */
export function watchTrace({ apiUrl, after, read, onExchange, onSource }: Watch): () => void {
  const channel = openChannel('signet-trace');
  let last = after;
  const take = (message: Message) => {
    if ('source' in message) return onSource(message.source);
    last = message.exchange.id;
    onExchange(message.exchange);
  };
  channel.addEventListener('message', ({ data }) => {
    // Another tab may be of an older version of this page.
    const { data: exchange } = Exchange.safeParse(data?.exchange);
    if (exchange) take({ exchange });
    else if (sources.includes(data?.source)) onSource(data.source);
  });
  const tell = (message: Message) => {
    take(message);
    channel.postMessage(message);
  };
  const catchUp = async () => {
    for (const exchange of await read(after).catch(() => [])) take({ exchange });
  };
  const lead = (signal: AbortSignal) => readAll({ apiUrl, newest: () => last, read, signal, tell });

  let reading: AbortController | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(hiding);
    if (reading) return;
    reading = new AbortController();
    const { signal } = reading;
    const locks = findLocks();
    // Rejects when the tab stops before it has become the one that reads.
    if (locks) locks.request('signet-trace', { signal }, () => lead(signal)).catch(() => undefined);
    else void lead(signal);
  };
  const stop = () => {
    reading?.abort();
    reading = undefined;
  };
  const follow = () => {
    if (document.visibilityState === 'visible') start();
    else hiding = setTimeout(stop, hiddenMs);
  };

  start();
  // What ended since `after` was read may be in no stream of another tab.
  void catchUp();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    clearTimeout(hiding);
    stop();
    channel.close();
  };
}

const sources: readonly unknown[] = ['stream', 'polling', 'away'] satisfies TraceSource[];

type Reading = Pick<Watch, 'apiUrl' | 'read'> & {
  readonly newest: () => string;
  readonly signal: AbortSignal;
  readonly tell: (message: Message) => void;
};

/**
 * Reads by a stream, and by polling while no stream opens, because all of the API's are in use or a proxy holds them
 * back. Resolves when the signal aborts.
 */
function readAll({ apiUrl, newest, read, signal, tell }: Reading): Promise<void> {
  let source: EventSource | undefined;
  let nextPoll: ReturnType<typeof setTimeout> | undefined;
  let nextStream: ReturnType<typeof setTimeout> | undefined;
  const isDone = () => signal.aborted || source?.readyState === EventSource.OPEN;
  const poll = async () => {
    const found = await read(newest()).catch(() => undefined);
    if (isDone()) return;
    for (const exchange of found ?? []) tell({ exchange });
    tell({ source: found ? 'polling' : 'away' });
    pollIn(pollMs);
  };
  const pollIn = (ms: number) => {
    clearTimeout(nextPoll);
    nextPoll = setTimeout(poll, ms);
  };
  const open = () => {
    const address = new URL(endpoints.listExchanges.path, apiUrl);
    address.searchParams.set('since', newest());
    source = new EventSource(address);
    source.onopen = () => {
      clearTimeout(nextPoll);
      tell({ source: 'stream' });
    };
    source.onmessage = ({ data }) => tell({ exchange: Exchange.parse(JSON.parse(String(data))) });
    source.onerror = () => {
      pollIn(0);
      // The browser connects again by itself unless the answer was no stream.
      if (source?.readyState === EventSource.CLOSED) nextStream = setTimeout(open, retryMs);
    };
  };
  open();
  pollIn(pollMs);
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => {
      clearTimeout(nextPoll);
      clearTimeout(nextStream);
      source?.close();
      resolve();
    }),
  );
}
