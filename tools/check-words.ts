import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/**
 * Expressions that made this project hard to read, with plain ones. The
 * glossary and this file may contain them.
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

const kindsOfFile = /\.(?:ts|tsx|mjs|md|sh|template|yml)$/;
const excludedFolders = ['.git', '.turbo', 'node_modules', 'dist', 'coverage'];
const excludedFiles = ['docs/glossary.md', 'tools/check-words.ts'];

const hits = [...listFiles('.')].flatMap((file) => findWords(file, readFileSync(file, 'utf8')));
for (const hit of hits) process.stderr.write(`${hit}\n`);
process.exitCode = hits.length > 0 ? 1 : 0;

/**
 * The files to check below a folder, as paths from the working directory. They are not asked of git, because
 * a container may have the files without git, or with an owner that git does not trust.
 */
function* listFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && !excludedFolders.includes(entry.name)) yield* listFiles(path);
    if (entry.isFile() && kindsOfFile.test(path) && !excludedFiles.includes(path)) yield path;
  }
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
