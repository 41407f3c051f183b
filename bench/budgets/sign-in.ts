import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPostgres, waitForOutput } from '@signet/rig';
import { type Api, runScript, startApi } from '../rig/api.ts';
import { type Blast, blast } from '../rig/blast.ts';
import { createCaller, signIn, startLoops } from '../rig/calls.ts';
import { startRelay } from '../rig/count-statements.ts';
import { median, percentile } from '../rig/figures.ts';
import { startFlask } from '../rig/flask.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { copyUser, openDatabase } from '../rig/users.ts';

const seconds = 3;
const password = '123niko';

/** As many hash threads as the API has by default. */
const threads = availableParallelism();
const bareHash = fileURLToPath(new URL('../rivals/bare-hash.ts', import.meta.url));

/** Compares sign-ins with their hash and with the Flask app's, counts their statements, and reads beside a flood. */
export async function signInRoute(stage: Stage, { rounds }: { rounds: number }): Promise<Findings> {
  say(`sign-in: POST /token, on SQLite, ${rounds} rounds of ${seconds} s each, in turn`);
  const api = await startApi(stage, { env: { TRUST_PROXY: '1' } });
  const flask = await startFlask(stage);
  const { token } = await signIn(api.port);
  const uids = await makeUsers(stage, api);
  const path = '/token';
  const users = { path, bodies: uids.map((username) => JSON.stringify({ username, password })) };
  const toby = { path, bodies: [JSON.stringify({ username: 'toby', password: '123toby' })] };

  const hashes: number[] = [];
  const crowdedHashes: number[] = [];
  const ours: Blast[] = [];
  const theirs: Blast[] = [];
  const slowdowns: number[] = [];
  await blast({ ...api, ...users }, 1, 2);
  for (let round = 0; round < rounds; round += 1) {
    hashes.push(await measureHash(stage, 1));
    ours.push(await blast({ ...api, ...users }, seconds, 4));
    crowdedHashes.push(await measureHash(stage, threads));
    theirs.push(await blast({ pid: flask.pid, port: flask.port, ...toby }, seconds, 4));
    const resting = await readFor(api, token);
    const stop = startFlood(api, uids);
    await delay(300);
    const flooded = await readFor(api, token);
    await stop();
    slowdowns.push(flooded / resting);
    say(
      `  p99 of GET /protected ${resting.toFixed(1)} ms at rest, ${flooded.toFixed(1)} ms under a flood of sign-ins`,
    );
  }
  const cpu = median(
    ours.map(({ cpuMicroseconds }, round) => cpuMicroseconds / (hashes[round] ?? Number.NaN)),
  );
  const rate = median(
    ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN)),
  );
  const slowdown = median(slowdowns);
  const figure = (blasts: readonly Blast[], pick: (each: Blast) => number, digits: number) =>
    median(blasts.map(pick)).toFixed(digits);
  const row = (blasts: readonly Blast[]) => [
    figure(blasts, ({ cpuMicroseconds }) => cpuMicroseconds / 1000, 1),
    figure(blasts, ({ perSecond }) => perSecond, 1),
    figure(blasts, ({ p50 }) => p50, 0),
    figure(blasts, ({ p99 }) => p99, 0),
  ];
  return {
    claims: [
      claim(cpu <= 1.5, `a sign-in costs ≤ 1.5 × the CPU of its hash alone: ${cpu.toFixed(2)} ×`),
      ...(await countStatements(stage)),
      claim(rate >= 10, `sign-ins a second ≥ 10 × the Flask app's: ${rate.toFixed(1)} ×`),
      claim(slowdown <= 2, `p99 of reads under a flood of sign-ins ≤ 2 × at rest: ${slowdown.toFixed(2)} ×`),
    ],
    tables: [
      table(
        ['sign-in, 4 connections', 'CPU, ms', 'a second', 'p50, ms', 'p99, ms'],
        [
          ['argon2id alone, one process', (median(hashes) / 1000).toFixed(1), '', '', ''],
          [`argon2id alone, ${threads} processes`, (median(crowdedHashes) / 1000).toFixed(1), '', '', ''],
          ['Signet on SQLite', ...row(ours)],
          ['the Flask app under gunicorn, 2 workers (PBKDF2)', ...row(theirs)],
        ],
      ),
    ],
  };
}

/**
 * Users whose stored hash is up to date: so many that none signs in as often as one may (600 times in 15 minutes), nor
 * has so many sessions that a sign-in ends the oldest.
 */
async function makeUsers(stage: Stage, { port, folder }: Api): Promise<string[]> {
  // The first sign-in replaces the demo hash.
  await signIn(port, 'niko');
  return copyUser(openDatabase(stage, folder), 'niko', 250);
}

/**
 * CPU microseconds of one argon2id with the API's work factors, in so many processes at once. Several share the
 * memory's bandwidth and the last cache, as the API's hash threads do.
 */
async function measureHash(stage: Stage, processes: number): Promise<number> {
  const from = Date.now() + 1500;
  const measured = Array.from({ length: processes }, async () => {
    const hash = runScript(stage, bareHash, [String(from), '2']);
    await hash.exit;
    return Number((await waitForOutput(hash, /^cpu ([\d.]+)$/m))[1]);
  });
  return median(await Promise.all(measured));
}

/** Statements and commits of one good sign-in with an up-to-date hash, on PostgreSQL, where they can be seen. */
async function countStatements(stage: Stage): Promise<Claim[]> {
  const server = await startPostgres();
  stage.onEnd(server.stop);
  const relay = await startRelay(stage, server.url);
  const env = { DATABASE_URL: relay.url, SECRET_KEY: randomBytes(48).toString('base64url') };
  const api = await startApi(stage, { env });
  // The first ones of a process and of an address have more to do.
  for (let time = 0; time < 3; time += 1) await signIn(api.port);
  await delay(500);
  relay.statements.length = 0;
  await signIn(api.port);
  await delay(500);
  await api.end('SIGTERM');
  const isFrame = (text: string) => /^\s*(begin|commit|rollback)\b/i.test(text);
  const statements = relay.statements.filter((text) => !isFrame(text));
  const commits = relay.statements.filter((text) => /^\s*commit\b/i.test(text)).length;
  // A statement outside of a transaction that writes is a commit of its own.
  let depth = 0;
  let alone = 0;
  for (const text of relay.statements) {
    if (/^\s*begin\b/i.test(text)) depth += 1;
    else if (/^\s*(commit|rollback)\b/i.test(text)) depth -= 1;
    else if (depth === 0 && /\b(insert|update|delete)\b/i.test(text)) alone += 1;
  }
  for (const text of relay.statements) say(`    ${text.replace(/\s+/g, ' ').slice(0, 100)}`);
  return [
    claim(
      statements.length <= 8,
      `statements of a sign-in besides BEGIN and COMMIT, on PostgreSQL, ≤ 8: ${statements.length}`,
    ),
    claim(commits + alone <= 2, `commits of a sign-in, on PostgreSQL, ≤ 2: ${commits + alone}`),
  ];
}

/** More concurrent sign-ins than there are hash threads, from so many addresses that no rate limit applies. */
function startFlood({ port }: Api, uids: readonly string[]): () => Promise<void> {
  const statuses = new Set<number>();
  let sent = 0;
  const loops = startLoops(16, port, async ({ call }, index) => {
    const { status } = await call('POST', '/token', {
      body: { username: uids[sent++ % uids.length], password },
      headers: { 'x-forwarded-for': `10.0.0.${index + 1}` },
    });
    statuses.add(status);
  });
  return async () => {
    await loops.stop();
    // A sign-in that is refused early is no load.
    statuses.delete(200);
    if (statuses.size > 0) throw new Error(`Sign-ins of the flood: ${[...statuses].join(', ')}`);
  };
}

/** p99 in milliseconds of GET /protected on one connection. */
async function readFor({ port }: Api, token: string): Promise<number> {
  const times: number[] = [];
  const caller = createCaller({ port });
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(5)) {
    const { ms, status } = await caller.call('GET', '/protected', { token });
    if (status !== 200) throw new Error(`GET /protected: ${status}`);
    times.push(ms);
  }
  caller.close();
  return percentile(times, 0.99);
}
