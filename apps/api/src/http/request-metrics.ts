import { endpoints } from '@signet/contracts';
import type { Subscriber } from './observe.ts';
import type { DurationLabels } from './request-durations.ts';

type Observe = (labels: DurationLabels, seconds: number) => void;

/**
 * Measures every request from its head to the end of its answer; a stream of events lasts for as long as
 * its reader likes, so it is not measured.
 */
export function createRequestMetrics(observe: Observe): Subscriber {
  return ({ method, route = 'none', status, ms }) => {
    if (streams.has(route)) return;
    observe({ method: knownMethods.has(method) ? method : 'other', route, status }, ms / 1000);
  };
}

const streams: ReadonlySet<string> = new Set(
  Object.values(endpoints).flatMap(({ answer, path }) => (answer.kind === 'events' ? [path] : [])),
);

/** Any other method is counted as one, or callers could create a time series with each name they invent. */
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
