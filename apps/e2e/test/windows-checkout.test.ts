import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testConfiguration } from './start-nginx.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A clone as Git for Windows makes it by default: with CR LF at the end of every
 * line, unless .gitattributes forbids it.
 */
function cloneWithAutocrlf(): string {
  const folder = join(temporaryFolder(), 'clone');
  execFileSync('git', ['-c', 'core.autocrlf=true', 'clone', '--quiet', root, folder]);
  return folder;
}

test('In a clone with core.autocrlf=true every text file has the line ends of the repository', () => {
  const clone = cloneWithAutocrlf();
  const files = execFileSync('git', ['-C', clone, 'ls-files', '--eol'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /w\/(crlf|mixed)/.test(file))).toEqual([]);
});

test('In a clone with core.autocrlf=true the shell scripts run', () => {
  const clone = cloneWithAutocrlf();
  execFileSync('sh', [join(clone, 'tools/make-secrets.sh'), join(clone, 'secrets')], { stdio: 'pipe' });
  expect(readFileSync(join(clone, 'secrets/secret_key'), 'utf8')).toMatch(/^[\w-]{48}$/);
  const settings = { WEB_ORIGINS: 'http://localhost:4100' };
  expect(testConfiguration(settings, join(clone, 'nginx/start.sh'))).toMatchObject({ status: 0, said: '' });
});
