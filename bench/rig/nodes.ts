import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode, nodeMajors } from '@signet/rig';
import { say } from './report.ts';

/** A Node, and the native part of better-sqlite3 12 where that is used: unlike the others' it fits one version only. */
export type Node = {
  readonly version: string;
  readonly program: string;
  readonly sqlite: string | undefined;
};

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

/** The Nodes of the comparison: the one that runs this process, and the others of 20, 22 and 24 from npm. */
export function prepareNodes(): Node[] {
  return nodeMajors.map((major) => {
    const isOurs = process.versions.node.startsWith(`${major}.`);
    const program = isOurs ? process.execPath : installNode(major);
    const folder = join(program, '../..');
    const version = execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
    if (major >= 22) return { version, program, sqlite: undefined };
    return { version, program, sqlite: isOurs ? installedSqlite() : compileSqlite(folder, program, version) };
  });
}

function installedSqlite(): string {
  return join(packages, 'better-sqlite3/build/Release/better_sqlite3.node');
}

function compileSqlite(folder: string, program: string, version: string): string {
  const source = join(folder, 'better-sqlite3');
  const compiled = join(source, 'build/Release/better_sqlite3.node');
  if (existsSync(compiled)) return compiled;
  say(`  compiling better-sqlite3 for Node ${version}`);
  rmSync(source, { recursive: true, force: true });
  cpSync(join(packages, 'better-sqlite3'), source, {
    recursive: true,
    filter: (path) => path !== join(packages, 'better-sqlite3/build'),
  });
  execFileSync(program, [findGyp(), 'rebuild', '--release'], {
    cwd: source,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PATH: `${dirname(program)}:${process.env.PATH}`,
      // The headers in Node's own package. A variable of the machine would outrank an argument.
      npm_config_nodedir: folder,
      npm_config_loglevel: 'error',
    },
  });
  return compiled;
}

/** npm brings its own node-gyp. */
function findGyp(): string {
  const root = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  return join(root, 'npm/node_modules/node-gyp/bin/node-gyp.js');
}
