import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Expressions that made this project hard to read, with plain ones. The glossary and this file may contain
 * them.
 */
const refused: readonly (readonly [pattern: string, instead: string])[] = [
  ['whoever', 'a caller, a user, everyone who'],
  ['anew', 'again'],
  ['mend(?:s|ed|ing)?', 'fix'],
  ['in a circle', 'deadlock'],
  ['(?:is|are|was|were) none', 'is not a valid …, does not exist'],
  ['what is waited for', 'the name of the thing'],
  ['taken back', 'rolled back, revoked, refunded'],
  ['nobody may', 'the name of the actor, and what the actor cannot do'],
];

const endings = ['ts', 'tsx', 'mjs', 'md', 'sh', 'template', 'yml'];
const excluded = ['docs/glossary.md', 'tools/check-words.ts'];

const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trimEnd();
const hits = listFiles().flatMap((file) => findWords(file, readFileSync(join(root, file), 'utf8')));
for (const hit of hits) process.stderr.write(`${hit}\n`);
process.exitCode = hits.length > 0 ? 1 : 0;

/** The files in git's index that still exist, as paths from the root. */
function listFiles(): string[] {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, 'ls-files', '-z', ...args], { encoding: 'utf8' })
      .split('\0')
      .filter((file) => file !== '');
  const deleted = new Set([...git('--deleted'), ...excluded]);
  return git('--', ...endings.map((ending) => `*.${ending}`)).filter((file) => !deleted.has(file));
}

/** One line for each hit: file, line, what stands there, and what to write instead. */
function findWords(file: string, text: string): string[] {
  return refused.flatMap(([pattern, instead]) =>
    [...text.matchAll(expressionOf(pattern))].map(({ 0: word, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line}: "${word.replaceAll(/[\s*/#]+/g, ' ')}": write ${instead}.`;
    }),
  );
}

/** Matches the words also where a comment breaks its line between two of them. */
function expressionOf(pattern: string): RegExp {
  return new RegExp(`\\b${pattern.replaceAll(' ', '[\\s*/#]+')}\\b`, 'gi');
}
