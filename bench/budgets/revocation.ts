import { setTimeout as delay } from 'node:timers/promises';
import { startPooler } from '@signet/rig';
import { type Api, startApi } from '../rig/api.ts';
import { type Caller, createCaller, signIn } from '../rig/calls.ts';
import { freshDatabase } from '../rig/databases.ts';
import { median } from '../rig/figures.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase } from '../rig/users.ts';

const ends = 200;
const allowedMs = 100;
const password = '123niko';

/** `others`: until a process that did not make the change refuses. */
type Times = { own: number[]; others: number[] };

/**
 * Three processes on PostgreSQL: how long after its end a session still opens something, in each of them. With `pooler`
 * they reach the server through pgbouncer in transaction mode.
 */
export async function revocation(stage: Stage, { pooler }: { pooler: boolean }): Promise<Findings> {
  const way = pooler ? 'PostgreSQL behind pgbouncer' : 'PostgreSQL';
  say(`revocation: ${ends} sessions end on one of three processes on ${way}, while all of them are asked`);
  const { env } = await freshDatabase(stage, 'PostgreSQL');
  if (pooler) {
    const { url, stop } = await startPooler(env.DATABASE_URL ?? '');
    stage.onEnd(stop);
    env.DATABASE_URL = url;
  }
  const apis: Api[] = [];
  for (let index = 0; index < 3; index += 1) apis.push(await startApi(stage, { env }));
  const [first] = apis;
  if (!first) throw new Error('There is no API');
  const askers = apis.map(({ port }) => createCaller({ port }));
  const changer = createCaller({ port: first.port });
  for (const { close } of [...askers, changer]) stage.onEnd(close);
  const admin = (await signIn(first.port)).token;
  const expect = async (answer: ReturnType<Caller['call']>) => {
    const { status, failure, text } = await answer;
    if (status >= 300 || status === 0)
      throw new Error(`The change failed: ${failure ?? `${status} ${text}`}`);
  };

  const db = openDatabase(stage, '', env.DATABASE_URL);
  const few = 40;
  const uids = await copyUser(db, 'niko', few * 2);
  const idOf = async (uid: string): Promise<number> => (await db('users').where({ uid }).first('id')).id;

  let current = '123hop';
  const changes: Record<
    string,
    { times: number; path?: string; change: (round: number) => Promise<Change> }
  > = {
    'a session ends by a sign-out': {
      times: ends,
      change: async () => {
        const { token } = await signIn(first.port, 'niko');
        return { token, make: () => expect(changer.call('DELETE', '/api/sessions/current', { token })) };
      },
    },
    'a user is deleted': {
      times: few,
      change: async (round) => {
        const uid = uids[round] ?? '';
        const { token } = await signIn(first.port, uid, password);
        const id = await idOf(uid);
        return { token, make: () => expect(changer.call('DELETE', `/api/users/${id}`, { token: admin })) };
      },
    },
    'an admin becomes a user': {
      times: few,
      path: '/api/audit',
      change: async (round) => {
        const uid = uids[few + round] ?? '';
        const id = await idOf(uid);
        const setRole = (role: string) =>
          expect(changer.call('PATCH', `/api/users/${id}`, { token: admin, body: { role } }));
        await setRole('admin');
        const { token } = await signIn(first.port, uid, password);
        return { token, make: () => setRole('user') };
      },
    },
    'a password changes': {
      times: few,
      change: async (round) => {
        const { token } = await signIn(first.port, 'hop', current);
        const body = { current_password: current, new_password: `the ${round}th password of this one` };
        current = body.new_password;
        return { token, make: () => expect(changer.call('PUT', '/api/users/me/password', { token, body })) };
      },
    },
  };

  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const [name, { times, path = '/protected', change }] of Object.entries(changes)) {
    const measured: Times = { own: [], others: [] };
    for (let round = 0; round < times; round += 1)
      await measureOne(askers, path, await change(round), measured);
    const worst = { own: Math.max(...measured.own), others: Math.max(...measured.others) };
    claims.push(
      claim(worst.own === 0, `${name}, ${times} times: its own process grants nothing after the answer`),
      claim(
        worst.others <= allowedMs,
        `${name}: the others refuse within ${allowedMs} ms: median ${median(measured.others).toFixed(0)} ms, worst ${worst.others.toFixed(0)} ms`,
      ),
    );
    rows.push([name, String(times), median(measured.others).toFixed(1), worst.others.toFixed(1)]);
  }
  return { claims, tables: [table(['change', 'times', 'median in the others, ms', 'worst, ms'], rows)] };
}

type Change = { readonly token: string; readonly make: () => Promise<void> };

/**
 * Asks all processes without a pause while the change is made. A time is that from the answer to the change until the
 * last granted request *began*: what began before the change may still be granted.
 */
async function measureOne(askers: readonly Caller[], path: string, { token, make }: Change, times: Times) {
  let changedAt = Number.POSITIVE_INFINITY;
  const lastGrants = askers.map(async ({ call }) => {
    let lastGrant = Number.NEGATIVE_INFINITY;
    for (;;) {
      const began = performance.now();
      const { status, failure } = await call('GET', path, { token });
      if (status === 0 || status >= 500) throw new Error(`GET ${path}: ${failure ?? status}`);
      if (status === 200) lastGrant = began;
      // Refused: a while longer, because a grant after a refusal would be the worst of all.
      else if (began > changedAt + 20) return lastGrant;
      if (began > changedAt + 5000) return lastGrant;
      await delay(1);
    }
  });
  const all = Promise.all(lastGrants);
  // Awaited below; until then a failure would end this process.
  all.catch(() => {});
  await delay(15);
  await make();
  changedAt = performance.now();
  const [own = 0, ...others] = (await all).map((at) => Math.max(0, at - changedAt));
  times.own.push(own);
  times.others.push(...others);
}
