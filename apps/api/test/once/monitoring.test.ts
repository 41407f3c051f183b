import { readFileSync } from 'node:fs';
import { AuditEventName, problemCodes } from '@signet/contracts';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/metrics.ts';

const read = (name: string) =>
  readFileSync(new URL(`../../../../monitoring/${name}`, import.meta.url), 'utf8');
const files = ['alerts.yml', 'dashboard.json', 'alerts.test.yml'];

async function readMetrics(): Promise<string> {
  const metrics = createMetrics({ passwords: { queue: () => ({ running: 0, waiting: 0 }) } });
  metrics.watchProcess();
  return metrics.text();
}

test.each(files)('Every metric that monitoring/%s names is in /metrics', async (name) => {
  const types = [...(await readMetrics()).matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const known = types.flatMap(([, metric = '', type]) =>
    type === 'histogram' ? ['_bucket', '_count', '_sum'].map((suffix) => metric + suffix) : [metric],
  );
  const named = [...read(name).matchAll(/\b(?:signet|nodejs|process)_\w+/g)].map(([metric]) => metric);
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((metric) => !known.includes(metric))).toEqual([]);
});

test.each(files)('Every code and event that monitoring/%s names is one of the contract', (name) => {
  const valuesOf = (label: string) =>
    [...read(name).matchAll(new RegExp(`\\b${label}=~?\\\\?"([^"\\\\]+)`, 'g'))].flatMap(([, value = '']) =>
      value.split('|'),
    );
  const codes: readonly string[] = problemCodes;
  const events: readonly string[] = AuditEventName.options;
  expect(valuesOf('code').filter((code) => !codes.includes(code))).toEqual([]);
  expect(valuesOf('event').filter((event) => !events.includes(event))).toEqual([]);
  if (name !== 'dashboard.json') expect(valuesOf('code')).toContain('internal');
  expect(valuesOf('event')).toContain('refresh_reused');
});

// Prometheus sees an increase only from one value to another, so a counter that appears with its first event hides it.
test('/metrics of a process that has just started has every code and event, as zero', async () => {
  const text = await readMetrics();
  for (const code of problemCodes) expect(text).toContain(`signet_problems_total{code="${code}"} 0\n`);
  for (const event of AuditEventName.options)
    expect(text).toContain(`signet_audit_events_total{event="${event}"} 0\n`);
});

test('Every alert has a test of its rule, once firing and once silent, and a line in docs/operations.md', () => {
  const alerts = [...read('alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, alert = '']) => alert);
  expect(alerts.length).toBeGreaterThan(5);
  const tested = [...read('alerts.test.yml').matchAll(/alertname: (\w+)/g)].map(([, alert = '']) => alert);
  const operations = read('../docs/operations.md');
  for (const alert of alerts) {
    expect(tested.filter((each) => each === alert).length, alert).toBeGreaterThan(1);
    expect(operations).toContain(`\`${alert}\``);
  }
  expect([...new Set(tested)].sort()).toEqual(alerts.sort());
});

test('The dashboard has panels of one size with titles, in two columns without a gap', () => {
  const { panels } = JSON.parse(read('dashboard.json')) as {
    panels: { title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  expect(panels.length).toBeGreaterThan(5);
  for (const [index, { title, gridPos }] of panels.entries()) {
    expect(title).not.toBe('');
    expect(gridPos).toEqual({ x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 });
  }
});
