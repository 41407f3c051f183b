import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const tools = fileURLToPath(new URL('../../../tools/node-gyp', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Copies the script to a folder that every user may read. */
function copyScript(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  for (const file of ['node-gyp.mjs', 'debian-packages.mjs'])
    copyFileSync(join(tools, file), join(folder, file));
  return join(folder, 'node-gyp.mjs');
}

test('npm puts the script in the place of node-gyp, and copies it before packages are compiled', () => {
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(lockfile.packages['node_modules/node-gyp']).toMatchObject({ resolved: 'file:tools/node-gyp' });
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^install-links=true$/m);
});

test('The script runs the node-gyp of npm if the build tools are installed', () => {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['exec', '--call', `node ${join(tools, 'node-gyp.mjs')} --version`],
    {
      cwd: root,
      encoding: 'utf8',
      // The variables say that the tools are there, so nothing is installed on the machine that runs this test. npm's
      // warnings would be about settings of this machine.
      env: { ...process.env, PYTHON: 'python3', MAKE: 'make', CXX: 'g++', npm_config_loglevel: 'error' },
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^v\d+\.\d+\.\d+\s*$/);
});

test('Without build tools, and without the right to install them, the script says in one line what to install', () => {
  const { PYTHON, MAKE, CXX, NODE_GYP_FORCE_PYTHON, npm_config_python, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [copyScript(), 'rebuild'], {
    encoding: 'utf8',
    env: { ...env, PATH: '/nowhere', npm_package_name: 'sqlite3' },
    ...(process.getuid?.() === 0 && { uid: 65_534, gid: 65_534 }),
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(
    /^To compile sqlite3, npm needs python3, make, g\+\+: .*apt-get install python3 make g\+\+.*\n$/,
  );
});

test('In a folder whose path make cannot work with, the script says so before it compiles', () => {
  const folder = join(temporaryFolder(), 'My projects');
  mkdirSync(folder);
  const { status, stderr } = spawnSync(process.execPath, [copyScript(), 'rebuild'], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, npm_package_name: 'sqlite3' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain(
    `make cannot work in a folder whose path has a space: ${folder}. Move the checkout`,
  );
});
