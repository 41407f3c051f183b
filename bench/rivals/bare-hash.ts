import { getPriority, setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';

/**
 * argon2id alone, with the API's work factors, on one core: `bare-hash.ts FROM SECONDS` prints how many it made a
 * second, and how many microseconds of CPU each took.
 */
const [, , from = '0', seconds = '1'] = process.argv;

// The priority of the API's hash threads, so that both get the same share of a busy core.
setPriority(Math.min(getPriority() + 10, 19));
const stored = hashSync('123toby', { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const endsAt = Number(from) + Number(seconds) * 1000;
let count = 0;
let begin = process.cpuUsage();
// Several of these programs count from the same moment, when all of them have started.
while (Date.now() < endsAt) {
  if (Date.now() < Number(from)) begin = process.cpuUsage();
  verifySync(stored, '123toby');
  if (Date.now() >= Number(from)) count += 1;
}
const { user, system } = process.cpuUsage(begin);
process.stdout.write(`checks ${count / Number(seconds)}\ncpu ${(user + system) / count}\n`);
