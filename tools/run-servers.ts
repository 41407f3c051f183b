import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@signet/rig/free-ports';
import { isLoopback } from '../packages/contracts/src/policy/loopback.ts';
import { findPortProblem } from './port-problems.ts';

/**
 * Runs the API and the app together until one of them ends or a signal arrives, and leaves no process behind:
 * `run-servers.ts dev` from the sources, `run-servers.ts start` as they are built.
 *
 * Each command gets a process group of its own, so that a signal reaches every process that it has started.
 * The scripts in package.json begin with `exec`, because npm signals the shell of a script only: `exec` puts
 * this process in the shell's place. bash does so by itself for the last command of `bash -c`, but dash, the
 * `sh` of Debian, does not. The command after `||` is for the shell of Windows, which has no `exec` and says
 * so first.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const [, , script = ''] = process.argv;
// An empty variable counts as absent, as it does for the API.
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
const { PORT = '8086', HOST = '127.0.0.1', WEB_PORT = '4100' } = given;

const problem = await findPortProblem([
  { variable: 'PORT', port: PORT, host: HOST },
  { variable: 'WEB_PORT', port: WEB_PORT, host: '127.0.0.1' },
]);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

// As browsers write them: without the port 80.
const webOrigins = ['localhost', '127.0.0.1'].map((name) => new URL(`http://${name}:${WEB_PORT}`).origin);
const origins = given.WEB_ORIGINS ?? webOrigins.join();
// The rule of the API's config/exposure.ts: only this machine reaches it, and only its pages may call it.
const isOwnMachine = [given.PUBLISH_ADDRESS ?? HOST, ...origins.split(',')].every(isLoopback);
const env: NodeJS.ProcessEnv = {
  ...given,
  WEB_ORIGINS: origins,
  PORT,
  WEB_PORT,
  ...(isOwnMachine && (await chooseLab())),
  TURBO_TELEMETRY_DISABLED: '1',
};

/** The API gives itself nine seconds to finish requests in progress. */
const stopSeconds = 15;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const running = new Set<ChildProcess>();
let isStopping = false;
for (const signal of signals) process.on(signal, () => void stop(signal));
stopWithParent();

if (script === 'start') await run('npm', ['run', '--silent', 'build']);
const servers = ['@signet/api', '@signet/web'];
await Promise.race([
  ...servers.map((name) => run('npm', ['run', '--silent', script, '--workspace', name])),
  ...(isOwnMachine ? [run('node', ['--import', 'tsx', 'tools/lab/main.ts'])] : []),
]);
await stop('SIGTERM');

/** Where the servers of /lab listen, and the key with which the server of the app controls them. */
async function chooseLab(): Promise<Record<string, string>> {
  const [control, foreign, fault] = await freePorts(3);
  return {
    LAB_CONTROL_PORT: `${control}`,
    LAB_FOREIGN_PORT: `${foreign}`,
    LAB_FAULT_PORT: `${fault}`,
    LAB_KEY: randomBytes(32).toString('base64url'),
  };
}

/** Resolves when a command has succeeded. If it fails or is no longer wanted, everything stops. */
async function run(command: string, args: readonly string[]): Promise<void> {
  if (isStopping) return;
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  });
  running.add(child);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (isStopping) return new Promise(() => {});
  if (code === 0) return void running.delete(child);
  await stop('SIGTERM', code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
}

/**
 * Passes the signal on, waits until every process has ended, and exits. A second signal does not hurry it.
 */
async function stop(signal: NodeJS.Signals, exitCode = 0): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const child of running) signalGroup(child, signal);
  const deadline = Date.now() + stopSeconds * 1000;
  while ([...running].some((child) => signalGroup(child, 0)) && Date.now() < deadline) await delay(50);
  for (const child of running) signalGroup(child, 'SIGKILL');
  process.exit(exitCode);
}

/** Sends a signal to a command and everything that it has started. Returns whether any of that still runs. */
function signalGroup({ pid = 0 }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    return false;
  }
}

/** Stops when npm has ended: npm passes on SIGINT and SIGTERM only, and nothing can pass on SIGKILL. */
function stopWithParent(): void {
  if (env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop('SIGTERM');
  }, 250).unref();
}
