import { Command } from 'commander';
import { operator } from '../../auth/operator.ts';
import { createClock } from '../../clock.ts';
import { endAllSessions } from '../end-all-sessions.ts';
import { withDatabase, withServices } from '../open.ts';
import { findUser, here } from '../operator.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** `sessions`: ends sign-ins. */
export function sessionsCommand(terminal: Terminal): Command {
  return new Command('sessions').description('end sessions').addCommand(endCommand(terminal));
}

function endCommand({ readConfig, print }: Terminal): Command {
  return new Command('end')
    .description('end all sessions of a user, or of everybody')
    .option('--user <uid>', 'user id')
    .option('--all', 'end the sessions of all users, as after a restore')
    .action(async ({ user, all }: { user?: string; all?: boolean }) => {
      if ((user === undefined) === (all === undefined)) throw new UsageError('Give --user UID or --all.');
      const config = readConfig();
      if (user === undefined) {
        const count = await withDatabase(config.database, (db) => endAllSessions(db, createClock()));
        return print(`All sessions have ended (${count}). Everybody has to sign in again.`);
      }
      await withServices(config, async (services) => {
        const { id } = await findUser(services, user);
        await services.sessionService.endAll(id, operator, here);
      });
      print(`${user} has no session any more.`);
    });
}
