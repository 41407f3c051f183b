import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as rig from '@signet/rig';
import type { Stage } from './stage.ts';

export type Api = Awaited<ReturnType<typeof startApi>>;

/** A temporary folder that the stage removes. */
export function temporaryFolder(stage: Stage): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  stage.onEnd(() => stage.remove(folder));
  return folder;
}

/**
 * The built API, ready for requests, with its data in `folder`. Its log
 * has the level that it has in production.
 */
export async function startApi(
  stage: Stage,
  {
    env = {},
    folder = temporaryFolder(stage),
    node,
  }: { env?: Environment; folder?: string; node?: string } = {},
) {
  const api = runApi(stage, { DATA_DIR: folder, ...env }, node);
  return { ...api, port: await api.port(), folder };
}

type Environment = Readonly<Record<string, string>>;

/** The built API as a process that may refuse to start. The stage kills it if it still runs at the end. */
export function runApi(stage: Stage, env: Environment, node?: string) {
  const api = rig.runApi(env, node);
  stage.onEnd(() => api.end('SIGKILL'));
  return api;
}

/** A TypeScript file in a Node process of its own, which the stage kills if it still runs at the end. */
export function runScript(
  stage: Stage,
  file: string,
  args: readonly string[] = [],
  { node = process.execPath, env = {} }: { node?: string; env?: Environment } = {},
) {
  return runProgram(stage, node, ['--import', import.meta.resolve('tsx'), file, ...args], env);
}

/** Any program as a process, which the stage kills if it still runs at the end. */
export function runProgram(stage: Stage, program: string, args: readonly string[], env: Environment = {}) {
  const started = rig.runProgram(program, args, env);
  stage.onEnd(() => started.end('SIGKILL'));
  return started;
}
