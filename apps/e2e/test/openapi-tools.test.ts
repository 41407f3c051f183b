import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from '@signet/rig';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';

const tools = fileURLToPath(new URL('../openapi', import.meta.url));
const modules = join(tools, 'node_modules');

let api: Api;
/** Below `node_modules`, so that the clients find the packages that they import. */
let folder: string;
let file: string;

beforeAll(async () => {
  if (!isInstalled())
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: tools, stdio: 'pipe' });
  api = await startApi();
  mkdirSync(join(modules, '.clients'), { recursive: true });
  folder = mkdtempSync(join(modules, '.clients', 'run-'));
  // Without it Node takes the programs for CommonJS.
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  file = join(folder, 'openapi.json');
  writeFileSync(file, await (await fetch(`${api.url}/openapi.json`)).text());
});

afterAll(async () => {
  await api?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Whether every tool is there in the version that package.json names. */
function isInstalled(): boolean {
  const { dependencies } = readJson(join(tools, 'package.json')) as { dependencies: Record<string, string> };
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = join(modules, name, 'package.json');
    return existsSync(manifest) && (readJson(manifest) as { version: string }).version === version;
  });
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Runs a script of the tools to its end. What it wrote is the message if it fails. */
async function run(script: string, ...args: string[]): Promise<string> {
  const tool = runNode([join(modules, script), ...args], { HOME: folder });
  const { code } = await tool.exit;
  expect(code, tool.output() + tool.errors()).toBe(0);
  return tool.output();
}

/** Type-checks a program with a generated client under `strict`, and runs it. */
async function checkAndRun(program: string): Promise<string> {
  const source = join(folder, program);
  cpSync(join(tools, program), source);
  const flags =
    '--noEmit --strict --skipLibCheck --target es2023 --module esnext --moduleResolution bundler --allowImportingTsExtensions --types node';
  await run('typescript/bin/tsc', ...flags.split(' '), '--typeRoots', join(modules, '@types'), source);
  const client = runNode(['--import', import.meta.resolve('tsx'), source, api.url]);
  await client.exit;
  return client.output() + client.errors();
}

test('Spectral finds nothing in the document, not even a hint, by its recommended rules', async () => {
  const rules = ['--ruleset', join(tools, 'spectral.json'), '--fail-severity', 'hint'];
  await run('@stoplight/spectral-cli/dist/index.js', 'lint', ...rules, file);
});

test('Spectral would find an example that its schema refuses', async () => {
  const broken = join(folder, 'broken.json');
  const text = readFileSync(file, 'utf8').replace('"username":"toby"', '"username":7');
  writeFileSync(broken, text);
  const args = ['lint', '--ruleset', join(tools, 'spectral.json'), broken];
  const lint = runNode([join(modules, '@stoplight/spectral-cli/dist/index.js'), ...args]);
  await lint.exit;
  expect(lint.output()).toContain('oas3-valid-media-example');
});

test('a client with the types of openapi-typescript type-checks, signs in, and reads who it is', async () => {
  await run('openapi-typescript/bin/cli.js', file, '--output', join(folder, 'paths.ts'));
  expect(await checkAndRun('sign-in-by-fetch.ts')).toBe('toby token_missing\n');
});

test('a client that @hey-api/openapi-ts makes type-checks, signs in, and reads who it is', async () => {
  await run(
    '@hey-api/openapi-ts/bin/run.js',
    '--input',
    file,
    '--output',
    join(folder, 'sdk'),
    '--no-log-file',
  );
  expect(await checkAndRun('sign-in-by-sdk.ts')).toBe('toby token_missing\n');
});
