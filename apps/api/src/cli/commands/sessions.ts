import { Command } from 'commander';
import { withServices } from '../open.ts';
import { findUser, here, operator } from '../operator.ts';
import type { Terminal } from '../terminal.ts';

/** `sessions`: ends sign-ins. */
export function sessionsCommand(terminal: Terminal): Command {
  return new Command('sessions').description('end sessions').addCommand(endCommand(terminal));
}

function endCommand({ readConfig, print }: Terminal): Command {
  return new Command('end')
    .description('end all sessions of a user')
    .requiredOption('--user <uid>', 'user id')
    .action(async ({ user }: { user: string }) => {
      await withServices(readConfig(), async (services) => {
        const { id } = await findUser(services, user);
        await services.sessionService.endAll(id, operator.user_id, here);
      });
      print(`${user} has no session any more.`);
    });
}
