import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startApi } from '../start-api.ts';

test('the OpenAPI document that the API answers with is the committed one', async () => {
  const api = await startApi();
  const { status, body } = await api.send('GET', '/openapi.json');
  const committed = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
  expect([status, body]).toEqual([200, JSON.parse(committed)]);
});

test('a file that the reference page does not have is not found, and no path leads out of its folder', async () => {
  const api = await startApi();
  for (const { status, body } of [
    await api.send('GET', '/docs/nothing.js'),
    await api.send('GET', '/docs/..%2Fpackage.json'),
  ])
    expect([status, body.code]).toEqual([404, 'not_found']);
});
