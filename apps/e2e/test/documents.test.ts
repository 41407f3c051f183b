import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, runNode } from '@signet/rig';
import { describe, expect, onTestFinished, test } from 'vitest';
import { drawChart } from '../../../bench/rig/charts.ts';
import { rows } from '../../web/src/pages/flows/rows.ts';
import { attackGroups } from '../../web/src/pages/lab/attacks.ts';
import { type Block, isExpected, listDocuments, readBlocks } from './document-blocks.ts';
import { startApi } from './start-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documents = listDocuments(root);
const blocksOf = (document: string) => readBlocks(join(root, document));
const runnable = documents.filter((document) => blocksOf(document).some(({ role }) => role === 'run'));

/** What a document asks its reader to start the API with. */
const environments: Readonly<Record<string, () => Record<string, string>>> = {
  'docs/embed.md': () => {
    const file = join(temporaryFolder(), 'signing.pem');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return { JWT_ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: file };
  },
};

/** What a reader sees who runs the document's blocks in one shell: the output of each block that is run. */
async function follow(document: string): Promise<string[]> {
  const api = await startApi({ env: environments[document]?.() ?? {} });
  onTestFinished(() => api.stop());
  const [port = 0] = await freePorts(1);
  // Only where a path follows: the issuer of tokens is an identifier, and stays.
  const here = (text: string) =>
    text
      .replaceAll(/localhost:8086(?=\/)/g, `localhost:${api.port}`)
      .replaceAll(/localhost:3000\b/g, `localhost:${port}`)
      .replaceAll('listen(3000)', `listen(${port})`);
  const folder = temporaryFolder();
  for (const name of ['apps', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  const blocks = blocksOf(document);
  for (const { role, text } of blocks)
    if (role.startsWith('file=')) writeFileSync(join(folder, role.slice(5)), here(text));
  const run = blocks.filter(({ role }) => role === 'run');
  const script = run.map(({ text }) => `${here(text)}printf '\\036'`).join('\n');
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', `set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${script}`],
    { cwd: folder, encoding: 'utf8', timeout: 120_000 },
  );
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout.split('\u001e').slice(0, -1);
}

test.each(runnable)('the commands of %s write what it says', async (document) => {
  const expected = blocksOf(document).filter(({ role }) => role === 'output');
  const outputs = await follow(document);
  expect(outputs.length).toBe(expected.length);
  expected.forEach((block, index) => {
    const output = outputs[index] ?? '';
    expect(isExpected(block, output), `The commands wrote\n${output}\nand not\n${block.text}`).toBe(true);
  });
});

test('a block that writes something else than the document says is noticed', () => {
  const text = (expected: string): Block => ({ language: 'text', role: 'output', text: expected });
  const json = (expected: string): Block => ({ language: 'json', role: 'output', text: expected });
  expect(isExpected(text('a … c\n'), 'a b c\r\n')).toBe(true);
  expect(isExpected(text('a … c'), 'a b d')).toBe(false);
  expect(isExpected(json('{"a": "…", "b": [1]}'), '{"b":[1],"a":"x"}')).toBe(true);
  expect(isExpected(json('{"a": "…"}'), '{"a":"x","b":2}')).toBe(false);
  expect(isExpected(json('{"a": 1}'), '{"a":"1"}')).toBe(false);
  expect(isExpected(json('{"a": "…"}'), '{"a":1}')).toBe(true);
  expect(isExpected(json('{"a": "…"}'), '{"a":null}')).toBe(false);
});

test('The charts beside bench/RESULTS.md show the figures of its tables', () => {
  const bench = (name: string) => readFileSync(join(root, 'bench', name), 'utf8');
  const sections = bench('RESULTS.md').split(/^## /m).slice(1);
  const drawn = sections.flatMap((section) => {
    const [name = '', ...tables] = section.trim().split(/\n{2,}/);
    const chart = drawChart(name, tables);
    return chart === undefined ? [] : [{ name, chart, isShown: section.includes(`](${name}.svg)`) }];
  });
  expect(drawn.map(({ name }) => name)).toEqual(['contenders', 'sign-in', 'revocation']);
  for (const { name, chart, isShown } of drawn)
    expect([bench(`${name}.svg`), isShown]).toEqual([chart, true]);
});

test('The lesson names attacks of the lab by the titles that their cards have', () => {
  const titles = attackGroups.flatMap(({ title, attacks }) => [title, ...attacks.map((each) => each.title)]);
  const paragraphs = readFileSync(join(root, 'docs/lesson.md'), 'utf8').split(/\n{2,}/);
  const named = paragraphs
    .filter((text) => text.includes('localhost:4100/lab)'))
    .flatMap((text) => [...text.replaceAll('\n', ' ').matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)])
    .map(([, title = '']) => title);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((title) => !titles.includes(title))).toEqual([]);
});

test.each([
  ['README.md', /sends (\w+) attacks/, attackGroups.flatMap(({ attacks }) => attacks).length],
  ['docs/lesson.md', /the table answers (\w+) questions/, rows.length],
] as const)('The number that %s gives by %s is the one of the app', (document, pattern, count) => {
  const [, word] = pattern.exec(readFileSync(join(root, document), 'utf8')) ?? [];
  const words = { ten: 10, eleven: 11, twelve: 12, fourteen: 14, fifteen: 15, sixteen: 16 };
  expect(Object.entries(words)).toContainEqual([word, count]);
});

describe.each(documents)('%s', (document) => {
  const inBlocks = blocksOf(document)
    .filter(({ language }) => ['', 'sh'].includes(language))
    .map(({ text }) => text.replaceAll('\\\n', ' '));
  const inText = [...readFileSync(join(root, document), 'utf8').matchAll(/`((?:npm run|signet) [^`]+)`/g)];
  const commands = [...inBlocks, ...inText.map(([, command = '']) => command.replaceAll('\n', ' '))]
    .join('\n')
    .replaceAll('npm run doctor -- ', 'signet doctor ');

  test('names npm scripts, files of tools and compose files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...commands.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name as string))).toEqual([]);
    const files = [
      ...commands.matchAll(/(?:\s|@)((?:tools|apps|postman|nginx|docs)\/[\w./-]+)|-f (\S+\.yml)/g),
    ];
    const paths = files
      .map(([, file, compose]) => file ?? compose ?? '')
      .filter((file) => !/\/dist\//.test(file));
    expect(paths.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('gives the command line only commands and options that it has', async () => {
    const calls = [...commands.matchAll(/\bsignet (?:-- )?([a-z][^\n|;&<>]*)/g)].map(
      ([, words = '']) => words,
    );
    for (const call of calls) {
      const [words, options] = [
        call.match(/^(?:[a-z-]+ ?)+/)?.[0].split(' ') ?? [],
        call.match(/--[a-z-]+/g),
      ];
      expect(await unknownOptions(words, options ?? []), call).toEqual([]);
    }
  });

  test('has links to files and headings that exist', () => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !leadsSomewhere(join(root, document), link))).toEqual([]);
  });

  test('gives each block that is run its output, and each output a block', () => {
    const roles = blocksOf(document).map(({ role }) => role);
    roles.forEach((role, index) => {
      if (role === 'run') expect([index, roles[index + 1]]).toEqual([index, 'output']);
      if (role === 'output') expect([index, roles[index - 1]]).toEqual([index, 'run']);
    });
  });
});

/** The options that `signet WORDS --help` does not name, or the words if there is no such command. */
async function unknownOptions(words: readonly string[], options: readonly string[]): Promise<string[]> {
  const [first = '', second = ''] = words;
  const help = await helpOf([first]);
  if (help === undefined) return [first];
  const isGroup = /^Commands:$/m.test(help);
  const text = isGroup ? await helpOf([first, second]) : help;
  if (text === undefined || (isGroup && !new RegExp(`^ +${second}(?![\\w-])`, 'm').test(help)))
    return [`${first} ${second}`];
  // `\b` would find --dry in --dry-run.
  return options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(text));
}

async function helpOf(words: readonly string[]): Promise<string | undefined> {
  const command = runNode([join(root, 'apps/api/dist/cli.js'), ...words, '--help']);
  const { code } = await command.exit;
  return code === 0 ? command.output() : undefined;
}

/** Whether a link leads to a file and, with a fragment, to a heading in it as GitHub names it. */
function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', fragment] = link.split('#');
  const file = path ? join(dirname(from), path) : from;
  if (!existsSync(file)) return false;
  if (!fragment) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return headings.includes(fragment);
}
