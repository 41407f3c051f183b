import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimDatabase } from '../../src/db/claim.ts';
import { connect } from '../../src/db/connect.ts';
import { flaskDatabase } from '../flask-database.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';
import { startApi } from '../start-api.ts';

test('a restore brings the rows back, ends every session, and keeps the database that it replaces', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'signet.db');
  const backupFile = join(folder, 'backup.db');
  const api = await startApi({ env: { DATABASE_URL: `sqlite:${file}` } });
  const { token, refreshToken } = await api.signIn();
  expect(await runCli(api, ['backup', backupFile])).toMatchObject({ code: 0 });
  await api.db('posts').delete();

  // A database elsewhere, so that the API of this test can go on running.
  const elsewhere = join(folder, 'elsewhere.db');
  copyFileSync(backupFile, elsewhere);
  const other = { databaseUrl: `sqlite:${elsewhere}`, secret: api.secret };
  const db = connect({ engine: 'sqlite', file: elsewhere });
  await db('posts').delete();
  await db.destroy();
  const { code, stdout, stderr } = await runCli(other, ['restore', backupFile]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('All sessions have ended (1)')]);
  const [, kept = ''] = /The database before it is (.+)/.exec(stderr) ?? [];

  const restored = await startApi({ env: { DATABASE_URL: other.databaseUrl, SECRET_KEY: api.secret } });
  expect(await restored.db('posts').pluck('id')).toEqual([1, 2, 3, 4]);
  expect((await restored.send('GET', '/protected', { token })).body.code).toBe('session_ended');
  const refreshed = await restored.send('POST', '/api/sessions/refresh', {
    body: { refresh_token: refreshToken },
  });
  expect(refreshed.body.code).toBe('session_ended');
  await restored.signIn();

  const before = connect({ engine: 'sqlite', file: kept });
  expect(await before('posts').pluck('id')).toEqual([]);
  await before.destroy();
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('a restore makes the database where none exists', async () => {
  const api = await startApi();
  const folder = temporaryFolder();
  expect(await runCli(api, ['backup', join(folder, 'backup.db')])).toMatchObject({ code: 0 });
  const on = { databaseUrl: `sqlite:${join(folder, 'new', 'signet.db')}`, secret: api.secret };
  expect(await runCli(on, ['restore', join(folder, 'backup.db')])).toMatchObject({ code: 0, stderr: '' });
  expect((await runCli(on, ['user', 'list'])).stdout).toContain('toby');
});

test('a restore refuses a file that is not a backup, and a database that an API has, and changes nothing', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'signet.db');
  const api = await startApi({ env: { DATABASE_URL: `sqlite:${file}` } });
  const backupFile = join(folder, 'backup.db');
  await runCli(api, ['backup', backupFile]);
  writeFileSync(join(folder, 'text.db'), 'this is not a database '.repeat(100));
  writeFileSync(join(folder, 'cut.db'), readFileSync(backupFile).subarray(0, 20_000));
  const lesson = await flaskDatabase(async () => undefined);
  const refusals = [
    [join(folder, 'none.db'), 'There is no file'],
    [join(folder, 'text.db'), 'is not a SQLite database'],
    [lesson, 'is not a backup'],
    [file, 'is the database itself'],
    [join(folder, 'cut.db'), ''],
  ] as const;
  for (const [source, reason] of refusals)
    expect(await runCli(api, ['restore', source])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(reason),
    });
  const release = await claimDatabase({ engine: 'sqlite', file });
  expect(await runCli(api, ['restore', backupFile])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('another API has'),
  });
  await release();
  expect(await api.db('posts').pluck('id')).toEqual([1, 2, 3, 4]);
  expect(readdirSync(folder).filter((name) => /part|replaced/.test(name))).toEqual([]);
});

test('the restore of a PostgreSQL database fails and names pg_restore and sessions end --all', async () => {
  const env = {
    DATABASE_URL: 'postgres://signet@127.0.0.1:1/signet',
    SECRET_KEY: randomBytes(48).toString('base64url'),
  };
  expect(await runCli(undefined, ['restore', 'FILE'], '', env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/pg_restore.*sessions end --all/),
  });
});
