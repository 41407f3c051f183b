import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

const day = 86_400;
const tables = ['users', 'posts', 'images', 'players', 'sessions', 'limits', 'audit_events'] as const;

type Api = Awaited<ReturnType<typeof startApi>>;
type Rows = Record<(typeof tables)[number], Record<string, unknown>[]>;

/** Every row of every table, in an order that does not depend on the engine. */
async function readAll({ db }: Api): Promise<Rows> {
  const entries = tables.map(async (table) => {
    const rows: Record<string, unknown>[] = await db(table).select();
    return [table, rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Fails to sign in once, which leaves rows in `limits`. */
const failToSignIn = (api: Api, username: string) =>
  api.send('POST', '/token', { body: { username, password: 'not the password' } });

test('the sweep removes the limits whose window has ended, and no other row', async () => {
  const api = await startApi();
  const begin = Date.parse('2030-01-01T00:00:00Z');
  api.stopClock(begin);
  await failToSignIn(api, 'niko');
  const early = new Set((await readAll(api)).limits.map(({ key }) => key));
  api.advance(600);
  await failToSignIn(api, 'lex');
  const before = await readAll(api);

  api.advance(299);
  await api.sweep();
  expect(await readAll(api)).toEqual(before);

  api.advance(1);
  await api.sweep();
  const after = await readAll(api);
  expect(after).toEqual({ ...before, limits: before.limits.filter(({ key }) => !early.has(key)) });
  expect(early.size).toBeGreaterThan(0);
  expect(after.limits.length).toBeGreaterThan(0);
});

test('the sweep removes the sessions that ran out longer ago than any session lives, and no other row', async () => {
  const api = await startApi({ env: { SESSION_IDLE_SECONDS: `${day}`, SESSION_MAX_SECONDS: `${10 * day}` } });
  api.stopClock(Date.parse('2030-01-01T00:00:00Z'));
  await api.signIn('niko');
  const [oldest] = (await readAll(api)).sessions;
  api.advance(60);
  await api.signIn('toby');
  const { token } = await api.signIn('niko');
  await api.send('DELETE', '/api/sessions/current', { token });
  // The rows of `limits` run out first; they are out of the way before anything is compared.
  api.advance(day - 60);
  await api.sweep();
  const before = await readAll(api);
  expect(before).toMatchObject({ limits: [], sessions: [{}, {}, {}] });

  api.advance(10 * day);
  await api.sweep();
  expect(await readAll(api)).toEqual(before);

  api.advance(1);
  await api.sweep();
  expect(await readAll(api)).toEqual({
    ...before,
    sessions: before.sessions.filter(({ id }) => id !== oldest?.id),
  });
});
