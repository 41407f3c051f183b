import { expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createPrincipalStore } from '../src/sessions/principal-store.ts';
import { type Api, engine, startApi } from './start-api.ts';

const storeOf = ({ reader }: Api, allowDemoUsers = true) =>
  createPrincipalStore({ reader, clock: createClock(Date.now), allowDemoUsers, giveUpMs: 10_000 });

/** niko and hop, signed in, with the ids of their sessions. */
async function withTwo() {
  const api = await startApi();
  const [niko, hop] = [await api.signIn('niko'), await api.signIn('hop')];
  const idOf = async (user_id: number): Promise<string> =>
    (await api.db('sessions').where({ user_id }).first('id')).id;
  return { api, niko: { ...niko, id: await idOf(2) }, hop: { ...hop, id: await idOf(4) } };
}

test('the principals of live sessions are loaded, and none for another id', async () => {
  const { api, niko, hop } = await withTwo();
  await api.db('sessions').where({ id: hop.id }).update({ ended_at: new Date().toISOString() });
  const { loaded } = await storeOf(api).load([niko.id, hop.id, 'unknown']);
  expect(loaded).toEqual([
    {
      principal: { user_id: 2, uid: 'niko', role: 'user', session_id: niko.id, carrier: 'bearer' },
      expires_at: expect.stringMatching(/^\d{4}-.+Z$/),
    },
  ]);
});

test('the principals of demo users are loaded only where those may have sessions', async () => {
  const { api, niko, hop } = await withTwo();
  await api.db('users').where({ id: 2 }).update({ is_demo: false });
  const { loaded } = await storeOf(api, false).load([niko.id, hop.id]);
  expect(loaded.map(({ principal }) => principal.uid)).toEqual(['niko']);
});

test('a version comes also where no session is live, with a mark of its own', async () => {
  const { api } = await withTwo();
  const { version, loaded } = await storeOf(api).load(['unknown']);
  expect(loaded).toEqual([]);
  expect(version.number).toEqual(expect.any(Number));
  // On PostgreSQL with the start of the server, in seconds since the epoch.
  expect(version.mark).toMatch(engine === 'postgres' ? /^\S+ \d{10}(\.\d+)?$/ : /^\S+$/);
});

test('the changes since a version are those that followed, in order and at most so many', async () => {
  const { api, niko, hop } = await withTwo();
  const store = storeOf(api);
  const { version } = await store.load([]);
  await api.send('DELETE', '/api/sessions/current', { token: hop.token });
  await api.send('PATCH', '/api/users/2', {
    token: niko.token,
    body: { uid: 'nikola', current_password: '123niko' },
  });
  const { version: after } = await store.load([]);
  const changes = await store.changesSince(version.number + 1, 10);
  expect(changes).toEqual([
    { number: version.number + 1, mark: expect.any(String), session_id: hop.id, user_id: null },
    { ...after, session_id: null, user_id: 2 },
  ]);
  expect(after.number).toBe(version.number + 2);
  expect(new Set([version.mark, ...changes.map(({ mark }) => mark)]).size).toBe(3);
  expect(await store.changesSince(version.number + 1, 1)).toEqual(changes.slice(0, 1));
  expect(await store.changesSince(after.number, 10)).toEqual(changes.slice(1));
});
