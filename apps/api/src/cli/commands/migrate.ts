import { Command } from 'commander';
import { rollback, unlock } from '../../db/migrate.ts';
import { withDatabase, withSchema } from '../open.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

type Options = { readonly rollback?: boolean; readonly unlock?: boolean };

/** `migrate`: the schema, forwards and backwards. */
export function migrateCommand({ readConfig, print }: Terminal): Command {
  return new Command('migrate')
    .description('bring the schema up to date')
    .option('--rollback', 'undo the last batch of migrations, and delete the data in what it added')
    .option('--unlock', 'free the lock that an earlier version held when it was killed during a migration')
    .action(async (options: Options) => {
      if (options.rollback && options.unlock)
        throw new UsageError('Give one of --rollback and --unlock: first unlock, then roll back.');
      const { database } = readConfig();
      if (options.unlock) {
        await withSchema(database, unlock);
        return print('No migration holds the lock any more.');
      }
      if (options.rollback) {
        await withSchema(database, rollback);
        return print('The last batch of migrations is rolled back.');
      }
      await withDatabase(database, async () => undefined);
      print('The schema is up to date.');
    });
}
