import { Command } from 'commander';
import { createClock } from '../../clock.ts';
import { loadDemoData } from '../../db/demo-data.ts';
import { withDatabase } from '../open.ts';
import type { Terminal } from '../terminal.ts';

/** `seed`: the article's demo rows. */
export function seedCommand({ readConfig, print }: Terminal): Command {
  return new Command('seed')
    .description('load the demo rows into a database that has no users')
    .action(async () => {
      const { database, demoData } = readConfig();
      if (!demoData)
        throw new Error(
          'The demo users have published passwords, and this configuration does not allow them. On your own machine DEMO_DATA=true does; where others reach the API, make users instead: npm run signet -- user add UID --name NAME',
        );
      const loaded = await withDatabase(database, (db) => loadDemoData(db, createClock()));
      print(
        loaded
          ? 'The demo rows are loaded: toby, niko, lex and hop can sign in.'
          : 'The database already has users; nothing was changed.',
      );
    });
}
