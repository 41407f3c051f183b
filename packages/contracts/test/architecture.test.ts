import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Module = { readonly file: string; readonly imports: readonly string[] };

const source = fileURLToPath(new URL('../src', import.meta.url));

const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readModule(file.replaceAll('\\', '/'), readFileSync(join(source, file), 'utf8')));

/** From the bottom to the top. A module imports from its own layer and from those below. */
const layers = [
  /^(schemas\/.+|policy\/.+|problems\.ts|refusal-rules\.ts|paths\.ts)$/,
  /^endpoint\.ts$/,
  /^endpoints\.ts$/,
  /^(client|client-errors|event-stream)\.ts$/,
  /^index\.ts$/,
  /^openapi(-schemas|-examples|-answers|-descriptions)?\.ts$/,
];

/** What is imported by `from`, for its effect, or on demand: files of ours by their path from `src`. */
function readModule(file: string, text: string): Module {
  const imports = [...text.matchAll(/(?:\bfrom|^import|\bimport\()\s*['"]([^'"]+)['"]/gm)].map(
    ([, specifier = '']) =>
      specifier.startsWith('.')
        ? relative(source, join(source, dirname(file), specifier)).replaceAll('\\', '/')
        : specifier,
  );
  return { file, imports };
}

function problemsOf(files: readonly Module[]): string[] {
  const known = new Map(files.map((each) => [each.file, each]));
  const layerOf = (file: string) => layers.findIndex((layer) => layer.test(file));
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of known.get(from)?.imports ?? [])
      if (known.has(to) && !seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  return files.flatMap(({ file, imports }) => [
    ...(layerOf(file) < 0 ? [`${file} is on no layer: add it to this test`] : []),
    ...imports.filter((each) => each.startsWith('node:')).map((each) => `${file} imports ${each}`),
    ...imports
      .filter((each) => known.has(each) && layerOf(each) > layerOf(file))
      .map((each) => `${file} imports ${each}, which is above it`),
    ...(reach(file).has(file) ? [`${file} imports itself by way of others`] : []),
  ]);
}

test('the modules of contracts, and what they import, are found', () => {
  expect(modules.length).toBeGreaterThan(20);
  expect(modules.find(({ file }) => file === 'endpoints.ts')?.imports).toContain('schemas/user.ts');
  expect(modules.find(({ file }) => file === 'client.ts')?.imports).toContain('event-stream.ts');
});

test('contracts run in a browser and in Node: they import no node: module, and imports point one way', () => {
  expect(problemsOf(modules)).toEqual([]);
});

test('only the table, the client and the document are built on the parts: a schema knows no other room', () => {
  const outside = modules
    .filter(({ file }) => /^(schemas|policy)\//.test(file))
    .flatMap(({ file, imports }) => imports.map((each) => [file.split('/')[0], each] as const))
    .filter(([folder, each]) => each !== 'zod' && !each.startsWith(`${folder}/`));
  expect(outside).toEqual([]);
});

test.each([
  ["import { isIP } from 'node:net';", 'policy/origins.ts imports node:net'],
  ["import 'node:net';", 'policy/origins.ts imports node:net'],
  ["const { isIP } = await import('node:net');", 'policy/origins.ts imports node:net'],
  ["export { isIP } from 'node:net';", 'policy/origins.ts imports node:net'],
  [
    "import { endpoints } from '../endpoints.ts';",
    'policy/origins.ts imports endpoints.ts, which is above it',
  ],
  [
    "import type { Endpoint } from '../endpoint.ts';",
    'policy/origins.ts imports endpoint.ts, which is above it',
  ],
])('a violation is noticed: %s', (text, problem) => {
  const planted = readModule('policy/origins.ts', text);
  expect(problemsOf([...modules.filter(({ file }) => file !== planted.file), planted])).toContain(problem);
});

test('a cycle between two modules of one layer is noticed, and a module on no layer', () => {
  const planted = [
    readModule('schemas/a.ts', "import { b } from './b.ts';"),
    readModule('schemas/b.ts', "import { a } from './a.ts';"),
    readModule('helpers.ts', ''),
  ];
  expect(problemsOf(planted)).toEqual([
    'schemas/a.ts imports itself by way of others',
    'schemas/b.ts imports itself by way of others',
    'helpers.ts is on no layer: add it to this test',
  ]);
});
