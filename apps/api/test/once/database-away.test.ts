import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { send, startApi } from '../start-api.ts';
import { startPostgres } from '../start-postgres.ts';

test('PostgreSQL stops and comes back: 503 while it is away, all well within seconds, and no process died', async () => {
  const postgres = await startPostgres();
  try {
    const api = await startApi({ env: { DATABASE_URL: postgres.url }, processes: 2 });
    const { token } = await api.signIn();
    await postgres.interrupt();
    const unready = { status: 503, code: 'not_ready' };
    for (const url of api.urls) {
      const away = await send(url, 'GET', '/protected', { token });
      expect(away.body).toMatchObject(unready);
      expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await send(url, 'POST', '/token', { body: { username: 'niko', password: '123niko' } })).body).toMatchObject(unready);
      expect((await send(url, 'GET', '/readyz')).body).toMatchObject(unready);
      expect((await send(url, 'GET', '/healthz')).status).toBe(200);
    }
    await postgres.resume();
    for (const url of api.urls) {
      await expect.poll(async () => (await send(url, 'GET', '/protected', { token })).status, { timeout: 5000 }).toBe(200);
      expect((await send(url, 'GET', '/readyz')).status).toBe(200);
    }
    await api.signIn();
  } finally {
    await postgres.stop();
  }
});

test('a lock that somebody else holds for three seconds makes writes wait, and reads go on', async () => {
  const api = await startApi();
  const { token, refreshToken } = await api.signIn();
  const other = await startApi({ env: { DATABASE_URL: api.databaseUrl } });
  let held = true;
  const holding = other.db.transaction(async (trx) => {
    await trx('users').where({ id: 4 }).update({ name: 'Grace' });
    await delay(3000);
    held = false;
  });
  await delay(100);
  const write = api.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } });
  expect((await api.send('GET', '/protected', { token })).status).toBe(200);
  expect(held).toBe(true);
  expect((await write).status).toBe(200);
  await holding;
});
