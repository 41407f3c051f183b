import type { Fix } from './causes/cause.ts';
import type { Target } from './facts.ts';

/** The example in the lines of the catalogue, which people copy as they are. */
const examplePage = 'http://localhost:4100';
const examplePort = 'lsof -i :8086';

/**
 * The fix with the names of this case: the page's origin in what a server lists, and the port that is looked at. The other
 * lines name what is to be chosen, and stay examples.
 */
export function fitFix(fix: Fix, { origin, api }: Target): Fix {
  const { line } = fix;
  if (line === undefined) return fix;
  if ((fix.for === 'express' || fix.for === 'nginx') && origin !== 'null')
    return { ...fix, line: line.replaceAll(examplePage, origin) };
  if (line === examplePort) return { ...fix, line: `lsof -i :${portOf(api)}` };
  return fix;
}

function portOf(api: string): string {
  const { port, protocol } = new URL(api);
  return port || (protocol === 'https:' ? '443' : '80');
}
