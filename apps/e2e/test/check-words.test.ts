import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const script = fileURLToPath(new URL('../../../tools/check-words.ts', import.meta.url));

/** Runs the check in a new folder with these files. */
function check(files: Record<string, string>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { status, stderr } = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, lines: stderr.split('\n').filter((line) => line !== '') };
}

// Put together from parts, because the check reads this file too.
const word = ['who', 'ever'].join('');
const phrase = ['in a', 'circle'];

test('The word check names file, line, word and replacement of each refused expression', () => {
  const result = check({
    'a.ts': `const a = 1;\n// ${word} calls this\n`,
    'b.md': `Two transactions wait ${phrase.join('\n')}.\n`,
    'deep/er/c.sh': `# They wait ${phrase.join('\n# ')}.\n`,
  });
  expect(result.lines).toEqual([
    `a.ts:2: "${word}": write a caller, a user, everyone who.`,
    `b.md:1: "${phrase.join(' ')}": write deadlock.`,
    `deep/er/c.sh:1: "${phrase.join(' ')}": write deadlock.`,
  ]);
  expect(result.status).toBe(1);
});

test('The word check accepts plain words, words that contain a refused one, other kinds of file, and packages', () => {
  const result = check({
    'a.ts': '// A recommendation: amend the newest commit, and renew the token.\n',
    'b.json': `{ "text": "${word}" }\n`,
    'node_modules/package/README.md': `Text for ${word} reads it.\n`,
  });
  expect(result).toEqual({ status: 0, lines: [] });
});
