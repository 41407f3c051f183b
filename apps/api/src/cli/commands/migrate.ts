import { Command } from 'commander';
import { rollback } from '../../db/migrate.ts';
import { withDatabase } from '../open.ts';
import type { Terminal } from '../terminal.ts';

/** `migrate`: the schema, forwards and backwards. */
export function migrateCommand({ readConfig, print }: Terminal): Command {
  return new Command('migrate')
    .description('bring the schema up to date')
    .option('--rollback', 'undo the last batch of migrations, and delete the data in what it added')
    .action(async (options: { rollback?: boolean }) => {
      const { database } = readConfig();
      await withDatabase(database, async (db) => {
        if (options.rollback) await rollback(db);
      });
      print(options.rollback ? 'The last batch of migrations is rolled back.' : 'The schema is up to date.');
    });
}
