import { Worker } from 'node:worker_threads';
import type { Report } from './loop.ts';

/** An input that takes longer counts as one that never ends. A busy machine may stop a thread for seconds. */
const patienceMs = 30_000;

/**
 * Fuzzes a bundled target in a thread of its own, which runs `program`. An input on which the thread stays is a finding, and the
 * thread is ended, because an endless loop cannot be interrupted in any other way.
 */
export function watch(
  program: string,
  { module, seconds, seed }: { module: string; seconds: number; seed: number },
): Promise<Pick<Report, 'inputs' | 'reached' | 'corpus' | 'findings'>> {
  const current = new SharedArrayBuffer(8 + 64 * 1024);
  const [head, bytes] = [new Int32Array(current, 0, 2), new Uint8Array(current, 8)];
  const worker = new Worker(program, { workerData: { module, seconds, seed, current } });
  return new Promise((resolve, reject) => {
    let last = -1;
    const timer = setInterval(() => {
      const inputs = Atomics.load(head, 0);
      if (inputs !== last || inputs === 0) {
        last = inputs;
        return;
      }
      const input = Buffer.from(bytes.slice(0, head[1]));
      end({ inputs, reached: 0, corpus: [], findings: [{ input, message: 'never ends' }] });
    }, patienceMs);
    const end = (report: Report) => {
      clearInterval(timer);
      void worker.terminate();
      resolve(report);
    };
    worker.once('message', end);
    worker.once('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
  });
}
