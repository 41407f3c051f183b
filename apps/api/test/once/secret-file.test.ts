import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resolveSecret } from '../../src/auth/secret-file.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, linkSync: vi.fn(real.linkSync), writeFileSync: vi.fn(real.writeFileSync) };
});

function makeFolder(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'signet-secret-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

test('a secret that another process makes at the same time is the secret of both', () => {
  const folder = makeFolder();
  const file = join(folder, 'secret');
  const theirs = 'the secret of the process that was first';
  const { linkSync } = fs;
  vi.mocked(fs.linkSync).mockImplementationOnce((draft, path) => {
    fs.writeFileSync(path as string, theirs);
    linkSync(draft, path);
  });
  expect(resolveSecret({ file }).toString()).toBe(theirs);
  expect(fs.readdirSync(folder)).toEqual(['secret']);
});

test('a secret that cannot be stored is not used, and leaves no draft', () => {
  const folder = makeFolder();
  vi.mocked(fs.linkSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('no links here'), { code: 'EPERM' });
  });
  expect(() => resolveSecret({ file: join(folder, 'secret') })).toThrow('no links here');
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a secret is on the disk before it is used, and readable by its owner alone from the first moment', () => {
  const file = join(makeFolder(), 'secret');
  const secret = resolveSecret({ file });
  expect(vi.mocked(fs.writeFileSync).mock.lastCall).toEqual([
    expect.stringMatching(/\.secret-/),
    secret.toString(),
    { mode: 0o600, flag: 'wx', flush: true },
  ]);
  expect(resolveSecret({ file })).toEqual(secret);
});
