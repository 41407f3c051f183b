import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import ora from 'ora';
import { createPasswords } from '../../auth/passwords.ts';
import { createClock } from '../../clock.ts';
import type { DatabaseConfig } from '../../db/connect.ts';
import { importFlask } from '../flask-import/import-flask.ts';
import { createCsvReport, describe, type ImportReport } from '../flask-import/report.ts';
import { type FlaskSource, type FlaskTable, openFlaskSource } from '../flask-import/source.ts';
import { withDatabase } from '../open.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

type Options = {
  readonly uploads?: string;
  /** False for `--no-images`. */
  readonly images: boolean;
  readonly report?: string;
  readonly dryRun?: boolean;
};

const details = `
What one value lacks does not take the row, and whatever is not imported as it stands in the file is reported:
users without a usable password, values that are changed, roles, other columns and tables. Nobody becomes an admin.
A user id that exists here already is not imported; that account keeps its own password. A demo user that still has
its published password is removed instead, and the account of the file takes its user id.

All or nothing: an import that is interrupted has changed nothing. The API can stay up; while the rows are written its
own writes wait, or are answered with 503.`;

/** `import-flask`: progress and a report around the import itself. */
export function importFlaskCommand({ readConfig, print, note }: Terminal): Command {
  return new Command('import-flask')
    .description("import users, players and posts from the lesson's Flask app; a second run adds nothing")
    .argument('<file>', 'its SQLite database, which is only read')
    .option('--uploads <folder>', 'where the images of its posts are')
    .option('--no-images', 'import posts without their images')
    .option('--report <file>', 'write what is reported to a new CSV file instead of the terminal')
    .option('--dry-run', 'report what would be done, and change nothing')
    .addHelpText('after', details)
    .action(async (file: string, options: Options) => {
      if (
        options.uploads !== undefined &&
        !statSync(options.uploads, { throwIfNoEntry: false })?.isDirectory()
      )
        throw new UsageError(`There is no folder ${options.uploads}`);
      const { database, passwords: settings } = readConfig();
      const source = await openFlaskSource(file);
      const passwords = createPasswords(settings);
      const spinner = ora({ stream: process.stderr });
      try {
        await requireImagesChoice(options, source);
        const csv = options.report === undefined ? undefined : createCsvReport(options.report);
        spinner.start(`Reading ${printable(file)}`);
        const report = await withDatabase(options.dryRun ? rehearsal(database) : database, (db) =>
          importFlask({
            db,
            source,
            passwords,
            uploads: options.images ? options.uploads : undefined,
            dryRun: options.dryRun ?? false,
            clock: createClock(),
            onFinding: (finding) => (csv ? csv.add(finding) : print(describe(finding))),
            onProgress: (task, done, of) => {
              spinner.text = `${task}: ${done} of ${of}`;
            },
          }),
        ).finally(() => csv?.close());
        spinner.succeed(options.dryRun ? 'Dry run: nothing was changed' : 'Done');
        if (options.report !== undefined) note(`The report is in ${options.report}`);
        for (const line of summarise(report)) print(line);
      } catch (error) {
        spinner.fail('Nothing was changed');
        throw error;
      } finally {
        await passwords.close();
        await source.close();
      }
    });
}

/** Throws {@link UsageError} where posts have images and nothing says what to do with them. */
async function requireImagesChoice({ uploads, images }: Options, source: FlaskSource): Promise<void> {
  if (uploads === undefined && images && (await source.hasImages()))
    throw new UsageError(
      'Posts have images. Name their folder with --uploads FOLDER, or leave the images out with --no-images.',
    );
}

/** A dry run does not even create the database. */
function rehearsal(database: DatabaseConfig): DatabaseConfig {
  return database.engine === 'sqlite' && !existsSync(database.file)
    ? { engine: 'sqlite', file: ':memory:' }
    : database;
}

function summarise({ tables, withoutPassword, orphans, hasAdmin }: ImportReport): string[] {
  const lines = (['users', 'players', 'posts'] satisfies FlaskTable[]).map((table) => {
    const { imported, present, existing, refused } = tables[table];
    const others = existing > 0 ? `, ${existing} exist already` : '';
    return `${table}: ${imported} imported, ${present} imported before${others}, ${refused} refused`;
  });
  if (orphans > 0) lines.push(`Of the posts ${orphans} were refused because their author was not imported.`);
  if (withoutPassword > 0)
    lines.push(
      `Users without a usable password: ${withoutPassword}. Set one: npm run signet -- user set-password UID`,
    );
  if (!hasAdmin) lines.push('There is no admin yet. Make one: npm run signet -- user set-role UID admin');
  return lines;
}
