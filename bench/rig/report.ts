/** One line for whoever watches. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export type Claim = { readonly holds: boolean; readonly text: string };

/** Something that must hold, with the figures that say whether it does; printed as soon as it is known. */
export function claim(holds: boolean, text: string): Claim {
  say(`  ${holds ? 'holds        ' : 'DOES NOT HOLD'}  ${text}`);
  return { holds, text };
}
