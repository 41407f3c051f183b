import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import ora from 'ora';
import type { DatabaseConfig } from '../../db/connect.ts';
import { type ImportReport, importFlask } from '../flask-import/import-flask.ts';
import { type FlaskTable, openFlaskSource } from '../flask-import/source.ts';
import { withDatabase } from '../open.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

type Options = { readonly uploads?: string; readonly dryRun?: boolean };

/** `import-flask`: what the importing itself leaves to a terminal, which is progress and a report. */
export function importFlaskCommand({ readConfig, print }: Terminal): Command {
  return new Command('import-flask')
    .description(
      "take over users, players and posts from the lesson's Flask app; doing it again adds nothing",
    )
    .argument('<file>', 'its SQLite database, which is only read')
    .option('--uploads <folder>', 'where its posts have their images')
    .option('--dry-run', 'report what would be done, and change nothing')
    .addHelpText(
      'after',
      '\nAll or nothing: interrupted, it has changed nothing. The API may go on running; until the end its writes wait, or answer 503.',
    )
    .action(async (file: string, { uploads, dryRun = false }: Options) => {
      if (uploads !== undefined && !statSync(uploads, { throwIfNoEntry: false })?.isDirectory())
        throw new UsageError(`There is no folder ${uploads}`);
      const { database } = readConfig();
      const source = await openFlaskSource(file);
      const spinner = ora({ stream: process.stderr }).start(`Reading ${file}`);
      try {
        const report = await withDatabase(dryRun ? rehearsal(database) : database, (db) =>
          importFlask({
            db,
            source,
            uploads,
            dryRun,
            onRefusal: (table, id, reason) => print(`${table} ${String(id)} refused: ${reason}`),
            onProgress: (table, done, of) => {
              spinner.text = `${table}: ${done} of ${of}`;
            },
          }),
        );
        spinner.succeed(dryRun ? 'Dry run: nothing was changed' : 'Done');
        summarise(report, print);
      } catch (error) {
        spinner.fail('Nothing was changed');
        throw error;
      } finally {
        await source.close();
      }
    });
}

/** A dry run does not even make the database. */
function rehearsal(database: DatabaseConfig): DatabaseConfig {
  return database.engine === 'sqlite' && !existsSync(database.file)
    ? { engine: 'sqlite', file: ':memory:' }
    : database;
}

function summarise({ tables, hasAdmin }: ImportReport, print: (line: string) => void): void {
  for (const table of ['users', 'players', 'posts'] satisfies FlaskTable[]) {
    const { taken, present, refused } = tables[table];
    print(`${table}: ${taken} taken over, ${present} there already, ${refused} refused`);
  }
  if (!hasAdmin)
    print('Nobody is an admin yet. Make somebody one: npm run signet -- user set-role UID admin');
}
