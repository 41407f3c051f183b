import { startPooler } from '@signet/rig';
import { type Api, startApi } from '../rig/api.ts';
import { type Caller, createCaller, signIn } from '../rig/calls.ts';
import { freshDatabase } from '../rig/databases.ts';
import { median } from '../rig/figures.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase } from '../rig/users.ts';
import { revocationBeside } from './revocation-beside.ts';
import { type Change, measureOne, type Times } from './revocation-time.ts';

const ends = 200;
const allowedMs = 100;
const password = '123niko';

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
  const expect = async (answer: ReturnType<Caller['call']>): Promise<undefined> => {
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
  // A pooler is of PostgreSQL only.
  const beside = pooler ? [] : await revocationBeside(stage);
  for (const [name, { others }] of beside) {
    const worst = Math.max(...others);
    claims.push(
      claim(
        worst <= allowedMs,
        `${name} beside an API on SQLite, ${others.length} times: refused within ${allowedMs} ms: median ${median(others).toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
      ),
    );
    rows.push([`${name}, SQLite`, String(others.length), median(others).toFixed(1), worst.toFixed(1)]);
  }
  return { claims, tables: [table(['change', 'times', 'median in the others, ms', 'worst, ms'], rows)] };
}
