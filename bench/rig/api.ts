import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Stage } from './stage.ts';

const main = fileURLToPath(new URL('../../apps/api/dist/main.js', import.meta.url));

export type Api = Awaited<ReturnType<typeof startApi>>;

/** A folder under the system's for temporary files, gone with the stage. */
export function temporaryFolder(stage: Stage): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  stage.onEnd(() => stage.remove(folder));
  return folder;
}

/**
 * The built API as a process of its own, ready for requests. Its state is in `folder`; its log, at the level that it has
 * in production, goes to a file.
 */
export async function startApi(
  stage: Stage,
  { env = {}, folder = temporaryFolder(stage) }: { env?: Environment; folder?: string } = {},
) {
  const api = runApi(stage, { DATA_DIR: folder, ...env });
  const port = await portOf(api);
  return { ...api, port, folder, url: `http://127.0.0.1:${port}` };
}

type Environment = Readonly<Record<string, string>>;

/** The bare process, which may well refuse to start. Nothing of this process's environment reaches it but `env`. */
export function runApi(stage: Stage, env: Environment) {
  return runNode(stage, [main], { PORT: '0', ...env });
}

/** A Node process that the stage ends, if it has not ended by then. */
export function runNode(stage: Stage, args: readonly string[], env: Environment) {
  const logFile = join(temporaryFolder(stage), 'out');
  const errorFile = `${logFile}.errors`;
  const [out, errors] = [openSync(logFile, 'a'), openSync(errorFile, 'a')];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    cwd: tmpdir(),
    stdio: ['ignore', out, errors],
  });
  closeSync(out);
  closeSync(errors);
  const exit = once(child, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }));
  const end = async (signal: NodeJS.Signals) => {
    if (!hasEnded(child)) child.kill(signal);
    return exit;
  };
  stage.onEnd(() => end('SIGKILL'));
  return {
    pid: pidOf(child),
    exit,
    hasEnded: () => hasEnded(child),
    /** Sends the signal, unless the process has ended, and resolves when it has. */
    end,
    log: () => readText(logFile),
    errors: () => readText(errorFile),
  };
}

/** Waits until the process has written what is looked for. Throws if it ends without. */
export async function waitForLog(
  run: Pick<ReturnType<typeof runNode>, 'log' | 'errors' | 'hasEnded'>,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(run.log());
    if (found) return found;
    if (run.hasEnded()) throw new Error(`The process ended: ${run.errors()}`);
    await delay(10);
  }
}

async function portOf(api: ReturnType<typeof runApi>): Promise<number> {
  const [, port] = await waitForLog(api, /"msg":"API at http:\/\/localhost:(\d+)"/);
  return Number(port);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process could not be started');
  return pid;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
