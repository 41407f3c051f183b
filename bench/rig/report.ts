/** Prints one line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export type Claim = { readonly holds: boolean; readonly text: string };

/** What an experiment found out. The tables are Markdown. */
export type Findings = { readonly claims: readonly Claim[]; readonly tables: readonly string[] };

/** Prints and returns whether a promise holds, with its figures. */
export function claim(holds: boolean, text: string): Claim {
  say(`  ${holds ? 'holds        ' : 'DOES NOT HOLD'}  ${text}`);
  return { holds, text };
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
