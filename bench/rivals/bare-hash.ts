import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

/** argon2id with the product's work factors and nothing around it, on so many threads: `bare-hash.ts THREADS SECONDS` prints checks a second. */
const [, , threads = '1', seconds = '1'] = process.argv;

if (isMainThread) {
  // As the product's threads have it, so that both get the same share of a core that others use too.
  setPriority(10);
  const endsAt = Date.now() + 1000 + Number(seconds) * 1000;
  const file = fileURLToPath(import.meta.url);
  const workers = Array.from({ length: Number(threads) }, () => new Worker(file, { workerData: { endsAt, seconds: Number(seconds) } }));
  const counts = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as number));
  process.stdout.write(`checks ${counts.reduce((sum, count) => sum + count, 0) / Number(seconds)}\n`);
} else {
  const { endsAt, seconds: span } = workerData as { endsAt: number; seconds: number };
  const stored = hashSync('123toby', { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await delay(endsAt - span * 1000 - Date.now());
  let count = 0;
  while (Date.now() < endsAt) {
    verifySync(stored, '123toby');
    count += 1;
  }
  parentPort?.postMessage(count);
}
