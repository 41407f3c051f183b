import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { waitForOutput } from '@signet/rig';
import { type Api, runScript, startApi } from '../rig/api.ts';
import { signIn, startLoops } from '../rig/calls.ts';
import { median, percentile } from '../rig/figures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { password, signInNewUsers } from '../rig/users.ts';

const rounds = 5;
const seconds = 6;
/** So many that none meets the limit of 600 sign-ins in 15 minutes. */
const users = 32;
const bareHash = fileURLToPath(new URL('../rivals/bare-hash.ts', import.meta.url));

/** Compares sign-ins with the bare hash, and measures how a flood of sign-ins slows other requests. */
export async function signInRoute(stage: Stage) {
  const threads = availableParallelism();
  say(
    `sign-in: POST /token on ${threads} cores, on SQLite, ${rounds} rounds of ${seconds} s each, in turn with the bare argon2id`,
  );
  const api = await startApi(stage, { env: { TRUST_PROXY: '1' } });
  const { token } = await signIn(api.port);
  await signInNewUsers(api.port, users);

  const shares: number[] = [];
  const slowdowns: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const checks = await hashOn(stage, threads);
    const flood = startFlood(api);
    await delay(500);
    flood.count = 0;
    await delay(seconds * 1000);
    const perSecond = flood.count / seconds;
    const flooded = await readFor(api, token);
    await flood.stop();
    const resting = await readFor(api, token);
    shares.push(perSecond / checks);
    slowdowns.push(flooded.p99 / resting.p99);
    say(
      `  ${checks.toFixed(1)} bare hashes a second, ${perSecond.toFixed(1)} sign-ins; p99 of GET /protected ${resting.p99.toFixed(1)} ms at rest, ${flooded.p99.toFixed(1)} ms meanwhile`,
    );
  }
  return [
    claim(
      median(shares) >= 0.9,
      `sign-ins are ≥ 0.9 × the bare hash on the same cores: ${median(shares).toFixed(2)} ×`,
    ),
    claim(
      median(slowdowns) <= 3,
      `p99 of authenticated reads under it is ≤ 3 × at rest: ${median(slowdowns).toFixed(2)} ×`,
    ),
  ];
}

/** Bare hashes a second on this number of cores, with one process for each core. */
async function hashOn(stage: Stage, cores: number): Promise<number> {
  const from = Date.now() + 1500;
  const rates = Array.from({ length: cores }, async () => {
    const hash = runScript(stage, bareHash, [String(from), String(seconds)]);
    await hash.exit;
    return Number((await waitForOutput(hash, /^checks ([\d.]+)$/m))[1]);
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

/**
 * More concurrent sign-ins than there are hash threads, from so many addresses that no rate limit applies.
 */
function startFlood({ port }: Api) {
  const flood = { count: 0, stop: async () => {} };
  let turn = 0;
  const loops = startLoops(16, port, async ({ call }, index) => {
    // Not the reader: the oldest session of a user ends when they have more than 50.
    const body = { username: `writer-${turn++ % users}`, password };
    const { status } = await call('POST', '/token', {
      body,
      headers: { 'x-forwarded-for': `10.0.0.${index + 1}` },
    });
    if (status === 200) flood.count += 1;
  });
  flood.stop = loops.stop;
  return flood;
}

async function readFor({ port }: Api, token: string): Promise<{ p99: number }> {
  const times: number[] = [];
  const loops = startLoops(2, port, async ({ call }) => {
    times.push((await call('GET', '/protected', { token })).ms);
    await delay(5);
  });
  await delay(seconds * 1000);
  await loops.stop();
  return { p99: percentile(times, 0.99) };
}
