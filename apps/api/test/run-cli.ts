import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Api } from './start-api.ts';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const api = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts the command line, in a process of its own, on the database of an app (or on whatever `env` says).
 */
export function startCli(
  on: Pick<Api, 'databaseUrl' | 'secret'> | undefined,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const variables = { ...(on && { DATABASE_URL: on.databaseUrl, SECRET_KEY: on.secret }), ...env };
  return spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
    cwd: api,
    env: { PATH: process.env.PATH, DATA_DIR: '/nowhere', ...variables },
  });
}

/** Runs a command to its end, with `input` on its standard input. */
export async function runCli(
  on: Pick<Api, 'databaseUrl' | 'secret'> | undefined,
  args: readonly string[],
  input = '',
  env = {},
) {
  const child = startCli(on, args, env);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, stdout, stderr };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
