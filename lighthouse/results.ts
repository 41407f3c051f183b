import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { categories } from './audit.ts';

const file = join(import.meta.dirname, 'RESULTS.md');
const head = ['page', 'visitor', 'form', ...categories, 'load', 'commit'];
/** A row's first three cells say what was judged. */
const keyOf = (row: string) => row.split(' | ').slice(0, 3).join(' | ');

/**
 * Puts the rows into RESULTS.md, each with the commit and with how busy the machine was, because a busy machine lowers
 * performance. A row that judges the same page again replaces the older one, so visitors can be judged one at a time.
 */
export function writeResults(rows: readonly string[], browser: string): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const known = existsSync(file) ? readFileSync(file, 'utf8').match(/^\| \/.*$/gm) : [];
  const table = new Map(
    [...(known ?? []), ...rows.map((row) => `${row} ${load} | ${commit} |`)].map((row) => [keyOf(row), row]),
  );
  const [processor] = cpus();
  const text = [
    '# Lighthouse',
    `Written by \`npm run lighthouse\`. The last run: ${processor?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${browser}.`,
    'Load is the machine’s load average at the end of the row’s run; above the number of cores, performance says little.',
    [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...[...table.values()].sort()].join(
      '\n',
    ),
  ];
  writeFileSync(file, `${text.join('\n\n')}\n`);
}
