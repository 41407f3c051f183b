import { freePorts } from '@signet/rig';
import { expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';
import { startApi } from '../start-api.ts';

test('The command doctor --json prints the report alone, and exits with 0 for a right API.', async () => {
  const api = await startApi();
  const right = ['doctor', '--api', api.url, '--origin', 'http://127.0.0.1:4100', '--json'];
  const answer = await runCli(undefined, right);
  expect([answer.code, answer.stderr]).toEqual([0, '']);
  const report = JSON.parse(answer.stdout);
  expect(Object.keys(report)).toEqual(['findings', 'notices', 'checked']);
  expect([report.findings, report.notices]).toEqual([[], []]);
});

test('The command doctor says in words what is wrong and how to fix it, and exits with 1.', async () => {
  const [port = 0] = await freePorts(1);
  // An API on the usual port of localhost, of `npm run dev`, would be another finding.
  const { code, stdout } = await runCli(undefined, ['doctor', '--api', `http://127.0.0.2:${port}`]);
  expect(code).toBe(1);
  expect(stdout).toContain('Nothing listens on');
  expect(stdout).toContain('npm run dev');
});

test.each([
  ['--origin', 'localhost:4100'],
  ['--origin', 'http://localhost:4100/'],
  ['--origin', 'HTTP://LOCALHOST:4100'],
  ['--origin', 'http://localhost:4100/feed'],
  ['--api', 'nonsense'],
  ['--api', 'ftp://localhost'],
  ['--method', 'NOT ONE WORD'],
  ['--header', 'X-Name: value'],
])(
  'The command doctor exits with 2, prints nothing and says the right form for %s %s.',
  async (option, value) => {
    const { code, stdout, stderr } = await runCli(undefined, ['doctor', option, value, '--json']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${option} ${value}: `);
  },
);

test('The command doctor names opaque-origin for the origin null.', async () => {
  const api = await startApi();
  const { code, stdout } = await runCli(undefined, [
    'doctor',
    '--api',
    api.url,
    '--origin',
    'null',
    '--json',
  ]);
  expect([code, JSON.parse(stdout).findings]).toMatchObject([1, [{ id: 'opaque-origin' }]]);
});

test('The command doctor leaves no session behind.', async () => {
  const api = await startApi();
  await runCli(undefined, ['doctor', '--api', api.url, '--origin', 'http://127.0.0.1:4100', '--json']);
  expect(await api.db('sessions').whereNull('ended_at').count({ n: '*' }).first()).toMatchObject({ n: 0 });
});
