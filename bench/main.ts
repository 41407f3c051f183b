import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Claim, type Findings, say } from './rig/report.ts';
import { describeCommit, type Result, writeResults } from './rig/results.ts';
import { createStage, type Stage } from './rig/stage.ts';

type Options = {
  rounds: number;
  minutes: number;
  seconds: number;
  fleet: number;
  pooler: boolean;
  only?: string;
};
type Experiment = (stage: Stage, options: Options) => Promise<readonly Claim[] | Findings>;

/** Each is loaded just before it runs, because `prepare` installs packages that some of them import. */
const budgets: Readonly<Record<string, () => Promise<Experiment>>> = {
  contenders: async () => (await import('./budgets/contenders.ts')).contenders,
  'sign-in': async () => (await import('./budgets/sign-in.ts')).signInRoute,
  revocation: async () => (await import('./budgets/revocation.ts')).revocation,
  startup: async () => (await import('./budgets/startup.ts')).startup,
  page: async () => (await import('./budgets/page.ts')).page,
  users: async () => (await import('./budgets/users.ts')).users,
};

const experiments: typeof budgets = {
  ...budgets,
  kill: async () => (await import('./experiments/kill.ts')).kill,
  overload: async () => (await import('./experiments/overload.ts')).overload,
  sigterm: async () => (await import('./experiments/sigterm.ts')).sigterm,
  lock: async () => (await import('./experiments/lock.ts')).lock,
  disk: async () => (await import('./experiments/disk.ts')).disk,
  abuse: async () => (await import('./experiments/abuse.ts')).abuse,
  failover: async () => (await import('./experiments/failover.ts')).failover,
  prune: async () => (await import('./experiments/prune.ts')).prune,
  recipes: async () => (await import('./experiments/recipes.ts')).recipes,
  soak: async () => (await import('./experiments/soak.ts')).soak,
};

const root = fileURLToPath(new URL('..', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '60' },
    fleet: { type: 'string', default: '1000' },
    pooler: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(budgets);
const options: Options = {
  rounds: Number(values.rounds),
  minutes: Number(values.minutes),
  seconds: Number(values.seconds),
  fleet: Number(values.fleet),
  pooler: values.pooler,
  ...(values.only !== undefined && { only: values.only }),
};
const numbers = [options.rounds, options.minutes, options.seconds, options.fleet];
const unknown = names.filter((name) => !Object.hasOwn(experiments, name));
if (unknown.length > 0 || !numbers.every((value) => value > 0)) {
  say(
    `npm run bench -- [NAME ...] [--rounds N] [--minutes N] [--seconds N] [--fleet N] [--pooler] [--only GROUP]
NAME is one of: ${Object.keys(experiments).join(', ')}. Without one, all budgets run: ${Object.keys(budgets).join(', ')};
they write bench/RESULTS.md.
--rounds is how often each figure of a budget is measured; --minutes is the length of soak; --seconds is the length of
abuse and prune, and --fleet the number of abuse's honest users. --pooler puts pgbouncer before the PostgreSQL of
revocation. --only is a word of the group of recipes, or of the scenarios of failover, to run.`,
  );
  process.exit(2);
}

const commit = describeCommit();
prepare();
process.exitCode = (await runAll()) ? 0 : 1;

/** Builds the API. For the comparison with other libraries it installs those, and checks the types of the programs. */
function prepare(): void {
  const run = (command: string, ...args: string[]) =>
    void execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const apps = [
    '@signet/api',
    ...(names.some((name) => ['page', 'failover', 'recipes'].includes(name)) ? ['@signet/web'] : []),
  ];
  const filters = apps.map((app) => `--filter=${app}`);
  run('npx', 'cross-env', 'TURBO_TELEMETRY_DISABLED=1', 'turbo', 'run', 'build', ...filters);
  if (!names.includes('contenders')) return;
  if (!isInstalled()) run('npm', 'ci', '--prefix', 'bench');
  run('npx', 'tsc', '-p', 'bench/rivals');
}

/** Whether bench's packages are those of its lockfile: npm notes what it has installed. */
function isInstalled(): boolean {
  const read = (path: string): Record<string, { version?: string; optional?: boolean }> =>
    JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).packages;
  const exists = (path: string) => existsSync(fileURLToPath(new URL(path, import.meta.url)));
  if (!exists('node_modules/.package-lock.json')) return false;
  // An interrupted installation leaves this out.
  if (!exists('node_modules/better-sqlite3/build/Release/better_sqlite3.node')) return false;
  const installed = read('node_modules/.package-lock.json');
  return Object.entries(read('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Runs the experiments one after the other, each with its own stage. Returns whether every claim holds. */
async function runAll(): Promise<boolean> {
  const began = new Date();
  const results: Result[] = [];
  for (const name of names) {
    const stage = createStage();
    const interrupt = () => void stage.clear().then(() => process.exit(130));
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      const run = await experiments[name]?.();
      const found = (await run?.(stage, options)) ?? [];
      results.push({ name, findings: 'claims' in found ? found : { claims: found, tables: [] } });
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      results.push({ name, findings: { claims: [], tables: [] }, failure });
    } finally {
      await stage.clear();
      process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
    }
    // After each, so that an interrupted run leaves what it has measured.
    if (positionals.length === 0)
      writeResults(results, { began, command: ['npm run bench', ...flags()].join(' '), commit });
  }
  const failed = results.flatMap(({ name, findings, failure }) => [
    ...findings.claims.filter(({ holds }) => !holds).map(({ text }) => `${name}: ${text}`),
    ...(failure === undefined ? [] : [`${name}: ${failure}`]),
  ]);
  say(
    failed.length === 0
      ? 'Everything holds.'
      : `Does not hold:\n${failed.map((each) => `  ${each}`).join('\n')}`,
  );
  return failed.length === 0;
}

function flags(): string[] {
  const given = process.argv.slice(2);
  return given.length > 0 ? ['--', ...given] : [];
}
