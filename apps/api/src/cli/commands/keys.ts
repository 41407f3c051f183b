import { resolve } from 'node:path';
import { Algorithm } from '@signet/contracts';
import { Command, Option } from 'commander';
import { generateKey, variablesFor, writeKey } from '../generate-key.ts';
import type { Terminal } from '../terminal.ts';

/** `keys`: makes what tokens are signed with. */
export function keysCommand(terminal: Terminal): Command {
  return new Command('keys').description('make keys').addCommand(generateCommand(terminal));
}

function generateCommand({ print, note }: Terminal): Command {
  return new Command('generate')
    .description('make a key to sign tokens with')
    .addOption(
      new Option('--alg <algorithm>', 'the algorithm to sign with')
        .choices(Algorithm.options)
        .default('HS256'),
    )
    .option(
      '--out <file>',
      'write the key to this file, with mode 0600; an existing file is never overwritten',
    )
    .action(({ alg, out }: { alg: Algorithm; out?: string }) => {
      const key = generateKey(alg);
      if (out === undefined) return print(key.trimEnd());
      writeKey(out, key);
      // Absolute, because the API may run in another folder.
      note(`The key is in ${out}. The API signs with it under ${variablesFor(alg, resolve(out))}`);
    });
}
