import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

test('a bearer token opens /protected', async () => {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  expect((await api.send('GET', '/protected', { token })).body).toEqual({ id: 1, username: 'toby' });
});
