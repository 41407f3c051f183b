import { Command } from 'commander';
import { requireOwnFile } from '../../db/ownership.ts';
import { backup } from '../backup.ts';
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
