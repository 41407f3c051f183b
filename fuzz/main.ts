import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});

if (!existsSync(new URL('node_modules/istanbul-lib-instrument', import.meta.url)))
  execFileSync('npm', ['ci', '--prefix', fileURLToPath(new URL('.', import.meta.url))], { stdio: 'inherit' });
// Loaded here, because they import what may just have been installed.
const { bundle, bundleWorker, copyAssets, targetNames } = await import('./engine/bundle.ts');
const { watch } = await import('./engine/watch.ts');

const names = positionals.length > 0 ? positionals : targetNames;
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!names.every((name) => targetNames.includes(name)) || !(seconds > 0) || !Number.isInteger(seed)) {
  say(`npm run fuzz -- [NAME ...] [--seconds N] [--seed N]
NAME is one of: ${targetNames.join(', ')}. Without one, each runs for N seconds (60).
A finding is written to fuzz/findings, and the exit code is 1.`);
  process.exit(2);
}

// It takes a core for as long as it runs, and nobody waits for it.
setPriority(19);
copyAssets();
const program = await bundleWorker();
let found = 0;
for (const name of names) {
  const { inputs, reached, corpus, findings } = await watch(program, {
    module: await bundle(name),
    seconds,
    seed,
  });
  say(
    `${name}: ${inputs} inputs, ${reached} statements and branches reached, ` +
      `${corpus.length} inputs kept, ${findings.length} findings (--seed ${seed})`,
  );
  for (const { input, message } of findings) {
    const folder = new URL('findings/', import.meta.url);
    mkdirSync(folder, { recursive: true });
    const file = new URL(`${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`, folder);
    writeFileSync(file, input);
    say(`  ${message}\n  ${JSON.stringify(Buffer.from(input).toString('latin1'))}\n  ${fileURLToPath(file)}`);
  }
  found += findings.length;
}
process.exitCode = found > 0 ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
