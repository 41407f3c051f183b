import { endpoints } from '@signet/contracts';
import { expect, test } from 'vitest';
import type { RequestRecord } from '../../src/http/observe.ts';
import type { DurationLabels } from '../../src/http/request-durations.ts';
import { createRequestMetrics } from '../../src/http/request-metrics.ts';
import { recordWith } from '../request-record.ts';

/** What is measured of a request that took 1.5 s. */
function measured(members: Partial<RequestRecord>): [DurationLabels, number][] {
  const seen: [DurationLabels, number][] = [];
  createRequestMetrics((labels, seconds) => void seen.push([labels, seconds]))(
    recordWith({ route: '/protected', ms: 1500, ...members }),
  );
  return seen;
}

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'a request by %s is measured in seconds, by its method, route and status',
  (method) => {
    expect(measured({ method })).toEqual([[{ method, route: '/protected', status: 200 }, 1.5]]);
  },
);

test('a method or a path that a caller invents makes no series of its own', () => {
  expect(measured({ method: 'INVENTED', route: undefined })).toEqual([
    [{ method: 'other', route: 'none', status: 200 }, 1.5],
  ]);
});

test('a stream of events is not measured', () => {
  expect(measured({ route: endpoints.listExchanges.path })).toEqual([]);
});
