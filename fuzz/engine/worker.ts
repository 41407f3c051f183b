import { parentPort, workerData } from 'node:worker_threads';
import type { Target } from '../target.ts';
import type { Counters } from './coverage.ts';
import { fuzz } from './loop.ts';

/** A thread that fuzzes one target. `current` is what it shares with the thread that watches it. */
type Task = {
  readonly module: string;
  readonly seconds: number;
  readonly seed: number;
  readonly current: SharedArrayBuffer;
};

const { module, seconds, seed, current } = workerData as Task;
const [head, bytes] = [new Int32Array(current, 0, 2), new Uint8Array(current, 8)];
const { target } = (await import(module)) as { target: Target };
const { __fuzz__: counters = {} } = globalThis as { __fuzz__?: Counters };

const report = await fuzz(target, {
  seconds,
  seed,
  counters,
  onInput(input) {
    bytes.set(input.subarray(0, bytes.length));
    head[1] = Math.min(input.length, bytes.length);
    Atomics.add(head, 0, 1);
  },
});
parentPort?.postMessage(report);
