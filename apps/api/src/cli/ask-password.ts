import { text } from 'node:stream/consumers';
import { read } from 'read';
import { UsageError } from './usage-error.ts';

/**
 * A password from the terminal, typed twice and not shown, or the first line of standard input where that is
 * no terminal or `fromStdin` says so. Never from the arguments: those are in the list of processes and in the
 * shell's history.
 */
export async function askPassword({
  fromStdin = false,
}: {
  fromStdin?: boolean | undefined;
}): Promise<string> {
  if (fromStdin || !process.stdin.isTTY) {
    const [line = ''] = (await text(process.stdin)).split(/\r?\n/, 1);
    if (line === '') throw new UsageError('Standard input has no password. Give one as its first line.');
    return line;
  }
  const password = await ask('Password: ');
  if ((await ask('The same again: ')) !== password)
    throw new UsageError('The two are not the same. Nothing was changed.');
  return password;
}

// On standard error, so that what a command answers can still be piped.
function ask(prompt: string): Promise<string> {
  return read({ prompt, silent: true, output: process.stderr });
}
