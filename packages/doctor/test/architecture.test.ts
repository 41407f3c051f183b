import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

type Module = { readonly file: string; readonly text: string; readonly imports: readonly string[] };

const source = join(import.meta.dirname, '../src');
const thisFile = 'packages/doctor/test/architecture.test.ts';

/** From the bottom to the top. A module imports from its own layer and from those below. */
const layers = [
  /^(facts\.ts|causes\/.+)$/,
  /^(finding|fit-fix|answers|bare|allow-origin|set-cookie|precedence|red-text)\.ts$/,
  /^rules\/.+$/,
  /^(checks|diagnose)\.ts$/,
  /^index\.ts$/,
  // What asks an API from Node. The rules and the page do without it.
  /^probe\/.+$/,
];
const layerOf = (file: string) => layers.findIndex((layer) => layer.test(file));
const isProbe = (file: string) => file.startsWith('probe/');

/** What only a browser or only Node has, used as a value outside comments and texts. */
const globals = /(?<![\w.])(window|document|navigator|localStorage|sessionStorage|process|Buffer)\??\.\w/;
const commentsAndTexts = /\/\*[\s\S]*?\*\/|\/\/.*|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
const globalOf = (text: string) => globals.exec(text.replace(commentsAndTexts, ''))?.[1];

const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readModule(file.replaceAll('\\', '/'), readFileSync(join(source, file), 'utf8')));

/** What is imported by `from`, for its effect, or on demand: files of ours by their path from `src`. */
function readModule(file: string, text: string): Module {
  const found = text.matchAll(/(?:\bfrom|^import|\bimport\()\s*['"]([^'"]+)['"]/gm);
  const imports = [...found].map(([, specifier = '']) =>
    specifier.startsWith('.')
      ? relative(source, join(source, dirname(file), specifier)).replaceAll('\\', '/')
      : specifier,
  );
  return { file, text, imports };
}

function problemsOf(files: readonly Module[]): string[] {
  const known = new Map(files.map((each) => [each.file, each]));
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of known.get(from)?.imports ?? [])
      if (known.has(to) && !seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  return files.flatMap(({ file, text, imports }) => [
    ...(layerOf(file) < 0 ? [`${file} is on no layer: add it to \`layers\` in ${thisFile}`] : []),
    ...imports
      .filter((each) => known.has(each) && layerOf(each) > layerOf(file))
      .map((each) => `${file} imports ${each}, which is above it`),
    ...imports
      .filter((each) => each.startsWith('node:') && !isProbe(file))
      .map((each) => `${file} imports ${each}: only probe/ may, because the page runs the rest`),
    ...imports
      .filter((each) => !known.has(each) && !/^node:|^@signet\/contracts$/.test(each) && !isProbe(file))
      .map((each) => `${file} imports ${each}: outside probe/ only @signet/contracts is imported`),
    ...(globalOf(text) && !isProbe(file)
      ? [`${file} uses ${globalOf(text)}: rules are pure, so pass in what they need as a fact`]
      : []),
    ...(reach(file).has(file) ? [`${file} imports itself by way of others`] : []),
  ]);
}

test('The modules of the doctor, and what they import, are found.', () => {
  expect(modules.length).toBeGreaterThan(25);
  expect(modules.find(({ file }) => file === 'diagnose.ts')?.imports).toContain('rules/token.ts');
  expect(modules.find(({ file }) => file === 'causes/load-cause.ts')?.imports).toContain('causes/grant.ts');
});

test('Rules and causes run in a browser and in Node, imports point one way, and only the probe knows Node.', () => {
  expect(problemsOf(modules)).toEqual([]);
});

test.each([
  ["import { isIP } from 'node:net';", /imports node:net: only probe/],
  ["const net = await import('node:net');", /imports node:net: only probe/],
  ["import { getDomain } from 'tldts';", /imports tldts: outside probe/],
  ["import { useState } from 'react';", /imports react: outside probe/],
  ["import { diagnose } from '../diagnose.ts';", /imports diagnose.ts, which is above it/],
  ["import { probe } from '../probe/probe.ts';", /imports probe\/probe.ts, which is above it/],
  ['const here = window.location.href;', /uses window/],
  ['const seen = localStorage.getItem(key);', /uses localStorage/],
  ['const shown = document.title;', /uses document/],
  ['const settings = process.env;', /uses process/],
])('A violation in a rule is noticed: %s', (text, problem) => {
  const planted = readModule('rules/token.ts', text);
  const others = modules.filter(({ file }) => file !== planted.file);
  expect(problemsOf([...others, planted])).toContainEqual(expect.stringMatching(problem));
});

test('A cycle, also one of types, and a module on no layer are noticed.', () => {
  const planted = [
    readModule('causes/a.ts', "import type { B } from './b.ts';"),
    readModule('causes/b.ts', "import type { A } from './a.ts';"),
    readModule('helpers.ts', ''),
  ];
  expect(problemsOf(planted)).toEqual([
    'causes/a.ts imports itself by way of others',
    'causes/b.ts imports itself by way of others',
    `helpers.ts is on no layer: add it to \`layers\` in ${thisFile}`,
  ]);
});
