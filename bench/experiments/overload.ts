import { setTimeout as delay } from 'node:timers/promises';
import { startApi } from '../rig/api.ts';
import { type Answer, createCaller, isRefusalForNow, signIn, startLoops } from '../rig/calls.ts';
import { percentile, tally } from '../rig/figures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { memoryMegabytes } from '../rig/usage.ts';

const signers = 300;
const seconds = 30;
const maxMegabytes = 512;

const users = 50;
const password = 'one of very many at once';
const uidOf = (index: number) => `user-${index}`;

/**
 * Far more sign-ins than the cores can handle: the API refuses the excess
 * with 503, and other requests still work.
 */
export async function overload(stage: Stage) {
  say(`overload: ${signers} sign-ins at a time for ${seconds} s, with reads beside them`);
  // Each from an address of its own, as if through a proxy: sign-ins from one address would meet the rate
  // limit before the hash.
  const api = await startApi(stage, { env: { TRUST_PROXY: '1' } });
  await signUp(api.port);
  const { token } = await signIn(api.port);
  const atRest = memoryMegabytes(api.pid).now;
  const signIns: Answer[] = [];
  const reads: Answer[] = [];

  const flood = startLoops(signers, api.port, async ({ call }, index) => {
    const answer = await call('POST', '/token', {
      body: { username: uidOf(index % users), password },
      headers: { 'x-forwarded-for': `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}` },
    });
    signIns.push(answer);
    // After a refusal the client waits, but less than Retry-After says.
    // Otherwise most of the flood would be refusals.
    if (answer.status !== 200) await delay(100);
  });
  const readers = startLoops(2, api.port, async ({ call }) => {
    reads.push(await call('GET', '/protected', { token }), await call('GET', '/healthz'));
    await delay(10);
  });
  await delay(seconds * 1000);
  await Promise.all([flood.stop(), readers.stop()]);
  const peak = memoryMegabytes(api.pid).peak;

  const caller = createCaller({ port: api.port });
  const ended = performance.now();
  let well = await signInQuickly(caller);
  while (!well && performance.now() - ended < 20_000) {
    await delay(100);
    well = await signInQuickly(caller);
  }
  const wellMs = performance.now() - ended;
  const read = await caller.call('GET', '/protected', { token });
  caller.close();

  const failures = [...signIns, ...reads].filter(({ failure }) => failure !== undefined);
  const disorderly = signIns.filter((answer) => answer.status !== 200 && !isRefusalForNow(answer));
  const readMs = reads.map(({ ms }) => ms);
  say(
    `  sign-ins: ${tally(signIns.map(({ status }) => status))}; good ones ${(signIns.filter(({ status }) => status === 200).length / seconds).toFixed(0)} a second`,
  );
  say(
    `  reads: ${tally(reads.map(({ status }) => status))}; p50 ${percentile(readMs, 0.5).toFixed(1)} ms, p99 ${percentile(readMs, 0.99).toFixed(1)} ms`,
  );
  return [
    claim(
      failures.length === 0,
      `no connection fails: ${tally(failures.map(({ failure = '' }) => failure))}`,
    ),
    claim(
      disorderly.length === 0,
      `a sign-in is 200, or a problem 429 or 503 with Retry-After: ${disorderly.length} others`,
    ),
    claim(
      reads.every(({ status }) => status === 200),
      'every read is answered',
    ),
    claim(
      percentile(readMs, 0.99) < 1000,
      `p99 of reads is below 1 s: ${percentile(readMs, 0.99).toFixed(1)} ms`,
    ),
    claim(
      peak < maxMegabytes,
      `memory stays in the container's ${maxMegabytes} MB: peak ${peak.toFixed(0)} MB, ${atRest.toFixed(0)} MB before`,
    ),
    claim(
      well && read.status === 200 && wellMs < 5000,
      `well again within 5 s: ${(wellMs / 1000).toFixed(2)} s`,
    ),
  ];
}

async function signUp(port: number): Promise<void> {
  const { call, close } = createCaller({ port });
  for (let index = 0; index < users; index += 1) {
    const { status, text } = await call('POST', '/api/users/signup', {
      body: { name: `User ${index}`, uid: uidOf(index), password },
    });
    if (status !== 201) throw new Error(`Sign-up: ${status} ${text}`);
  }
  close();
}

async function signInQuickly({ call }: ReturnType<typeof createCaller>): Promise<boolean> {
  const { status, ms } = await call('POST', '/token', { body: { username: 'toby', password: '123toby' } });
  return status === 200 && ms < 1000;
}
