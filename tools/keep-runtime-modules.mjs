/**
 * For the image of the API: removes everything from `node_modules` that the API does not load.
 *
 *     node tools/keep-runtime-modules.mjs apps/api/package.json node_modules
 *
 * `npm ci --omit=dev` keeps more: the tools that compile sqlite3, and optional peer dependencies of other
 * workspaces.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** The only dependency and the only files that sqlite3 loads at run time; the others are for compiling it. */
const loadedBySqlite3 = ['bindings'];
const filesOfSqlite3 = ['build', 'lib', 'package.json', 'LICENSE'];

const [manifest = '', root = ''] = process.argv.slice(2).map((path) => resolve(path));
const reached = new Set();
reach(Object.keys(readManifest(manifest).dependencies), join(root, '..', 'package.json'));
keepReached(root);
keepCompiled(join(root, 'sqlite3'));

function reach(names, fromManifest) {
  for (const name of names) {
    // Optional dependencies for other systems are not installed.
    const folder = find(name, fromManifest);
    if (folder === undefined || reached.has(folder)) continue;
    reached.add(folder);
    const { dependencies, optionalDependencies } = readManifest(join(folder, 'package.json'));
    reach(
      name === 'sqlite3' ? loadedBySqlite3 : Object.keys({ ...dependencies, ...optionalDependencies }),
      join(folder, 'package.json'),
    );
  }
}

function find(name, fromManifest) {
  const places = createRequire(fromManifest).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((folder) => existsSync(join(folder, 'package.json')));
}

function keepReached(modules) {
  for (const entry of existsSync(modules) ? readdirSync(modules) : []) {
    const folder = join(modules, entry);
    if (entry.startsWith('@')) keepReached(folder);
    else if (reached.has(folder)) keepReached(join(folder, 'node_modules'));
    else rmSync(folder, { recursive: true });
    if (entry.startsWith('@') && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  }
}

function keepCompiled(folder) {
  for (const entry of readdirSync(folder))
    if (!filesOfSqlite3.includes(entry)) rmSync(join(folder, entry), { recursive: true });
  const build = join(folder, 'build');
  const binary = join(build, 'Release', 'node_sqlite3.node');
  const compiled = readFileSync(binary);
  rmSync(build, { recursive: true });
  mkdirSync(join(build, 'Release'), { recursive: true });
  writeFileSync(binary, compiled);
}

function readManifest(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
