import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, type PostgresServer, startPooler, startPostgresPair } from '@signet/rig';
import { startNginx } from '../../apps/e2e/test/start-nginx.ts';
import { startApi } from '../rig/api.ts';
import { isRefusalForNow, json } from '../rig/calls.ts';
import { percentile, tally } from '../rig/figures.ts';
import { runProxy } from '../rig/haproxy.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { type Sent, startSteadyLoad } from '../rig/steady-load.ts';
import { signInNewUsers } from '../rig/users.ts';

const perSecond = 150;
const users = 80;

/** How long a primary is missing before the standby is promoted, because what watches the servers must be sure. */
const suspicionMs = 2000;
const quietMs = 3000;
const wellAgainMs = 10_000;
/** Within this time haproxy notices the new primary; what fails later is worth a line of its own. */
const noticeMs = 1500;

/** When a primary stopped serving, and when the next one began. */
type Outage = { readonly began: number; readonly ended: number };

type Scene = Awaited<ReturnType<typeof setUp>>;

type Scenario = {
  readonly name: string;
  readonly rounds: number;
  readonly isSynchronous: boolean;
  readonly through: 'haproxy' | 'pgbouncer';
  /** Replaces the primary. The old one must not run afterwards. */
  readonly replace: (scene: Scene, primary: PostgresServer, standby: PostgresServer) => Promise<Outage>;
};

/**
 * The primary of PostgreSQL is replaced under load by its standby, and comes back as the standby of that one. Three API
 * processes behind nginx reach it through haproxy, or for a planned switch-over through pgbouncer.
 */
export async function failover(stage: Stage, { only = '' }: { only?: string }): Promise<Findings> {
  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
    say(`failover: ${perSecond} requests a second, ${scenario.name}, ${scenario.rounds} times`);
    const scene = await setUp(stage, scenario);
    const outages: Outage[] = [];
    let [primary, standby] = [scene.pair.primary, scene.pair.standby];
    const load = startSteadyLoad(scene.port, { perSecond, tokens: scene.tokens });
    for (let round = 1; round <= scenario.rounds; round += 1) {
      await delay(quietMs);
      outages.push(await scenario.replace(scene, primary, standby));
      await delay(quietMs);
      await scene.pair.follow(primary, standby);
      [primary, standby] = [standby, primary];
    }
    await delay(quietMs);
    const sent = await load.stop();
    const lost = await missingPosts(sent, primary);
    const judged = judge(scenario, { sent, outages, lost });
    claims.push(
      ...judged.claims,
      claim(
        scene.apis.every((api) => !api.hasEnded()),
        'no API process ended',
      ),
    );
    rows.push(judged.row);
    await scene.end();
  }
  const head = [
    'the primary',
    'requests',
    'failed',
    'acknowledged writes',
    'of them lost',
    'without a primary, s (worst)',
    'last failure after that, s (worst)',
    'slowest success, s',
  ];
  const figures = table(head, rows);
  say(figures);
  return { claims, tables: [figures] };
}

const killed: Scenario['replace'] = async ({ pair }, primary, standby) => {
  const began = performance.now();
  await primary.kill();
  await delay(suspicionMs);
  await standby.promote();
  await pair.standAlone(standby);
  return { began, ended: performance.now() };
};

const frozen: Scenario['replace'] = async ({ pair }, primary, standby) => {
  const began = performance.now();
  await primary.freeze();
  await delay(suspicionMs);
  // Fencing: a primary that came back to life beside the new one would acknowledge writes that are lost.
  await primary.kill();
  await standby.promote();
  await pair.standAlone(standby);
  return { began, ended: performance.now() };
};

const switchedOver: Scenario['replace'] = async ({ pair, pooler }, primary, standby) => {
  if (!pooler) throw new Error('A switch-over needs the pooler');
  // Writes now most of what the shutdown would have to write during the pause.
  await primary.query('checkpoint');
  const began = performance.now();
  await pooler.pause();
  await primary.stop();
  await standby.promote();
  await pair.standAlone(standby);
  await pooler.pointTo(standby.url);
  await pooler.resume();
  return { began, ended: performance.now() };
};

const scenarios: readonly Scenario[] = [
  {
    name: 'kill -9, synchronous standby',
    rounds: 10,
    isSynchronous: true,
    through: 'haproxy',
    replace: killed,
  },
  {
    name: 'frozen, synchronous standby',
    rounds: 3,
    isSynchronous: true,
    through: 'haproxy',
    replace: frozen,
  },
  {
    name: 'kill -9, asynchronous standby',
    rounds: 3,
    isSynchronous: false,
    through: 'haproxy',
    replace: killed,
  },
  {
    name: 'planned switch-over',
    rounds: 5,
    isSynchronous: true,
    through: 'pgbouncer',
    replace: switchedOver,
  },
];

async function setUp(stage: Stage, { isSynchronous, through }: Scenario) {
  const pair = await startPostgresPair({ isSynchronous, isDurable: true });
  stage.onEnd(pair.stop);
  const pooler = through === 'pgbouncer' ? await startPooler(pair.primary.url) : undefined;
  if (pooler) stage.onEnd(pooler.stop);
  const proxied = async () =>
    `postgres://signet@127.0.0.1:${await runProxy(stage, [pair.primary, pair.standby])}/postgres`;
  const env = {
    DATABASE_URL: pooler?.url ?? (await proxied()),
    SECRET_KEY: randomBytes(48).toString('base64url'),
    TRUST_PROXY: '1',
  };
  const apis = [
    await startApi(stage, { env }),
    await startApi(stage, { env }),
    await startApi(stage, { env }),
  ];
  const [webPort = 0, port = 0] = await freePorts(2);
  const apiServers = apis.map((api) => `127.0.0.1:${api.port}`).join(' ');
  const nginx = await startNginx({ webPort, apiPort: port, apiServers });
  stage.onEnd(nginx.stop);
  // Not through nginx, which lets one address sign in ten times a second.
  const tokens = await signInNewUsers(apis[0]?.port ?? 0, users);
  return {
    pair,
    pooler,
    apis,
    port,
    tokens,
    end: async () => {
      await nginx.stop();
      for (const api of apis) await api.end('SIGTERM');
    },
  };
}

type Seen = { readonly sent: readonly Sent[]; readonly outages: readonly Outage[]; readonly lost: number };

function judge({ name, isSynchronous, through }: Scenario, { sent, outages, lost }: Seen) {
  const failed = sent.filter(({ answer }) => answer.status === 0 || answer.status >= 500);
  const impolite = failed.filter(({ answer }) => !isRefusalForNow(answer));
  const signedOut = sent.filter(({ answer }) => answer.status === 401);
  const acknowledged = sent.filter(({ kind, answer }) => kind === 'write' && answer.status === 201);
  const succeeded = sent.filter(({ answer }) => answer.status < 400 && answer.status > 0);
  /** For each outage, how long after its end a request was sent that failed. */
  const trailing = outages.map(({ ended }, index) => {
    const next = outages[index + 1]?.began ?? Number.POSITIVE_INFINITY;
    // What was in progress when the next primary died belongs to that outage.
    const after = failed.filter(({ at, answer }) => at > ended && at + answer.ms < next);
    const late = after.filter(({ at }) => at > ended + noticeMs);
    if (late.length > 0) say(`  more than ${noticeMs} ms after outage ${index + 1}: ${describe(late)}`);
    return Math.max(0, ...after.map(({ at }) => at - ended));
  });
  const unexplained = failed.filter(
    ({ at, answer }) =>
      !outages.some(({ began, ended }) => at + answer.ms >= began && at <= ended + wellAgainMs),
  );
  say(`  ${sent.length} requests: ${tally(sent.map(({ kind, answer }) => `${kind} ${answer.status}`))}`);
  const claims = [
    claim(impolite.length === 0, `each failure is 503 with Retry-After; others: ${describe(impolite)}`),
    claim(unexplained.length === 0, `nothing fails before an outage; failed: ${describe(unexplained)}`),
    claim(
      trailing.every((ms) => ms <= wellAgainMs),
      `last failure after the next primary serves: ${trailing.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    ),
    claim(signedOut.length === 0, `nobody is signed out; 401: ${signedOut.length}`),
  ];
  const loss = `acknowledged writes: ${acknowledged.length}, lost: ${lost}`;
  if (isSynchronous) claims.push(claim(lost === 0, loss));
  else say(`  ${loss}`);
  if (through === 'pgbouncer') claims.push(claim(failed.length === 0, `nothing fails: ${describe(failed)}`));
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  const row = [
    name,
    String(sent.length),
    String(failed.length),
    String(acknowledged.length),
    String(lost),
    seconds(Math.max(...outages.map(({ began, ended }) => ended - began))),
    seconds(Math.max(...trailing)),
    seconds(
      percentile(
        succeeded.map(({ answer }) => answer.ms),
        1,
      ),
    ),
  ];
  return { claims, row };
}

function describe(sent: readonly Sent[]): string {
  return tally(
    sent.map(({ kind, answer }) => `${kind} ${answer.status} ${answer.failure ?? codeIn(answer.text)}`),
  );
}

function codeIn(text: string): string {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 60);
}

/** How many acknowledged posts the present primary does not have. */
async function missingPosts(sent: readonly Sent[], primary: PostgresServer): Promise<number> {
  const stored = new Set((await primary.query('select id from posts')).map(({ id }) => Number(id)));
  return sent
    .filter(({ kind, answer }) => kind === 'write' && answer.status === 201)
    .filter(({ answer }) => !stored.has(json<{ id: number }>(answer).id)).length;
}
