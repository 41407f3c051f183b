import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { endpoints } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { StatementTime } from '../db/statement-time.ts';
import type { Subscriber } from '../http/observe.ts';
import { toExchange } from './exchange.ts';
import { routeOf } from './route.ts';
import type { Trace } from './trace.ts';

type RecorderDeps = {
  readonly trace: Pick<Trace, 'add' | 'isWatched' | 'nameClient'>;
  readonly statementTime: StatementTime;
  /** Every value of the access cookie in the headers. */
  readonly readTokens: (headers: IncomingHttpHeaders) => readonly string[];
  readonly clock: Pick<Clock, 'timestamp'>;
};

/**
 * Puts every request into the trace, except for those that read the trace: they would push out what is
 * looked for.
 *
 * It adds nothing to an answer and changes nothing in it, because what is watched must be as if
 * nobody watched.
 */
export function createRecorder({ trace, statementTime, readTokens, clock }: RecorderDeps) {
  const { nameClient } = trace;
  const spentOn = new WeakMap<IncomingMessage, { ms: number }>();

  const measure = (request: IncomingMessage, _response: unknown, next: () => void): void => {
    if (trace.isWatched()) {
      const spent = { ms: 0 };
      spentOn.set(request, spent);
      statementTime.measure(spent, next);
    } else next();
  };

  const recordRequest: Subscriber = (observed, exchange) => {
    if (!exchange) return;
    const { request, response } = exchange;
    // A preflight, and what a guard refuses, is answered before the request has reached its route.
    const record = { ...observed, route: observed.route ?? routeOf(observed.path) };
    if (record.route === endpoints.listExchanges.path) return;
    // Both clocks are read now: on a busy machine the subscribers before this one can take long after `record.ms`.
    const at = clock.timestamp((request.begin - performance.now()) / 1000);
    const databaseMs = spentOn.get(request)?.ms;
    trace.add((id) => toExchange({ id, at, record, request, response, nameClient, databaseMs, readTokens }));
  };

  return { measure, record: recordRequest };
}
