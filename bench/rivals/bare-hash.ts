import { setPriority } from 'node:os';
import { hashSync, verifySync } from '@node-rs/argon2';

/** argon2id with the product's work factors and nothing around it, on one core: `bare-hash.ts FROM SECONDS` prints checks a second. */
const [, , from = '0', seconds = '1'] = process.argv;

// As the product's threads have it, so that both get the same share of a core that others use too.
setPriority(10);
const stored = hashSync('123toby', { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const endsAt = Number(from) + Number(seconds) * 1000;
let count = 0;
// Several of these begin together, and none counts what it did while another was still starting.
while (Date.now() < endsAt) {
  verifySync(stored, '123toby');
  if (Date.now() >= Number(from)) count += 1;
}
process.stdout.write(`checks ${count / Number(seconds)}\n`);
