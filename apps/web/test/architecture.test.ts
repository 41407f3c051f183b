import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { paths } from '../src/pages/paths.ts';

/** From the bottom up. `may` names what a layer may import besides itself; a page is itself a layer of its own. */
const layers = [
  { name: 'browser', files: /^browser\//, may: [] },
  { name: 'ui', files: /^ui\//, may: ['browser'] },
  { name: 'config', files: /^config\.ts$/, may: ['contracts'] },
  { name: 'token', files: /^token\//, may: ['contracts', 'ui'] },
  { name: 'session', files: /^session\//, may: ['contracts', 'browser', 'token'] },
  {
    name: 'what pages share',
    files: /^pages\/((?!.*-page\.)[^/]+|errors\/.+)$/,
    may: ['contracts', 'browser', 'ui', 'token', 'session'],
  },
  {
    name: 'page',
    files: /^pages\//,
    may: ['contracts', 'doctor', 'browser', 'ui', 'token', 'session', 'what pages share'],
  },
  { name: 'page modules', files: /^page-modules\.ts$/, may: ['what pages share', 'page'] },
  {
    name: 'app',
    files: /^(app\.tsx|first-queries\.ts)$/,
    may: ['contracts', 'ui', 'session', 'what pages share', 'page', 'page modules'],
  },
  {
    name: 'main',
    files: /^(main\.tsx|styles\.css)$/,
    may: ['browser', 'config', 'session', 'what pages share', 'page modules', 'app'],
  },
  { name: 'entry', files: /^entry\.ts$/, may: ['session', 'page modules', 'main'] },
];
const layerOf = (file: string) =>
  // Not `@signet/doctor/probe`: that is the part which needs Node.
  /^@signet\/(contracts|doctor(?!\/probe))/.exec(file)?.[1] ??
  layers.find(({ files }) => files.test(file))?.name;

/** What a page may import of the page layer: its own folder; for a page that is one file, itself. */
const pageOf = (file: string) => /^pages\/[^/]+/.exec(file)?.[0];

const root = join(import.meta.dirname, '../src');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const modules = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.\w+$/.test(file))
    .map((file) => [file, importsOf(file)]),
);

/** Of ours: static, lazy and type imports, as paths from `src`; what is of Node, which no layer may import. */
function importsOf(file: string): string[] {
  return [
    ...textOf(file).matchAll(/(?:\bfrom|^import|\bimport\()\s*'(\.[^']*|@signet\/[^']*|node:[^']*)'/gm),
  ].map(([, specifier = '']) => (specifier.startsWith('.') ? join(dirname(file), specifier) : specifier));
}

test('the source files and their static, lazy and type imports are found', () => {
  expect(modules.get('app.tsx')).toContain('pages/errors/error-page.tsx');
  expect(modules.get('page-modules.ts')).toContain('pages/home/home-page.tsx');
  expect(modules.get('session/flow.ts')).toContain('@signet/contracts');
});

test('every file under src is on a layer', () => {
  const strays = [...modules.keys()].filter((file) => layerOf(file) === undefined);
  expect(
    strays,
    'Add the folder to `layers` in apps/web/test/architecture.test.ts, with what it may import',
  ).toEqual([]);
});

test('every import stays on its layer or goes down to a layer that it may use', () => {
  const violations = [...modules].flatMap(([file, imports]) => {
    const layer = layers.find(({ name }) => name === layerOf(file));
    return imports
      .filter((imported) => {
        const target = layerOf(imported);
        if (target === 'page' && layer?.name === 'page') return pageOf(file) !== pageOf(imported);
        return target !== layer?.name && !layer?.may.some((name) => name === target);
      })
      .map((imported) => `${file} (${layer?.name}) imports ${imported} (${layerOf(imported)})`);
  });
  expect(violations).toEqual([]);
});

test('no file imports itself through others', () => {
  const reachableFrom = (file: string, seen = new Set<string>()): Set<string> => {
    for (const next of modules.get(file) ?? []) if (!seen.has(next)) reachableFrom(next, seen.add(next));
    return seen;
  };
  expect([...modules.keys()].filter((file) => reachableFrom(file).has(file))).toEqual([]);
});

test('every change goes through useSubmit, so that a double click sends one request', () => {
  const users = [...modules.keys()].filter((file) => /\b(useMutation|mutateAsync)\b/.test(textOf(file)));
  expect(users).toEqual(['pages/use-submit.ts']);
});

test('every page is imported by page-modules.ts on demand, or by app.tsx as part of the frame', () => {
  const pages = [...modules.keys()].filter((file) => file.endsWith('-page.tsx'));
  const imported = ['page-modules.ts', 'app.tsx'].flatMap((file) => modules.get(file) ?? []);
  const missing = pages.filter((file) => !imported.includes(file));
  const fix = (file: string) =>
    `apps/web/src/${file} is never shown: give it a path in pages/paths.ts, a line in page-modules.ts, and a lazyPart and a Route in app.tsx.`;
  expect(pages.length).toBeGreaterThan(10);
  expect(missing.map(fix)).toEqual([]);
});

test('every path has a route in app.tsx, and a link in the navigation or on a page', () => {
  const keys = Object.keys(paths);
  const named = (text: string, use: RegExp) => new Set([...text.matchAll(use)].map(([, key]) => key));
  const routed = named(textOf('app.tsx'), /<Route path=\{paths\.(\w+)\}/g);
  const others = [...modules.keys()].filter((file) => !['app.tsx', 'pages/paths.ts'].includes(file));
  // A page that asks whether it is at a path does not lead there.
  const linked = named(others.map(textOf).join(''), /(?<!useMatch\()\bpaths\.(\w+)/g);
  expect(
    keys
      .filter((key) => !routed.has(key))
      .map((key) => `paths.${key} leads to "Page not found": give it a Route in apps/web/src/app.tsx.`),
  ).toEqual([]);
  expect(
    keys
      .filter((key) => !linked.has(key))
      .map(
        (key) =>
          `nothing leads to paths.${key}: add it to apps/web/src/pages/sections.ts, or link to it on a page.`,
      ),
  ).toEqual([]);
});

/** The keys of the endpoints that the app calls. */
const called = new Set(
  [...modules.keys()].flatMap((file) =>
    [...textOf(file).matchAll(/\b[cC]all\w*(?:\([^()]*\))?\(\s*endpoints\.(\w+)/g)].map(
      ([, key = '']) => key,
    ),
  ),
);
const testText = (isMeant: (file: string) => boolean) =>
  readdirSync(import.meta.dirname)
    .filter(isMeant)
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('');

test('the fake API answers every endpoint that the app calls', () => {
  const fakes = testText((file) => /^fake-(api|feed)\.ts$/.test(file));
  const unknown = [...called].filter((key) => !new RegExp(`^ +${key}: `, 'm').test(fakes));
  expect(called.size).toBeGreaterThan(20);
  expect(
    unknown.map(
      (key) => `the fake API does not know ${key}: add it to \`handlers\` in apps/web/test/fake-api.ts.`,
    ),
  ).toEqual([]);
});

test('every endpoint that the app calls is named by a test, which refuses, delays or counts its calls', () => {
  const tests = testText((file) => /\.test\.tsx?$/.test(file));
  const untested = [...called].filter((key) => !tests.includes(`'${key}'`));
  expect(
    untested.map(
      (key) =>
        `no test knows what the page shows when ${key} fails: add one to apps/web/test, with api.respond('${key}', …).`,
    ),
  ).toEqual([]);
});
