import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres, waitForOutput } from '@signet/rig';
import { runScript, startApi, temporaryFolder } from '../rig/api.ts';
import { type Blast, blast, type Target } from '../rig/blast.ts';
import { createCaller, signIn } from '../rig/calls.ts';
import { median } from '../rig/figures.ts';
import { startFlask } from '../rig/flask.ts';
import { type Node, prepareNodes } from '../rig/nodes.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import { createStage, type Stage } from '../rig/stage.ts';

const seconds = 1.5;
const path = '/protected';
/** Contenders with the duties grant CORS to this page. */
const origin = 'https://app.example.org';

/** As in a deployment: on one's own machine the API keeps a trace of all requests as well. */
const deployed = { WEB_ORIGINS: origin, ALLOWED_HOSTS: 'api.example.org', COOKIE_PROFILE: 'same-site' };
const user = { name: 'Toby', uid: 'toby-of-bench', password: 'a password of this measurement' };

const names = {
  nodeHttp: 'node:http, the same JSON',
  express: 'stock Express, the same JSON',
  usual: 'Express with the same duties by the usual packages',
  fastify: 'Fastify with the same duties',
  passport: 'passport-jwt, knex, sqlite3',
  betterAuth: 'better-auth',
  flask: 'the Flask app under gunicorn, 2 workers',
  sqlite: 'Signet on SQLite',
  postgres: 'Signet on PostgreSQL',
  ownMachine: "Signet on SQLite, on one's own machine, with its trace",
} as const;
type Name = keyof typeof names;
type Blasts = Partial<Record<Name, Blast[]>>;

/** Compares GET /protected with the same JSON, and the same duties, on other foundations, on each supported Node. */
export async function contenders(outer: Stage, { rounds }: { rounds: number }): Promise<Findings> {
  say(`contenders: GET ${path} by bearer, ${rounds} rounds of ${seconds} s each, in turn`);
  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const node of prepareNodes()) {
    say(`  Node ${node.version}`);
    const blasts = await measure(outer, node, rounds);
    for (const [name, each] of Object.entries(blasts) as [Name, Blast[]][]) {
      const row = rowOf(each);
      say(`    ${names[name].padEnd(52)} ${row.join('  ')}`);
      rows.push([node.version, names[name], ...row]);
    }
    claims.push(...judge(node, blasts));
  }
  const head = [
    'Node',
    'contender',
    'CPU a request, µs',
    'requests a second',
    'p50, ms',
    'p99, ms',
    'memory, MB',
  ];
  return { claims, tables: [table(head, rows)] };
}

/** All contenders on one Node, started before the first round, so that each round meets them in the same state. */
async function measure(outer: Stage, node: Node, rounds: number): Promise<Blasts> {
  const stage = createStage();
  // An interrupted run clears the outer stage only.
  outer.onEnd(stage.clear);
  try {
    const targets = await start(stage, node);
    const blasts: Blasts = {};
    for (const target of Object.values(targets)) await blast(target, seconds);
    for (let round = 0; round < rounds; round += 1)
      for (const [name, target] of Object.entries(targets) as [Name, Target][])
        blasts[name] = [...(blasts[name] ?? []), await blast(target, seconds)];
    return blasts;
  } finally {
    await stage.clear();
  }
}

async function start(stage: Stage, node: Node): Promise<Partial<Record<Name, Target>>> {
  const rival = (name: string) => startRival(stage, node, name);
  const postgres = await startPostgres();
  stage.onEnd(postgres.stop);
  const key = { DATABASE_URL: postgres.url, SECRET_KEY: randomBytes(48).toString('base64url') };
  return {
    nodeHttp: await rival('node-http'),
    express: await rival('bare-express'),
    usual: await rival('usual-express'),
    fastify: await rival('fastify'),
    passport: await rival('passport'),
    betterAuth: await rival('better-auth'),
    // Python's speed does not depend on the Node, but ratios hold within one run only.
    flask: { ...(await startFlask(stage)), path, origin },
    sqlite: await startSignet(stage, node, deployed),
    postgres: await startSignet(stage, node, { ...deployed, ...key }),
    ownMachine: await startSignet(stage, node, { WEB_ORIGINS: 'http://localhost:4100' }),
  };
}

async function startSignet(stage: Stage, { program }: Node, env: Record<string, string>): Promise<Target> {
  const { pid, port } = await startApi(stage, { env, node: program });
  // A deployment has no demo users.
  const { call, close } = createCaller({ port });
  const { status, text } = await call('POST', '/api/users/signup', { body: user });
  close();
  if (status !== 201) throw new Error(`Sign-up: ${status} ${text}`);
  const { token } = await signIn(port, user.uid, user.password);
  return { pid, port, path, origin, token };
}

async function startRival(stage: Stage, { program, sqlite }: Node, name: string): Promise<Target> {
  const main = fileURLToPath(new URL(`../rivals/${name}.ts`, import.meta.url));
  const args = [join(temporaryFolder(stage), 'rival.db')];
  const rival = runScript(stage, main, args, {
    node: program,
    env: sqlite === undefined ? {} : { BETTER_SQLITE3: sqlite },
  });
  const [, port] = await waitForOutput(rival, /API at http:\/\/localhost:(\d+)/);
  const token = /^token (.*)$/m.exec(rival.output())?.[1];
  return { pid: rival.pid, port: Number(port), path, origin, ...(token !== undefined && { token }) };
}

function rowOf(blasts: readonly Blast[]): string[] {
  const typical = (pick: (each: Blast) => number) => median(blasts.map(pick));
  return [
    typical(({ cpuMicroseconds }) => cpuMicroseconds).toFixed(1),
    typical(({ perSecond }) => perSecond).toFixed(0),
    typical(({ p50 }) => p50).toFixed(2),
    typical(({ p99 }) => p99).toFixed(2),
    typical(({ megabytes }) => megabytes).toFixed(0),
  ];
}

function judge({ version }: Node, blasts: Blasts): Claim[] {
  const major = Number(version.split('.')[0]);
  const cpu = ({ cpuMicroseconds }: Blast) => cpuMicroseconds;
  const rate = ({ perSecond }: Blast) => perSecond;
  /** The median of the rounds' ratios, because the machine's speed may change between rounds. */
  const ratio = (one: Name, other: Name, pick: (each: Blast) => number) =>
    median((blasts[one] ?? []).map((each, round) => pick(each) / pick(blasts[other]?.[round] ?? each)));
  const atMost = (most: number, other: Name, one: Name = 'sqlite') => {
    const value = ratio(one, other, cpu);
    return claim(
      value <= most,
      `Node ${major}: ${names[one]}, CPU a request ≤ ${most} × ${names[other]}: ${value.toFixed(2)} ×`,
    );
  };
  const atLeast = (least: number, other: Name) => {
    const value = ratio('sqlite', other, rate);
    return claim(
      value >= least,
      `Node ${major}: requests a second ≥ ${least} × ${names[other]}: ${value.toFixed(1)} ×`,
    );
  };
  return [
    atMost(major === 20 ? 3.5 : 3, 'nodeHttp'),
    ...(major < 24 ? [atMost(0.65, 'express')] : []),
    atMost(1, 'fastify'),
    ...(major === 20 ? [atLeast(10, 'passport'), atLeast(10, 'betterAuth'), atLeast(8, 'flask')] : []),
    atMost(1.15, 'sqlite', 'postgres'),
  ];
}
