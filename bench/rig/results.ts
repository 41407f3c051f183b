import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { drawChart } from './charts.ts';
import type { Findings } from './report.ts';

const file = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What ran under a name; `failure` where it ended with an error. */
export type Result = { readonly name: string; readonly findings: Findings; readonly failure?: string };

/**
 * Writes bench/RESULTS.md: the machine, the versions, the command, every budget with its figure, and the tables; and
 * beside it a chart of each table that has one.
 */
export function writeResults(
  results: readonly Result[],
  { began, command, commit }: { began: Date; command: string; commit: string },
): void {
  const budgets = results.flatMap(({ name, findings, failure }) => [
    ...findings.claims.map(
      ({ holds, text }) => `| \`${name}\` | ${text} | ${holds ? 'met' : '**missed**'} |`,
    ),
    ...(failure === undefined
      ? []
      : [`| \`${name}\` | ended with an error: ${failure.split('\n')[0]} | **missed** |`]),
  ]);
  const sections = results
    .filter(({ findings }) => findings.tables.length > 0)
    .map(
      ({ name, findings }) =>
        `## ${name}\n\n${[...writeChart(name, findings.tables), ...findings.tables].join('\n\n')}\n`,
    );
  const minutes = (Date.now() - began.getTime()) / 60_000;
  writeFileSync(
    file,
    `# Results

\`${command}\` wrote this file on ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC, in ${minutes.toFixed(0)} minutes.
Figures are medians of rounds in which the contenders take turns; ratios are medians of the rounds' ratios.

${facts(commit).join('\n')}

## Budgets

| experiment | budget: figure | |
|---|---|---|
${budgets.join('\n')}

${sections.join('\n')}`,
  );
}

/** Writes the chart of a section, and returns the line that shows it. */
export function writeChart(name: string, tables: readonly string[]): string[] {
  const chart = drawChart(name, tables);
  if (chart === undefined) return [];
  writeFileSync(new URL(`../${name}.svg`, import.meta.url), chart);
  return [`![The figures of ${name} as bars](${name}.svg)`];
}

/**
 * The commit that is checked out, and whether the files differ from it. Asked before a run, because a commit made
 * during the run is not what was built. These files do not count, because the run itself changes them.
 */
export function describeCommit(): string {
  const changed = ask('git', 'status', '--porcelain', '--', '.', ':!bench/RESULTS.md', ':!bench/*.svg');
  return `${ask('git', 'rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ', with changes'}`;
}

function ask(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function facts(commit: string): string[] {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const gibibytes = totalmem() / 1024 ** 3;
  return [
    `- Machine: ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}, ${gibibytes.toFixed(0)} GiB, ${system}, Linux ${ask('uname', '-r')}`,
    `- Load of the machine at the end (1, 5, 15 minutes): ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
    `- Commit: ${commit}; Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `- Packages: ${versionsOf(['express', 'knex', 'sqlite3', 'jsonwebtoken', 'pino', 'fastify', 'better-sqlite3', 'better-sqlite3-13', 'passport-jwt', 'better-auth', 'helmet', 'pino-http'])}`,
    `- PostgreSQL: ${ask('sh', '-c', '/usr/lib/postgresql/*/bin/postgres --version')}; Python: ${ask('/usr/bin/python3', '--version')}, ${ask('sh', '-c', "dpkg -l python3-flask gunicorn | awk '/^ii/ { print $2, $3 }' | paste -sd,")}`,
  ];
}

/** Those of bench's own packages first, then those of the workspaces. */
function versionsOf(names: readonly string[]): string {
  const places = ['../node_modules', '../../node_modules'];
  const versionOf = (name: string) => {
    for (const place of places) {
      try {
        return JSON.parse(readFileSync(new URL(`${place}/${name}/package.json`, import.meta.url), 'utf8'))
          .version;
      } catch {}
    }
    return 'missing';
  };
  return names.map((name) => `${name} ${versionOf(name)}`).join(', ');
}
