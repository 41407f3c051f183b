import { type Endpoint, endpoints, expandPath } from '@signet/contracts';
import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

const rows = Object.entries<Endpoint>(endpoints).map(([key, endpoint]) => ({
  key,
  ...endpoint,
  url: expandPath(endpoint.path, () => '1'),
}));

test('every endpoint that is not for anyone refuses a request without a token', async () => {
  const api = await startApi();
  const closed = rows.filter(({ access }) => access !== 'anyone');
  const answers = [];
  for (const { key, method, url } of closed) answers.push([key, (await api.send(method, url)).body.code]);
  expect(answers).toEqual(closed.map(({ key }) => [key, 'token_missing']));
});

test('every endpoint for admins refuses a user who is not an admin', async () => {
  const api = await startApi();
  const { token } = await api.signIn('niko');
  const forAdmins = rows.filter(({ access }) => access === 'admin');
  const answers = [];
  for (const { key, method, url } of forAdmins)
    answers.push([key, (await api.send(method, url, { token })).body.code]);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers).toEqual(forAdmins.map(({ key }) => [key, 'forbidden']));
});
