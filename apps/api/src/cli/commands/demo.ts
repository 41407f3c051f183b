import { Command } from 'commander';
import { withServices } from '../open.ts';
import { here } from '../operator.ts';
import type { Terminal } from '../terminal.ts';

/** `demo`: the demo rows after they are loaded. */
export function demoCommand(terminal: Terminal): Command {
  return new Command('demo').description('remove the demo rows').addCommand(removeCommand(terminal));
}

function removeCommand({ readConfig, print }: Terminal): Command {
  return new Command('remove')
    .description(
      'remove the users that still have their published passwords, with their posts, and the demo players; make an ' +
        'admin of your own first',
    )
    .action(async () => {
      const { uids, players } = await withServices(readConfig(), ({ demoUsers }) => demoUsers.remove(here));
      print(uids.length > 0 ? `Removed with their posts: ${uids.join(', ')}.` : 'There are no demo users.');
      if (players > 0) print(`Removed demo players: ${players}.`);
    });
}
