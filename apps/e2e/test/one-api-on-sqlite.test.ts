import { join } from 'node:path';
import { runApi } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a second API on one SQLite is refused at its start, with the reason', async () => {
  const DATA_DIR = temporaryFolder();
  const first = await startApi({ env: { DATA_DIR } });
  onTestFinished(first.stop);
  // Whichever way the file is named.
  for (const env of [
    { DATA_DIR },
    { DATABASE_URL: `sqlite:${DATA_DIR}/./signet.db`, DATA_DIR: temporaryFolder() },
  ]) {
    const second = runApi({ ...env });
    expect(await second.exit).toEqual({ code: 1, signal: null });
    expect(second.errors()).toContain(`another API has ${join(DATA_DIR, 'signet.db')}`);
    expect(second.errors()).toContain('DATABASE_URL');
  }
  expect((await fetch(`http://127.0.0.1:${first.port}/readyz`)).status).toBe(200);
});

test('an API that was killed leaves no claim behind', async () => {
  const DATA_DIR = temporaryFolder();
  const first = await startApi({ env: { DATA_DIR } });
  first.kill('SIGKILL');
  await first.exit;
  const second = await startApi({ env: { DATA_DIR } });
  onTestFinished(second.stop);
  expect((await fetch(`http://127.0.0.1:${second.port}/readyz`)).status).toBe(200);
});
