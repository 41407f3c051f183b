import { expect, test } from 'vitest';
import { type Endpoint, endpoints } from '../src/index.ts';

const table = Object.entries<Endpoint>(endpoints);

test('Every endpoint that creates something has `grows`, so that a full disk refuses it before it fails.', () => {
  const created = table.filter(([, { status }]) => status === 201);
  const missing = created
    .filter(([, { grows }]) => !grows)
    .map(([key]) => `${key} answers 201: add \`grows: true\` to it in packages/contracts/src/endpoints.ts.`);
  expect(created.length).toBeGreaterThan(3);
  expect(missing).toEqual([]);
});
