import { setTimeout as delay } from 'node:timers/promises';
import { runApi, startApi, temporaryFolder } from '../rig/api.ts';
import { createCaller, signIn, startLoops } from '../rig/calls.ts';
import { median } from '../rig/figures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { memoryMegabytes } from '../rig/usage.ts';

const starts = 9;
const seconds = 15;

/** Measures the time from the start of the process to its first answer, and the memory under load. */
export async function startup(stage: Stage) {
  say(`startup: ${starts} starts on an empty folder, ${starts} on one with data, then ${seconds} s of load`);
  const empty: number[] = [];
  const filled: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const folder = temporaryFolder(stage);
    empty.push(await timeStart(stage, folder));
    filled.push(await timeStart(stage, folder));
  }
  const api = await startApi(stage);
  const { token } = await signIn(api.port);
  const before = memoryMegabytes(api.pid).now;
  const reading = startLoops(8, api.port, async ({ call }) => {
    await call('GET', '/protected', { token });
    await call('GET', '/api/posts', { token });
  });
  await delay(seconds * 1000);
  const underReads = memoryMegabytes(api.pid).peak;
  // Not the reader: the oldest session of a user ends when they have more than 50.
  const entering = startLoops(4, api.port, ({ call }) =>
    call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
  );
  await delay(seconds * 1000);
  await Promise.all([reading.stop(), entering.stop()]);
  const peak = memoryMegabytes(api.pid).peak;
  return [
    claim(
      median(empty) <= 500,
      `ready ≤ 0.5 s after start on an empty folder: ${median(empty).toFixed(0)} ms, ${Math.max(...empty).toFixed(0)} at most`,
    ),
    claim(
      median(filled) <= 500,
      `and on one with data: ${median(filled).toFixed(0)} ms, ${Math.max(...filled).toFixed(0)} at most`,
    ),
    claim(
      underReads <= 200,
      `RSS ≤ 200 MB under reads: peak ${underReads.toFixed(0)} MB, ${before.toFixed(0)} MB before`,
    ),
    claim(peak <= 260, `RSS ≤ 260 MB under reads and sign-ins: peak ${peak.toFixed(0)} MB`),
  ];
}

/** Milliseconds from the start of the process to its first good answer to /readyz. */
async function timeStart(stage: Stage, folder: string): Promise<number> {
  const began = performance.now();
  const api = runApi(stage, { DATA_DIR: folder });
  const { call, close } = createCaller({ port: await api.port() });
  const { status, failure } = await call('GET', '/readyz');
  const ms = performance.now() - began;
  close();
  if (status !== 200) throw new Error(`/readyz: ${failure ?? status}`);
  await api.end('SIGTERM');
  return ms;
}
