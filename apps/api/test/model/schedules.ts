import fc from 'fast-check';
import { anyStep, type Step } from './commands.ts';
import { beginRun } from './run.ts';
import type { System } from './system.ts';

const longest = 14;

type Options = {
  readonly count: number;
  readonly seed: number;
  /** Of a failure that is to be replayed. */
  readonly path?: string | undefined;
  readonly replayPath?: string | undefined;
};

/** Runs `count` random schedules on the system, one after the other; a failing one is made as short as possible. */
export function runSchedules(system: System, { count, seed, path, replayPath }: Options) {
  const steps = fc.commands([anyStep], {
    maxCommands: longest,
    size: 'max',
    ...(replayPath !== undefined && { replayPath }),
  });
  const property = fc.asyncProperty(steps, fc.scheduler(), (given, scheduler) =>
    replay(system, given, scheduler),
  );
  return fc.check(property, { numRuns: count, seed, ...(path !== undefined && { path }) });
}

/** Runs one schedule. Throws a Violation where a promise is broken. */
export async function replay(
  system: System,
  steps: Iterable<Step>,
  scheduler = fc.schedulerFor([]),
): Promise<void> {
  const run = await beginRun(system, scheduler);
  await fc.asyncModelRun(() => ({ model: run, real: {} }), steps);
}
