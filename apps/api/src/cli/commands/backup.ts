import { Command } from 'commander';
import { createClock } from '../../clock.ts';
import { requireOwnFile } from '../../db/ownership.ts';
import { backup } from '../backup.ts';
import { restore } from '../restore.ts';
import type { Terminal } from '../terminal.ts';

/** `backup`: a copy of a SQLite database in use. */
export function backupCommand({ readConfig, note }: Terminal): Command {
  return new Command('backup')
    .description('copy the SQLite database to FILE while it is in use')
    .argument('<file>', 'where to write the copy; an existing file is never overwritten')
    .action(async (file: string) => {
      const { database } = readConfig();
      await requireOwnFile(database);
      await backup(database, file);
      note(`The backup is complete: ${file}`);
    });
}

/** `restore`: puts a backup in the place of the SQLite database. */
export function restoreCommand({ readConfig, print, note }: Terminal): Command {
  return new Command('restore')
    .description('replace the SQLite database by the backup FILE, and end all sessions')
    .argument('<file>', 'a file that `backup` wrote')
    .addHelpText(
      'after',
      '\nStop the API first. The database that is replaced stays beside the new one. The key is not part of a backup.',
    )
    .action(async (file: string) => {
      const { sessions, kept } = await restore(readConfig().database, file, createClock());
      print(`The backup is restored. All sessions have ended (${sessions}): everybody has to sign in again.`);
      if (kept !== undefined) note(`The database before it is ${kept}`);
    });
}
