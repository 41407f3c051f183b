import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Endpoint, endpoints } from '@signet/contracts';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));

/** Every source file with what it imports: files of ours by their path from `src`, packages by their name. */
const modules = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((path) => {
    const file = path.replaceAll('\\', '/');
    const text = readFileSync(join(root, file), 'utf8');
    const found = text.matchAll(/(?:\bfrom|^import|\bimport\()\s*'([^']+)'/gm);
    const imports = [...found].map(([, specifier = '']) => resolve(file, specifier));
    return { file, text, imports };
  });

/** What stands directly in `src`: a folder with its slash (`users/`), or a file (`main.ts`). */
const entryOf = (file: string) => file.replace(/\/.*/, '/');
const entries = [...new Set(modules.map(({ file }) => entryOf(file)))];

/** A noun is a folder with one of the three roles; see CONTRIBUTING.md. */
const roles = ['handlers.ts', 'service.ts', 'store.ts'];
const roleOf = (file: string) => file.replace(/.*[/-]/, '');
const isNoun = (entry: string) =>
  entry.endsWith('/') && roles.some((role) => modules.some(({ file }) => file === `${entry}${role}`));

/**
 * From the top; a file may import from its own layer and from those below. Nouns are found by their files.
 */
const layers: readonly (readonly string[])[] = [
  ['main.ts', 'explain-start.ts', 'cli.ts', 'cli/', 'process-config.ts'],
  ['app.ts', 'services.ts'],
  // Above the nouns, so that none of them reads the configuration: what they need is given to them.
  ['config/', 'metrics.ts'],
  ['nouns'],
  ['auth/'],
  ['http/'],
  ['db/', 'log.ts', 'log-output.ts', 'assets.ts', 'make-folder.ts'],
  ['clock.ts', 'errors.ts', 'pending.ts'],
];
const layerOf = (file: string) => {
  const entry = entryOf(file);
  const named = layers.findIndex((layer) => layer.includes(entry));
  return named < 0 && isNoun(entry) ? layers.findIndex((layer) => layer.includes('nouns')) : named;
};

const importersOf = (name: string) =>
  modules.filter(({ imports }) => imports.includes(name)).map(({ file }) => file);

test('the modules of the API and their imports are found', () => {
  expect(modules.length).toBeGreaterThan(40);
  expect(importersOf('errors.ts').length).toBeGreaterThan(5);
  expect(entries.filter(isNoun)).toEqual(expect.arrayContaining(['users/', 'sessions/', 'system/']));
});

test('every file and folder of src is on a layer', () => {
  const fixOf = (entry: string) =>
    entry.endsWith('/')
      ? `apps/api/src/${entry} is on no layer. A noun has ${roles.join(', ')} or some of them; any other folder ` +
        'needs its place in `layers` in apps/api/test/once/architecture.test.ts.'
      : `apps/api/src/${entry} is on no layer. Move it into a folder, or give it its place in \`layers\` in ` +
        'apps/api/test/once/architecture.test.ts.';
  expect(entries.filter((entry) => layerOf(entry) < 0).map(fixOf)).toEqual([]);
});

test('every place in the list of layers exists in src', () => {
  const places = layers.flat().filter((place) => place !== 'nouns');
  expect(places.filter((place) => !entries.includes(place))).toEqual([]);
});

test('imports point down: entry points, composition, nouns, auth, http, db, errors', () => {
  const upwards = modules.flatMap(({ file, imports }) =>
    imports
      .filter((imported) => layerOf(imported) >= 0 && layerOf(imported) < layerOf(file))
      .map((imported) => `${file} imports ${imported}, which is on a higher layer. Pass in what it needs.`),
  );
  expect(upwards).toEqual([]);
});

test('no store imports a service or handlers, and no service imports handlers', () => {
  const rankOf = (file: string) => roles.indexOf(roleOf(file));
  const backwards = modules.flatMap(({ file, imports }) =>
    imports
      .filter((imported) => rankOf(imported) >= 0 && rankOf(imported) < rankOf(file))
      .map((imported) => `${file} imports ${imported}: data flows from handlers to service to store.`),
  );
  expect(backwards).toEqual([]);
});

test('no folder of the API imports, directly or through others, a folder that imports it', () => {
  const edges = new Map<string, Set<string>>();
  for (const { file, text } of modules) {
    const from = entryOf(file);
    // Types are erased when the program runs, so only imported values tie folders together.
    const values = /^(?:import|export) (?!type )(?:[^;]*?\bfrom )?'(\.[^']+)';|\bimport\('(\.[^']+)'\)/gm;
    for (const [, fixed, dynamic] of text.matchAll(values)) {
      const to = entryOf(resolve(file, fixed ?? dynamic ?? ''));
      if (from !== to) edges.set(from, new Set([...(edges.get(from) ?? []), to]));
    }
  }
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of edges.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  expect([...edges.keys()].filter((folder) => reach(folder).has(folder))).toEqual([]);
});

test('only http/ and app.ts import Express and its middleware', () => {
  const importers = ['express', 'cors', 'cookie-parser', 'multer'].flatMap(importersOf);
  expect(importers.filter((file) => !/^(http\/|app\.ts$)/.test(file))).toEqual([]);
});

test('only auth/tokens.ts imports jsonwebtoken', () => {
  expect(importersOf('jsonwebtoken')).toEqual(['auth/tokens.ts']);
});

test('only db/ imports knex', () => {
  expect(importersOf('knex').filter((file) => !file.startsWith('db/'))).toEqual([]);
});

test('only stores, db/, the configuration and what makes the objects know a database', () => {
  const may = /(^db\/|store\.ts$|^limits\/service\.ts$|^(services|main)\.ts$|^config\/|^cli\/)/;
  expect(importersOf('db/connect.ts').filter((file) => !may.test(file))).toEqual([]);
});

test('only the entry points read the environment and the arguments, and end the process', () => {
  const may = /^(main|cli|process-config)\.ts$|^cli\//;
  const users = modules.filter(({ text }) => /process\.(env|exit\b|argv)/.test(text)).map(({ file }) => file);
  expect(users.filter((file) => !may.test(file))).toEqual([]);
});

test('only clock.ts reads the time of day', () => {
  const readers = modules.filter(({ text }) => /\bDate\.now\b|\bDate\(\)/.test(text));
  expect(readers.map(({ file }) => file)).toEqual(['clock.ts']);
});

test('every file in db/migrations is in the list of db/migrate.ts, in its order', () => {
  const names = modules.flatMap(({ file }) => /^db\/migrations\/(.*)\.ts$/.exec(file)?.[1] ?? []);
  const list = modules.find(({ file }) => file === 'db/migrate.ts')?.text ?? '';
  const missing = names.filter((name) => !list.includes(`name: '${name}'`));
  const fix = (name: string) =>
    `apps/api/src/db/migrations/${name}.ts never runs: import it in db/migrate.ts and add it to \`migrations\`.`;
  expect(missing.map(fix)).toEqual([]);
  expect([...list.matchAll(/name: '(.*?)'/g)].map(([, name]) => name)).toEqual(names.toSorted());
});

test('every table that a store or a service reads or writes is created by a migration', () => {
  const migrations = modules
    .filter(({ file }) => file.startsWith('db/migrations/'))
    .map(({ text }) => text)
    .join('');
  const created = new Set(
    [...migrations.matchAll(/\bcreate(?:Table\('| table )(\w+)/g)].map(([, name = '']) => name),
  );
  const queries = modules.flatMap(({ file, text }) =>
    [...text.matchAll(/\b(?:reader|trx)(?:<\w+>)?\('(\w+)/g)].map(([, table = '']) => ({ file, table })),
  );
  expect(new Set(queries.map(({ table }) => table)).size).toBeGreaterThan(8);
  const fix = ({ file, table }: { file: string; table: string }) =>
    `${file} queries ${table}, which no migration creates: add one to apps/api/src/db/migrations, and to the list of db/migrate.ts.`;
  expect(queries.filter(({ table }) => !created.has(table)).map(fix)).toEqual([]);
});

test('no two migrations have the same number', () => {
  const numbers = modules.flatMap(({ file }) => /^db\/migrations\/(\d+)-/.exec(file)?.[1] ?? []);
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test('every endpoint is called by a test of the API, by its method and its path', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const callOf = ({ method, path }: Endpoint) => {
    const url = path.replaceAll('.', '\\.').replace(/:\w+/g, "[^/'`?]+");
    // As in `send('GET', '/protected')` and `'GET /protected'`.
    return new RegExp(`\\b${method}\\b[',\\s]+['\`]?${url}(?=['\`?\\s])`);
  };
  const untested = Object.values<Endpoint>(endpoints).filter((endpoint) => !callOf(endpoint).test(text));
  const fix = ({ method, path }: Endpoint) =>
    `${method} ${path} is called by no test: add one to the file in apps/api/test that is named after its noun.`;
  expect(untested.map(fix)).toEqual([]);
});

test('folders of the API are named after what they hold', () => {
  const folders = new Set(modules.map(({ file }) => dirname(file)).flatMap((path) => path.split('/')));
  const vague = ['utils', 'helpers', 'common', 'shared', 'types', 'middleware', 'constants', 'lib'];
  expect(vague.filter((name) => folders.has(name))).toEqual([]);
});

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(root, join(root, dirname(file), specifier)).replaceAll('\\', '/');
}
