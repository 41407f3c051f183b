import { join } from 'node:path';
import { runApi } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('A second API on the same SQLite file refuses to start, and names the reason', async () => {
  const DATA_DIR = temporaryFolder();
  const first = await startApi({ env: { DATA_DIR } });
  onTestFinished(first.stop);
  // However the path of the file is written.
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

test('After an API was killed, the next one starts on its SQLite file', async () => {
  const DATA_DIR = temporaryFolder();
  const first = await startApi({ env: { DATA_DIR } });
  first.kill('SIGKILL');
  await first.exit;
  const second = await startApi({ env: { DATA_DIR } });
  onTestFinished(second.stop);
  expect((await fetch(`http://127.0.0.1:${second.port}/readyz`)).status).toBe(200);
});
