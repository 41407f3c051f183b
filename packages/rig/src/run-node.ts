import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createOutputFile } from './output-file.ts';

export type Environment = Readonly<Record<string, string>>;

export type NodeProcess = ReturnType<typeof runProgram>;

/** A process of the Node that runs this one, as `runProgram` starts it. */
export function runNode(args: readonly string[], env: Environment = {}): NodeProcess {
  return runProgram(process.execPath, args, env);
}

/**
 * A process with an IPC channel. Of this process's environment it gets `PATH` only, so that a variable
 * of the developer's shell changes no test and no measurement. Its working folder is the system's for
 * temporary files, because a program of ours must not depend on it.
 */
export function runProgram(program: string, args: readonly string[], env: Environment = {}) {
  const [output, errors] = [createOutputFile(), createOutputFile()];
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    cwd: tmpdir(),
    stdio: ['ignore', output.descriptor, errors.descriptor, 'ipc'],
  });
  const exit = once(child, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }));
  const firstMessage = new Promise<unknown>((resolve) => {
    child.once('message', resolve);
    child.once('exit', () => resolve(undefined));
  });
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  return {
    pid: pidOf(child),
    /** Resolves with the exit code, or with the signal that ended the process. */
    exit,
    /** The first message that the process sends on its IPC channel; undefined if it ends without one. */
    firstMessage,
    hasEnded: () => hasEnded(child),
    /** Sends the signal, and does not wait. */
    kill,
    /** Sends the signal, unless the process has ended, and resolves when it has. */
    end: (signal: NodeJS.Signals) => {
      if (!hasEnded(child)) kill(signal);
      return exit;
    },
    /** What it has written to standard output. */
    output: output.read,
    /** What it has written to standard error. */
    errors: errors.read,
  };
}

/** Waits until standard output matches. Throws if the process ends without writing that. */
export async function waitForOutput(
  { output, errors, hasEnded: isOver }: Pick<NodeProcess, 'output' | 'errors' | 'hasEnded'>,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  for (;;) {
    // Asked before the output is read: a process may write its last line and end between the two.
    const isLastLook = isOver();
    const found = pattern.exec(output());
    if (found) return found;
    if (isLastLook) throw new Error(`The process ended without writing ${pattern}. ${errors()}`);
    await delay(10);
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The process could not be started');
  return pid;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
