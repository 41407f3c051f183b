import { CommanderError } from 'commander';
import { printableLines } from './cli/printable.ts';
import { createProgram } from './cli/program.ts';
import { UsageError } from './cli/usage-error.ts';
import { ConfigError } from './config/config-error.ts';
import { AppError } from './errors.ts';
import { readProcessConfig } from './process-config.ts';

/** For scripts: 0 done, 1 failed, 2 called wrongly. */
const exitCodes = { failed: 1, usage: 2 } as const;

const program = createProgram({
  readConfig: readProcessConfig,
  print: (line) => void process.stdout.write(`${printableLines(line)}\n`),
  note: (line) => void process.stderr.write(`${printableLines(line)}\n`),
  exitWith: (code) => {
    process.exitCode = code;
  },
});

// A reader that closes the pipe early (`| head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.failed),
);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  // commander has already printed the error, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  process.stderr.write(`${printableLines(messageOf(error))}\n`);
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  if (error instanceof AppError) return error.message;
  return `Failed: ${error instanceof Error ? error.message : String(error)}`;
}
