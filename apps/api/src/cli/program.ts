import { Command } from 'commander';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importFlaskCommand } from './commands/import-flask.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { seedCommand } from './commands/seed.ts';
import { sessionsCommand } from './commands/sessions.ts';
import { userCommand } from './commands/user.ts';
import type { Terminal } from './terminal.ts';

/** Every command. None prints a password, and none takes one as an argument. */
const commands = [
  migrateCommand,
  seedCommand,
  demoCommand,
  userCommand,
  sessionsCommand,
  keysCommand,
  backupCommand,
  restoreCommand,
  importFlaskCommand,
  doctorCommand,
];

/**
 * The command line. It throws instead of exiting: `CommanderError`, `UsageError`, `ConfigError`, or what the
 * work throws.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('signet').description(
    'Runs an installation of Signet. It reads the same environment as the API: DATABASE_URL, DATA_DIR and so on.',
  );
  for (const make of commands) program.addCommand(make(terminal));
  applySettings(program);
  return program;
}

/** commander copies settings only to commands that it makes itself, so they are set on the whole tree. */
function applySettings(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help says more)');
  // The exit codes of the doctor are its verdict, and its own help explains them.
  if (command.name() !== 'doctor')
    command.addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 called wrongly.');
  command.commands.forEach(applySettings);
}
