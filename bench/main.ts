import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Claim, say } from './rig/report.ts';
import { createStage, type Stage } from './rig/stage.ts';

type Options = { minutes: number; seconds: number; fleet: number };
type Experiment = (stage: Stage, options: Options) => Promise<Claim[]>;

/** Each is loaded just before it runs, because `prepare` installs packages that some of them import. */
const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  kill: async () => (await import('./experiments/kill.ts')).kill,
  overload: async () => (await import('./experiments/overload.ts')).overload,
  sigterm: async () => (await import('./experiments/sigterm.ts')).sigterm,
  lock: async () => (await import('./experiments/lock.ts')).lock,
  disk: async () => (await import('./experiments/disk.ts')).disk,
  abuse: async () => (await import('./experiments/abuse.ts')).abuse,
  protected: async () => (await import('./budgets/protected.ts')).protectedRoute,
  'sign-in': async () => (await import('./budgets/sign-in.ts')).signInRoute,
  users: async () => (await import('./budgets/users.ts')).users,
  startup: async () => (await import('./budgets/startup.ts')).startup,
  soak: async () => (await import('./experiments/soak.ts')).soak,
};

const root = fileURLToPath(new URL('..', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '60' },
    fleet: { type: 'string', default: '1000' },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(experiments);
const options: Options = {
  minutes: Number(values.minutes),
  seconds: Number(values.seconds),
  fleet: Number(values.fleet),
};
const unknown = names.filter((name) => !Object.hasOwn(experiments, name));
if (unknown.length > 0 || !Object.values(options).every((value) => value > 0)) {
  say(
    `npm run bench -- [NAME ...] [--minutes N] [--seconds N] [--fleet N]
NAME is one of: ${Object.keys(experiments).join(', ')}.
--minutes is the length of soak; --seconds is the length of abuse, and --fleet the number of its honest users.`,
  );
  process.exit(2);
}

prepare();
process.exitCode = (await runAll()) ? 0 : 1;

/**
 * Builds the API. For the comparison with other libraries it installs
 * those and checks the types of the programs.
 */
function prepare(): void {
  const run = (command: string, ...args: string[]) =>
    void execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  run('npx', 'cross-env', 'TURBO_TELEMETRY_DISABLED=1', 'turbo', 'run', 'build', '--filter=@signet/api');
  if (!names.includes('protected')) return;
  if (!existsSync(fileURLToPath(new URL('node_modules', import.meta.url))))
    run('npm', 'ci', '--prefix', 'bench');
  run('npx', 'tsc', '-p', 'bench/rivals');
}

/** Runs the experiments one after the other, each with its own stage. Returns whether every claim holds. */
async function runAll(): Promise<boolean> {
  const failed: string[] = [];
  for (const name of names) {
    const stage = createStage();
    const interrupt = () => void stage.clear().then(() => process.exit(130));
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      const run = await experiments[name]?.();
      const claims = (await run?.(stage, options)) ?? [];
      failed.push(...claims.filter(({ holds }) => !holds).map(({ text }) => `${name}: ${text}`));
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.stack : error}`);
    } finally {
      await stage.clear();
      process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
    }
  }
  say(
    failed.length === 0
      ? 'Everything holds.'
      : `Does not hold:\n${failed.map((each) => `  ${each}`).join('\n')}`,
  );
  return failed.length === 0;
}
