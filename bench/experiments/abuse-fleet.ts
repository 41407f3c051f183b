import { startApi } from '../rig/api.ts';
import { type Answer, type Caller, createCaller, json } from '../rig/calls.ts';
import { type Engine, freshDatabase } from '../rig/databases.ts';
import { percentile, tally } from '../rig/figures.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase, password } from '../rig/users.ts';

const tabs = 5;
/** So many users are active at a time. Each sign-in needs a hash. */
const usersAtOnce = 16;
const rounds = 2;

type Tokens = { token: string; refresh_token: string };

/** Many users behind one address, with five tabs each, which all renew the session at the same time. */
export async function welcomeFleet(stage: Stage, engine: Engine, fleet: number): Promise<Claim[]> {
  say(`abuse: ${fleet} honest users behind one address, ${tabs} tabs each, on ${engine}`);
  const { env, folder } = await freshDatabase(stage, engine);
  const api = await startApi(stage, { env, folder });
  const { call, close } = createCaller({ port: api.port });
  await call('POST', '/api/users/signup', { body: { name: 'User', uid: 'user', password } });
  close();
  const uids = await copyUser(openDatabase(stage, folder, env.DATABASE_URL), 'user', fleet);

  const answers = { 'sign-in': [] as Answer[], refresh: [] as Answer[], reads: [] as Answer[] };
  let forked = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: usersAtOnce }, visitAll));
  const spent = (performance.now() - began) / 1000;
  await api.end('SIGTERM');

  const expected = { 'sign-in': fleet, refresh: fleet * tabs * rounds, reads: fleet * tabs * rounds };
  say(`  ${spent.toFixed(0)} s`);
  return [
    ...Object.entries(expected).map(([name, count]) => {
      const all = answers[name as keyof typeof answers];
      const outcomes = tally(all.map(({ status, failure }) => failure ?? status));
      const p99 = percentile(
        all.map(({ ms }) => ms),
        0.99,
      ).toFixed(0);
      const isGood = all.length === count && all.every(({ status }) => status === 200);
      return claim(isGood, `${engine}: every ${name} of ${count} is granted: ${outcomes}; p99 ${p99} ms`);
    }),
    claim(forked === 0, `${engine}: the tabs of a user get the same successor: ${forked} did not`),
  ];

  async function visitAll(): Promise<void> {
    for (let uid = uids.pop(); uid !== undefined; uid = uids.pop()) {
      const callers = Array.from({ length: tabs }, () => createCaller({ port: api.port }));
      await visit(uid, callers);
      for (const { close: closeTab } of callers) closeTab();
    }
  }

  async function visit(username: string, callers: readonly Caller[]): Promise<void> {
    const signedIn = await callers[0]?.call('POST', '/token', { body: { username, password } });
    if (!signedIn) return;
    answers['sign-in'].push(signedIn);
    if (signedIn.status !== 200) return;
    let { refresh_token } = json<Tokens>(signedIn);
    for (let round = 0; round < rounds; round += 1) {
      const body = { refresh_token };
      const renewed = await Promise.all(
        callers.map((tab) => tab.call('POST', '/api/sessions/refresh', { body })),
      );
      answers.refresh.push(...renewed);
      const good = renewed.filter(({ status }) => status === 200).map((answer) => json<Tokens>(answer));
      const [first] = good;
      if (!first) return;
      if (good.some((each) => each.refresh_token !== first.refresh_token)) forked += 1;
      refresh_token = first.refresh_token;
      const read = callers.map((tab) => tab.call('GET', '/protected', { token: first.token }));
      answers.reads.push(...(await Promise.all(read)));
    }
  }
}
