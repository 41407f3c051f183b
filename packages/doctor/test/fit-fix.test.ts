import { expect, test } from 'vitest';
import { causes } from '../src/causes/index.ts';
import type { Target } from '../src/facts.ts';
import { fitFix } from '../src/fit-fix.ts';

const target: Target = {
  api: 'https://api.example.com',
  origin: 'https://app.example.org',
  site: 'cross-site',
};

test('A line that a server is given names the origin of the page that was examined, and not the example.', () => {
  const lines = Object.values(causes)
    .flatMap(({ fix }) => fix)
    .filter((each) => each.for === 'express' || each.for === 'nginx')
    .flatMap(({ line }) => line ?? [])
    .filter((line) => line.includes('http://localhost:4100'));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const fitted = fitFix({ for: 'nginx', do: 'Do it.', line }, target).line;
    expect(fitted).toContain('https://app.example.org');
    expect(fitted).not.toContain('localhost');
  }
});

test('The line that looks for the owner of a port names the port of the address that was examined.', () => {
  const fix = { for: 'shell', do: 'See which program has the port.', line: 'lsof -i :8086' } as const;
  expect(fitFix(fix, target).line).toBe('lsof -i :443');
  expect(fitFix(fix, { ...target, api: 'http://localhost:3999' }).line).toBe('lsof -i :3999');
});

test('Lines that a person has to fill in, and fixes without a line, stay as the catalogue has them.', () => {
  const where = { for: 'signet', do: 'Name the API.', line: '{"api_url":"http://localhost:8086"}' } as const;
  expect(fitFix(where, target)).toEqual(where);
  const none = { for: 'browser', do: 'Make the forwarded port public.' } as const;
  expect(fitFix(none, target)).toEqual(none);
  const open = { for: 'express', do: 'List it.', line: "origin: ['http://localhost:4100']" } as const;
  expect(fitFix(open, { ...target, origin: 'null' })).toEqual(open);
});
