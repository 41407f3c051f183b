/** Prints one line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export type Claim = { readonly holds: boolean; readonly text: string };

/** Prints and returns whether a promise holds, with its figures. */
export function claim(holds: boolean, text: string): Claim {
  say(`  ${holds ? 'holds        ' : 'DOES NOT HOLD'}  ${text}`);
  return { holds, text };
}
