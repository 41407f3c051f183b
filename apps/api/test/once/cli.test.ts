import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';

test('keys generate makes keys that the API takes, in files for the owner alone, and overwrites none', async () => {
  const folder = temporaryFolder();
  for (const algorithm of ['HS256', 'RS256', 'PS256', 'ES256']) {
    const file = join(folder, algorithm);
    const out = relative('.', file);
    const { code, stderr } = await runCli(undefined, ['keys', 'generate', '--alg', algorithm, '--out', out]);
    expect([code, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
    const [, variables = ''] = /under (.+)$/m.exec(stderr) ?? [];
    expect(variables).toContain(`=${file}`);
    const config = readConfig(Object.fromEntries(variables.split(' ').map((each) => each.split('='))), {
      readFile: (path) => readFileSync(path),
      defaultDataDir: folder,
    });
    expect(config.keys.algorithm).toBe(algorithm);
    const before = readFileSync(file, 'utf8');
    expect(await runCli(undefined, ['keys', 'generate', '--alg', algorithm, '--out', file])).toMatchObject({
      code: 1,
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  }
  const { stdout } = await runCli(undefined, ['keys', 'generate', '--alg', 'ES256']);
  expect(createPrivateKey(stdout).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect((await runCli(undefined, ['keys', 'generate'])).stdout).toMatch(/^[\w-]{64}\n$/);
  expect(await runCli(undefined, ['keys', 'generate', '--alg', 'none'])).toMatchObject({ code: 2 });
});

test.each([
  [['--help'], 0],
  [['user', '--help'], 0],
  [['import-flask', '--help'], 0],
  [['help', 'backup'], 0],
  [[], 2],
  [['user'], 2],
  [['nonsense'], 2],
  [['backup'], 2],
  [['migrate', '--nonsense'], 2],
])('%j exits with %i, and needs no database', async (args, code) => {
  expect(await runCli(undefined, args)).toMatchObject({ code });
});

test('a wrong configuration is explained, and exits with 1', async () => {
  expect(await runCli(undefined, ['migrate'], '', { DATABASE_URL: 'mysql://x' })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('DATABASE_URL must be'),
  });
});
