import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Nodes on which Signet runs, by their major version: package.json's `engines`. */
export const nodeVersions = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' } as const;

export type NodeMajor = keyof typeof nodeVersions;

export const nodeMajors = [20, 22, 24] as const satisfies readonly NodeMajor[];

const cache = fileURLToPath(new URL('../../../node_modules/.cache/signet-nodes', import.meta.url));

/**
 * The path of a Node of that version, which npm installs from the registry the first time (about 40 MB). Throws if
 * npm fails; npm's messages are on stderr.
 */
export function installNode(major: NodeMajor): string {
  const version = nodeVersions[major];
  if (process.versions.node === version) return process.execPath;
  const folder = join(cache, version);
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // A package.json of its own, or npm would take the repository for the project to install into.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--workspaces=false', '--no-audit', '--no-fund', `${name}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: isWindows,
  });
  return program;
}
