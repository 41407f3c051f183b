import { startPostgresPair } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { startDatabaseProxy } from '../database-proxy.ts';
import { startApi } from '../start-api.ts';

const unready = { status: 503, code: 'not_ready' };

test('after a failover the same process serves the same sessions from the new primary, and never asks a standby', async () => {
  const pair = await startPostgresPair();
  onTestFinished(pair.stop);
  const proxy = await startDatabaseProxy(pair.primary.url);
  const api = await startApi({ env: { DATABASE_URL: proxy.url } });
  const { token } = await api.signIn();
  const note = { body: { note: 'Acknowledged' }, token };
  expect((await api.send('POST', '/api/posts', note)).status).toBe(201);

  // The address moves before the promotion, so that it leads to a standby for a while.
  await expect.poll(async () => (await pair.standby.query('select * from posts')).length).toBe(5);
  await pair.primary.kill();
  proxy.pointTo(pair.standby.url);
  for (const [method, path, options] of [
    ['GET', '/protected', { token }],
    // The first request of each kind finds the broken connection, and the next one opens another.
    ['GET', '/protected', { token }],
    ['POST', '/api/posts', note],
    ['POST', '/api/posts', note],
  ] as const) {
    const away = await api.send(method, path, options);
    expect(away.body).toMatchObject(unready);
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
  }

  await pair.standby.promote();
  await expect.poll(async () => (await api.send('GET', '/protected', { token })).status).toBe(200);
  expect((await api.send('POST', '/api/posts', note)).status).toBe(201);
});

test('a pool refuses connections to a standby, and opens them as soon as it is the primary', async () => {
  const pair = await startPostgresPair();
  onTestFinished(pair.stop);
  const db = connect({ engine: 'postgres', url: pair.standby.url, poolMax: 1 });
  onTestFinished(() => db.destroy());
  await expect(db.raw('select 1')).rejects.toMatchObject({ code: '25006' });
  await pair.standby.promote();
  expect((await db.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
