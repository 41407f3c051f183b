import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createRequestDurations, type DurationLabels } from '../../src/http/request-durations.ts';

const observed: readonly (readonly [DurationLabels, number])[] = [
  [{ method: 'GET', route: '/protected', status: 200 }, 0.001],
  [{ method: 'GET', route: '/protected', status: 200 }, 0.005],
  [{ method: 'GET', route: '/protected', status: 200 }, 0.3],
  [{ method: 'GET', route: '/protected', status: 401 }, 0.02],
  [{ method: 'GET', route: '/api/posts', status: 200 }, 0.5],
  [{ method: 'POST', route: '/api/posts', status: 200 }, 10],
  [{ method: 'other', route: 'none', status: 499 }, 1000],
];

test('the durations of requests are the text that a histogram of prom-client makes of the same requests', async () => {
  const ours = new Registry();
  const note = createRequestDurations(ours);
  const theirs = new Registry();
  const histogram = new Histogram({
    name: 'signet_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer. `route` is a path of the contract, or "none".',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [theirs],
  });
  const empty = await ours.metrics();
  expect(empty).toBe(await theirs.metrics());
  for (const [labels, seconds] of observed) {
    note(labels, seconds);
    histogram.observe(labels, seconds);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  expect(await ours.metrics()).toContain(
    'signet_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/protected",status="200"} 2\n',
  );
  expect(await ours.getMetricsAsJSON()).toMatchObject([{ type: 'histogram', aggregator: 'sum' }]);
});
