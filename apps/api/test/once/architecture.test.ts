import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));

/** Every source file with what it imports: files of ours by their path from `src`, packages by their name. */
const modules = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export) .*?from '([^']+)';/gms)].map(
      ([, specifier = '']) =>
        specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier,
    );
    return { file, text, imports };
  });

const importersOf = (name: string) =>
  modules.filter(({ imports }) => imports.includes(name)).map(({ file }) => file);
const folderOf = (file: string) => (file.includes('/') ? file.split('/', 1)[0] : undefined);

test('there are modules to look at, and their imports are seen', () => {
  expect(modules.length).toBeGreaterThan(40);
  expect(importersOf('errors.ts').length).toBeGreaterThan(5);
});

test('Express lives in http/ and where the app is composed', () => {
  for (const name of ['express', 'cors', 'cookie-parser']) {
    for (const file of importersOf(name)) expect(file).toMatch(/^(http\/|app\.ts$)/);
  }
});

test('jsonwebtoken has one importer', () => {
  expect(importersOf('jsonwebtoken')).toEqual(['auth/tokens.ts']);
});

test('only stores, db/ and what composes them know of a database', () => {
  for (const file of importersOf('knex')) expect(file).toMatch(/^db\//);
  for (const file of importersOf('db/connect.ts'))
    expect(file).toMatch(
      /(^db\/|store\.ts$|^limits\/service\.ts$|^(services|main|cli)\.ts$|^(cli|config)\/)/,
    );
});

test('the environment and the exit of the process belong to the entry points', () => {
  for (const { file, text } of modules) {
    if (!/process\.(env|exit\b|argv)/.test(text)) continue;
    expect(file).toMatch(/^(main|cli|process-config)\.ts$|^cli\//);
  }
});

test('imports point one way: entry points, app, nouns, config, auth, http, errors', () => {
  const layers = [
    /^(main|cli|process-config)\.ts$|^cli\//,
    /^(app|services)\.ts$/,
    /^(audit|images|limits|players|posts|sessions|system|users)\//,
    /^config\//,
    /^auth\//,
    /^http\//,
    /^errors\.ts$/,
  ];
  const layerOf = (file: string) => layers.findIndex((layer) => layer.test(file));
  for (const { file, imports } of modules) {
    for (const imported of imports) {
      const [from, to] = [layerOf(file), layerOf(imported)];
      if (from >= 0 && to >= 0) expect([file, imported, from <= to]).toEqual([file, imported, true]);
    }
  }
});

test('no folder imports, by whatever way, a folder that imports it', () => {
  const edges = new Map<string, Set<string>>();
  for (const { file, text } of modules) {
    const from = folderOf(file);
    // A type is gone when the program runs, so only what is imported as a value ties folders together.
    const values = [...text.matchAll(/^import (?!type )(.*?) from '(\.[^']+)';/gms)].map(
      ([, , specifier = '']) => relative(root, join(root, dirname(file), specifier)),
    );
    for (const imported of values) {
      const to = folderOf(imported);
      if (from && to && from !== to) edges.set(from, new Set([...(edges.get(from) ?? []), to]));
    }
  }
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of edges.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  for (const folder of edges.keys()) expect([folder, reach(folder).has(folder)]).toEqual([folder, false]);
});

test('folders are named after what they hold', () => {
  const folders = new Set(modules.map(({ file }) => dirname(file)).flatMap((path) => path.split('/')));
  for (const name of ['utils', 'helpers', 'common', 'shared', 'types', 'middleware', 'constants', 'lib'])
    expect(folders).not.toContain(name);
});
