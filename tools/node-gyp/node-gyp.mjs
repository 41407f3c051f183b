#!/usr/bin/env node
/**
 * sqlite3 runs this as `node-gyp` when no prebuilt binary for this machine can be downloaded, so that it must be
 * compiled. No script of the root's package.json runs as early: `npm ci` runs `preinstall` after it has built the
 * dependencies.
 *
 * On Linux it first installs the missing build tools if it may, or says in one line what to install. Then it runs
 * npm's own node-gyp with the same arguments.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installPackages, obstacleTo } from './debian-packages.mjs';

const { env, execPath, platform } = process;

/** Each is installed by the Debian package of the same name. The variables are those of node-gyp and make. */
const buildTools = [
  {
    name: 'python3',
    variables: ['NODE_GYP_FORCE_PYTHON', 'npm_config_python', 'PYTHON'],
    programs: ['python3', 'python'],
  },
  { name: 'make', variables: ['MAKE'], programs: ['make'] },
  { name: 'g++', variables: ['CXX'], programs: ['g++'] },
];

// make and the shell would split or change such a path, and fail minutes later with an error that does not say so.
const [unusable] = /[\s'"`$&()<>;|*?#\\]/.exec(platform === 'win32' ? '' : process.cwd()) ?? [];
if (unusable)
  fail(
    `${env.npm_package_name ?? 'A package'} must be compiled, and make cannot work in a folder whose path has ` +
      `${unusable === ' ' ? 'a space' : unusable}: ${process.cwd()}. Move the checkout to another folder.`,
  );

const missing = platform === 'linux' ? buildTools.filter((tool) => !isInstalled(tool)) : [];
if (missing.length > 0) provide(missing.map(({ name }) => name));

// npm sets this for every script to the node-gyp that it brings.
const { npm_config_node_gyp: nodeGyp } = env;
if (!nodeGyp) fail('This node-gyp runs in scripts of npm only.');
const { status } = spawnSync(execPath, [nodeGyp, ...process.argv.slice(2), ...localHeaders()], {
  stdio: 'inherit',
});
process.exit(status ?? 1);

/** @param {(typeof buildTools)[number]} tool */
function isInstalled({ variables, programs }) {
  const folders = (env.PATH ?? '').split(delimiter);
  return (
    variables.some((name) => env[name]) ||
    programs.some((program) => folders.some((folder) => existsSync(join(folder, program))))
  );
}

/**
 * Installs the packages, or ends the process with one line that says what to install.
 *
 * @param {readonly string[]} packages
 */
function provide(packages) {
  const purpose = `To compile ${env.npm_package_name ?? 'a package'}, npm needs ${packages.join(', ')}`;
  const obstacle = obstacleTo(packages);
  if (obstacle) fail(`${purpose}: ${obstacle}`);
  process.stdout.write(`${purpose} (apt-get install ${packages.join(' ')})\n`);
  try {
    installPackages(packages);
  } catch {
    fail(`${purpose}, and apt-get could not install them: see its output above.`);
  }
}

/**
 * The argument for the headers that came with this very Node, as in its Docker images. Without it node-gyp
 * downloads them.
 */
function localHeaders() {
  const prefix = join(dirname(execPath), '..');
  const file = join(prefix, 'include', 'node', 'node_version.h');
  if (env.npm_config_nodedir || !existsSync(file)) return [];
  const header = readFileSync(file, 'utf8');
  const version = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(header)?.[1],
  );
  return version.join('.') === process.versions.node ? [`--nodedir=${prefix}`] : [];
}

/**
 * @param {string} line
 * @returns {never}
 */
function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
