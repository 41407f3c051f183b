import { Exchange, endpoints } from '@signet/contracts';
import { findLocks, openChannel } from '../browser/tabs.ts';

/** A hidden tab needs no stream, and a browser has six connections for each host. */
const hiddenMs = 60_000;

/** The API has four streams for all its readers, and ends each after ten minutes. */
const retryMs = 10_000;

type Watch = {
  readonly apiUrl: string;
  /** Gets each exchange at least once, those that the API still keeps among them. */
  readonly onExchange: (exchange: Exchange) => void;
};

/**
 * Watches the API's trace until the returned function is called. All tabs share one stream: the tab that holds a Web
 * Lock reads it and passes each exchange on. `EventSource` needs no preflight, works signed out and resumes by
 * `Last-Event-ID`. Nothing is read while the tab is hidden for longer than a minute.
 */
export function watchTrace({ apiUrl, onExchange }: Watch): () => void {
  const channel = openChannel('signet-trace');
  channel.addEventListener('message', ({ data }) => {
    const { data: exchange } = Exchange.safeParse(data);
    if (exchange) onExchange(exchange);
  });
  const lead = (signal: AbortSignal) =>
    readStream(apiUrl, signal, (exchange) => {
      onExchange(exchange);
      channel.postMessage(exchange);
    });

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
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    clearTimeout(hiding);
    stop();
    channel.close();
  };
}

/** Resolves when the signal aborts. A stream that was refused is asked for again. */
function readStream(
  apiUrl: string,
  signal: AbortSignal,
  onExchange: (exchange: Exchange) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(new URL(endpoints.listExchanges.path, apiUrl));
      source.onmessage = ({ data }) => onExchange(Exchange.parse(JSON.parse(String(data))));
      source.onerror = () => {
        // The browser connects again by itself unless the answer was no stream.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
      };
    };
    signal.addEventListener('abort', () => {
      clearTimeout(retry);
      source?.close();
      resolve();
    });
    open();
  });
}
