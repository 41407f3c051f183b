import type { Exchange } from '@signet/contracts';
import type { Handlers } from '../http/call.ts';
import type { Trace } from './trace.ts';

type TraceHandlers = Pick<Handlers, 'listExchanges'>;

/**
 * Streams the exchanges. With `after` it ends after the newest, for callers that poll; without, it goes
 * on after the one that `Last-Event-ID` names (HTML standard, section 9.2.4), which a browser sends when
 * it reconnects, or else `since`.
 */
export function createTraceHandlers({
  trace,
}: {
  trace: Pick<Trace, 'since' | 'watch'> | undefined;
}): TraceHandlers {
  return {
    listExchanges({ query: { after, since }, headers, ended }) {
      if (!trace) return iterate([]);
      if (after !== undefined) return iterate(trace.since(after));
      const last = headers['last-event-id'];
      return trace.watch(typeof last === 'string' ? last : since, ended);
    },
  };
}

async function* iterate(exchanges: readonly Exchange[]): AsyncGenerator<Exchange> {
  yield* exchanges;
}
