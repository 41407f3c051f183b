import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block: the words after its fence, and its text. */
export type Block = { readonly language: string; readonly role: string; readonly text: string };

/** README and the documents in docs/, by their path from `root`, without the decisions. */
export function listDocuments(root: string): string[] {
  const inDocs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...inDocs.map((name) => `docs/${name}`)];
}

/**
 * The fenced blocks of a document. The role is the second word after the fence: `run` is run, `output` is
 * what the block before it writes, and `file=NAME` is written to a file first.
 */
export function readBlocks(path: string): Block[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```(\S*)[ ]?(\S*)\n(.*?)^```$/gms)].map(
    ([, language = '', role = '', body = '']) => ({ language, role, text: body }),
  );
}

/** Whether the output is the expected one, in which `…` stands for any text. JSON is compared by its members. */
export function isExpected({ language, text }: Block, output: string): boolean {
  if (language === 'json') return isLike(JSON.parse(text), JSON.parse(output));
  return isTextLike(text.trim(), output.replaceAll('\r\n', '\n').trim());
}

function isLike(expected: unknown, given: unknown): boolean {
  if (expected === '…' && typeof given === 'number') return true;
  if (typeof expected === 'string' && typeof given === 'string') return isTextLike(expected, given);
  if (typeof expected !== 'object' || expected === null || typeof given !== 'object' || given === null)
    return expected === given;
  const [wanted, found] = [Object.entries(expected), new Map(Object.entries(given))];
  return wanted.length === found.size && wanted.every(([name, value]) => isLike(value, found.get(name)));
}

function isTextLike(expected: string, given: string): boolean {
  const pattern = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^]*')}$`).test(given);
}
