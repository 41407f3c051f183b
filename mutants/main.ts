import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { targets } from './targets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const stryker = 'mutants/node_modules/@stryker-mutator/core/bin/stryker.js';

const [name = '', ...files] = process.argv.slice(2);
const target = targets[name];
if (!target) {
  process.stderr.write(
    `npm run mutants -- TARGET [FILE ...]
TARGET is one of: ${Object.keys(targets).join(', ')}. With files, only those of it are mutated.\n`,
  );
  process.exit(2);
}

// Its peer, vitest, is the repository's own.
if (!existsSync(`${root}/${stryker}`))
  run('npm', ['ci', '--prefix', 'mutants', '--ignore-scripts', '--legacy-peer-deps']);
run(process.execPath, [stryker, 'run', 'mutants/stryker.config.mjs'], {
  MUTANTS_TARGET: name,
  MUTANTS_FILES: JSON.stringify(files.length > 0 ? files : target.mutate),
});
report(JSON.parse(readFileSync(`${root}/mutants/reports/${name}.json`, 'utf8')));

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** A part of the schema of mutation testing's reports. */
type Report = { readonly files: Readonly<Record<string, { source: string; mutants: readonly Mutant[] }>> };
type Mutant = {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number } };
};

/** Prints the score of each file, and each mutant that no test noticed. */
function report({ files: mutated }: Report): void {
  for (const [path, { source, mutants }] of Object.entries(mutated)) {
    const lines = source.split('\n');
    const missed = mutants.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status));
    process.stdout.write(`${path}: ${mutants.length - missed.length} of ${mutants.length} mutants noticed\n`);
    for (const { mutatorName, replacement = '', location } of missed) {
      const line = lines[location.start.line - 1]?.trim() ?? '';
      process.stdout.write(
        `  ${location.start.line}: ${line.slice(0, 90)}\n     ${mutatorName}: ${replacement.replaceAll('\n', ' ').slice(0, 90)}\n`,
      );
    }
  }
}
