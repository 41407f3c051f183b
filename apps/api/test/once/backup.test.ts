import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';
import { startApi } from '../start-api.ts';

test('a backup during writes is whole, has all that was acknowledged before it, and overwrites nothing', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  const acknowledged: number[] = [];
  let writing = true;
  const writer = (async () => {
    while (writing) {
      // A minute has room for 120 writes of one user.
      api.advance(1);
      const { status, body } = await api.send('POST', '/api/posts', {
        token,
        body: { note: 'x'.repeat(2000) },
      });
      expect(status).toBe(201);
      acknowledged.push(body.id);
    }
  })();
  while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
  const file = join(temporaryFolder(), 'copy.db');
  const before = [...acknowledged];
  expect(await runCli(api, ['backup', file])).toMatchObject({ code: 0 });
  writing = false;
  await writer;
  expect(acknowledged.length).toBeGreaterThan(before.length);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, '..'))).toEqual(['copy.db']);

  const copy = connect({ engine: 'sqlite', file });
  try {
    expect(await copy.raw('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await copy.raw('PRAGMA foreign_key_check')).toEqual([]);
    const ids = new Set(await copy('posts').pluck('id'));
    expect(before.filter((id) => !ids.has(id))).toEqual([]);
  } finally {
    await copy.destroy();
  }

  const { mtimeMs } = statSync(file);
  expect(await runCli(api, ['backup', file])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exists already'),
  });
  expect(statSync(file).mtimeMs).toBe(mtimeMs);
});

test('a backup of nothing, or to nowhere, fails and leaves no file', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'copy.db');
  expect(
    await runCli(undefined, ['backup', file], '', { DATABASE_URL: `sqlite:${join(folder, 'none.db')}` }),
  ).toMatchObject({ code: 1 });
  writeFileSync(join(folder, 'text.db'), 'this is no database, whatever it is called');
  expect(
    await runCli(undefined, ['backup', file], '', { DATABASE_URL: `sqlite:${join(folder, 'text.db')}` }),
  ).toMatchObject({ code: 1 });
  const api = await startApi();
  expect(await runCli(api, ['backup', join(folder, 'no', 'such', 'folder')])).toMatchObject({ code: 1 });
  expect(readdirSync(folder)).toEqual(['text.db']);
});

test('the backup of a PostgreSQL database fails and names pg_dump', async () => {
  const file = join(temporaryFolder(), 'copy.db');
  const env = {
    DATABASE_URL: 'postgres://signet@127.0.0.1:1/signet',
    SECRET_KEY: randomBytes(48).toString('base64url'),
  };
  expect(await runCli(undefined, ['backup', file], '', env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('pg_dump'),
  });
  expect(existsSync(file)).toBe(false);
});
