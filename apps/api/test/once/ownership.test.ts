import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { flaskDatabase, flaskUser } from '../flask-database.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('the API and every command refuse the lesson’s database, leave it unchanged, and name import-flask', async () => {
  const file = await flaskDatabase((db) => db('users').insert(flaskUser(1)));
  const before = digestOf(file);
  const env = { DATABASE_URL: `sqlite:${file}`, SECRET_KEY: 'of no use here, and long enough for a key' };
  const commands = [
    ['migrate'],
    ['migrate', '--rollback'],
    ['migrate', '--unlock'],
    ['seed'],
    ['user', 'list'],
    ['sessions', 'end', '--user', 'user1'],
    ['import-flask', file],
    ['backup', join(temporaryFolder(), 'copy.db')],
  ];
  for (const answer of [
    await startMain(env),
    ...(await Promise.all(commands.map((args) => runCli(undefined, args, '', env)))),
  ])
    expect(answer).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/belongs to another program.*import-flask/s),
    });
  expect(digestOf(file)).toBe(before);
  expect(readdirSync(dirname(file))).toEqual(['sqlite.db']);
});

test('another program’s database is refused without a word on the lesson, and a text file is not a database', async () => {
  const other = await flaskDatabase((db) => db.raw('create table things (id integer)'), []);
  const own = (file: string) => ({ DATABASE_URL: `sqlite:${file}` });
  const refused = await runCli(undefined, ['migrate'], '', own(other));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('its tables are things') });
  expect(refused.stderr).not.toContain('import-flask');
  const notes = join(temporaryFolder(), 'notes.txt');
  writeFileSync(notes, 'this is not a database '.repeat(100));
  expect(await runCli(undefined, ['migrate'], '', own(notes))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not a SQLite database'),
  });
});

test('a folder and a damaged database are refused by their name, with what to do', async () => {
  const folder = temporaryFolder();
  expect(await runCli(undefined, ['migrate'], '', { DATABASE_URL: `sqlite:${folder}` })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${folder} is not a regular file`),
  });
  const damaged = join(folder, 'damaged.db');
  writeFileSync(damaged, readFileSync(await flaskDatabase(async () => {})).subarray(0, 700));
  expect(await runCli(undefined, ['migrate'], '', { DATABASE_URL: `sqlite:${damaged}` })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${damaged} is a damaged SQLite database. Restore a backup`),
  });
});

test('an empty file, a new file and a database of ours are accepted', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'empty.db'), '');
  for (const name of ['empty.db', 'new.db', 'new.db'])
    expect(
      await runCli(undefined, ['migrate'], '', { DATABASE_URL: `sqlite:${join(folder, name)}` }),
    ).toMatchObject({ code: 0 });
});

/** Runs the API from its source until it exits. */
async function startMain(env: Record<string, string>) {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env.PATH, DATA_DIR: '/nowhere', PORT: '0', ...env },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, stdout, stderr };
}
