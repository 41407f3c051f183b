import { execFile } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findInitdb } from '@signet/rig';
import knex, { type Knex } from 'knex';
import { runProgram, startApi, temporaryFolder } from '../../rig/api.ts';
import { createCaller, json, signIn } from '../../rig/calls.ts';
import { pictureOf } from '../../rig/pictures.ts';
import { openDatabase } from '../../rig/users.ts';
import { type Group, type Place, password, type Scene, told } from './recipe.ts';

const cli = fileURLToPath(new URL('../../../apps/api/dist/cli.js', import.meta.url));

/** The built command line on the data of a place; it is killed if it takes more than a minute. */
async function runCli({ stage }: Scene, { env, folder }: Place, ...args: string[]) {
  const run = runProgram(stage, process.execPath, [cli, ...args], { ...env, DATA_DIR: folder });
  const timer = setTimeout(() => run.kill('SIGKILL'), 60_000);
  const { code } = await run.exit;
  clearTimeout(timer);
  return { code, said: run.output() + run.errors() };
}

/** Makes a backup as docs/operations.md says, and returns what restores it. */
async function backUp(scene: Scene, place: Place): Promise<() => Promise<void>> {
  const copy = join(temporaryFolder(scene.stage), 'copy');
  const { DATABASE_URL: url } = place.env;
  if (url === undefined) {
    await runCli(scene, place, 'backup', copy);
    return async () => void (await runCli(scene, place, 'restore', copy));
  }
  const bin = dirname(findInitdb() ?? '');
  const run = promisify(execFile);
  await run(join(bin, 'pg_dump'), ['--clean', '--if-exists', '--file', copy, url]);
  return async () => {
    const options = ['-q', '-v', 'ON_ERROR_STOP=1', '--single-transaction', '--file', copy, '--dbname', url];
    await run(join(bin, 'psql'), options);
    await runCli(scene, place, 'sessions', 'end', '--all');
  };
}

/** A database with the tables of the article's Flask app. */
async function flaskFile({ stage }: Scene, fill: (db: Knex) => Promise<unknown>): Promise<string> {
  const filename = join(temporaryFolder(stage), 'sqlite.db');
  const db = knex({ client: 'sqlite3', connection: { filename }, useNullAsDefault: true });
  const person = '_name VARCHAR(255), _uid VARCHAR(255), _password VARCHAR(255)';
  await db.raw(`create table users (id integer primary key, ${person}, _dob DATE)`);
  await db.raw(`create table players (id integer primary key, ${person}, _tokens INTEGER)`);
  await db.raw('create table posts (id integer primary key, note TEXT, image VARCHAR, "userID" INTEGER)');
  await fill(db);
  await db.destroy();
  return filename;
}

const flaskUser = (id: number, password: string) => ({
  id,
  _name: `User ${id}`,
  _uid: `user${id}`,
  _password: password,
});

/** What files bring along: databases of others, backups of our own. */
export const files: Group = {
  name: 'files',
  recipes: [
    {
      tried: 'a database with 20 costly password formats is imported, and a stranger signs in',
      expected: 'exit 0; 401 credentials_invalid within 4 s',
      isDirectOnly: true,
      async run(scene) {
        const file = await flaskFile(scene, (db) => {
          const forms = Array.from(
            { length: 20 },
            (_, index) => `pbkdf2:sha256:${5_000_000 - index}$saltsalt$${'0'.repeat(64)}`,
          );
          return db('users').insert(forms.map((form, index) => flaskUser(index + 1, form)));
        });
        const place = await scene.freshPlace();
        const { code } = await runCli(scene, place, 'import-flask', file);
        const api = await startApi(scene.stage, { env: place.env, folder: place.folder });
        const { call, close } = createCaller({ port: api.port });
        const answer = await call('POST', '/token', { body: { username: 'nobody-at-all', password: 'x' } });
        close();
        await api.end('SIGTERM');
        return `exit ${String(code)}; ${told(answer)} ${answer.ms < 4000 ? 'within 4 s' : `after ${answer.ms.toFixed(0)} ms`}`;
      },
    },
    {
      tried:
        'a database whose texts hold control characters, and whose images lead out of the folder, is imported',
      expected: 'exit 0 or 3; no control character is printed; 0 images are stored',
      isDirectOnly: true,
      async run(scene) {
        const uploads = temporaryFolder(scene.stage);
        const outside = join(temporaryFolder(scene.stage), 'outside.png');
        writeFileSync(outside, pictureOf(500));
        mkdirSync(join(uploads, 'folder'));
        symlinkSync(outside, join(uploads, 'link.png'));
        const file = await flaskFile(scene, async (db) => {
          await db('users').insert({
            ...flaskUser(1, ''),
            _name: '\x1b[2J\x1b]0;title\x07name',
            _uid: 'us\x1b[1mer',
          });
          const images = [
            '\x1b[2J\nforged line',
            '../outside.png',
            'link.png',
            outside,
            'folder',
            '/dev/zero',
          ];
          await db('posts').insert(
            images.map((image, index) => ({ id: index + 1, note: 'x', image, userID: 1 })),
          );
        });
        const place = await scene.freshPlace();
        const { code, said } = await runCli(scene, place, 'import-flask', file, '--uploads', uploads);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
        const control = /[\x00-\x08\x0b-\x1f\x7f]/.exec(said)?.[0];
        const database = openDatabase(scene.stage, place.folder, place.env.DATABASE_URL);
        const { count } = (await database('images').count({ count: '*' }).first()) ?? {};
        const printed =
          control === undefined ? 'no control character is printed' : `it prints ${JSON.stringify(control)}`;
        return `exit ${code === 0 || code === 3 ? '0 or 3' : String(code)}; ${printed}; ${Number(count)} images are stored`;
      },
    },
    {
      tried: 'a database whose table is a view that never ends is imported',
      expected: 'exit 1 at once; the API writes meanwhile',
      isDirectOnly: true,
      async run(scene) {
        const file = await flaskFile(scene, async (db) => {
          await db.raw('drop table users');
          const endless =
            'with recursive c(x) as (select 1 union all select x + 1 from c) select x as id, x as _uid, x as _name, x as _password, null as _dob from c';
          await db.raw(`create view users as ${endless}`);
        });
        const began = performance.now();
        const { code } = await runCli(scene, scene.place, 'import-flask', file);
        const wait = performance.now() - began < 30_000 ? 'at once' : 'after half a minute';
        const token = await scene.admin();
        const answer = await scene.call('POST', '/api/posts', { token, body: { note: 'meanwhile' } });
        return `exit ${String(code)} ${wait}; the API ${answer.status === 201 ? 'writes' : told(answer)} meanwhile`;
      },
    },
    {
      tried:
        'a database with users of the names of the demo is imported, one while the demo user has the published password',
      expected:
        "exit 0; toby's published password: 401 credentials_invalid, the one of the file: 200, as user; niko's new password: 200, the one of the file: 401 credentials_invalid",
      isDirectOnly: true,
      async run(scene) {
        const place = await scene.freshPlace();
        const api = await startApi(scene.stage, { env: place.env, folder: place.folder });
        const { call, close } = createCaller({ port: api.port });
        const niko = await signIn(api.port, 'niko', '123niko');
        await call('PUT', '/api/users/me/password', {
          token: niko.token,
          body: { current_password: '123niko', new_password: password },
        });
        const ofFile = 'the password of the file';
        const salt = 'saltsalt';
        const hash = pbkdf2Sync(ofFile, salt, 1000, 32, 'sha256').toString('hex');
        const file = await flaskFile(scene, (db) =>
          db('users').insert(
            ['toby', 'niko'].map((uid, index) => ({
              ...flaskUser(index + 1, `pbkdf2:sha256:1000$${salt}$${hash}`),
              _uid: uid,
            })),
          ),
        );
        const { code } = await runCli(scene, place, 'import-flask', file);
        const ask = (username: string, secret: string) =>
          call('POST', '/token', { body: { username, password: secret } });
        const published = await ask('toby', '123toby');
        const own = await ask('toby', ofFile);
        const { token } = json<{ token?: string }>(own);
        const me = json<{ role?: string }>(await call('GET', '/api/users/me', { token: token ?? '' }));
        const [changed, replaced] = [await ask('niko', password), await ask('niko', ofFile)];
        close();
        await api.end('SIGTERM');
        return `exit ${String(code)}; toby's published password: ${told(published)}, the one of the file: ${told(own)}, as ${me.role}; niko's new password: ${told(changed)}, the one of the file: ${told(replaced)}`;
      },
    },
    {
      tried: 'a backup is restored; a session that had ended, and its refresh token, are tried',
      expected: 'before 401 session_ended; after the restore 401 session_ended, 401 session_ended',
      isDirectOnly: true,
      async run(scene) {
        const place = await scene.freshPlace();
        const api = await startApi(scene.stage, { env: place.env, folder: place.folder });
        const { token, refresh_token } = await signIn(api.port);
        const restore = await backUp(scene, place);
        const first = createCaller({ port: api.port });
        await first.call('DELETE', '/api/sessions', { token });
        const before = await first.call('GET', '/protected', { token });
        first.close();
        await api.end('SIGTERM');
        await restore();
        const again = await startApi(scene.stage, { env: place.env, folder: place.folder });
        const { call, close } = createCaller({ port: again.port });
        const access = await call('GET', '/protected', { token });
        const refreshed = await call('POST', '/api/sessions/refresh', { body: { refresh_token } });
        close();
        await again.end('SIGTERM');
        return `before ${told(before)}; after the restore ${told(access)}, ${told(refreshed)}`;
      },
    },
    {
      tried:
        'somebody else on the machine reads the key and the database, and the operator overwrites a backup',
      expected: 'secret.key 600, signet.db 600, copy.db 600; the second backup exit 1',
      isDirectOnly: true,
      isForSqliteOnly: true,
      async run(scene) {
        const copy = join(scene.place.folder, 'copy.db');
        await runCli(scene, scene.place, 'backup', copy);
        const again = await runCli(scene, scene.place, 'backup', copy);
        const modes = ['secret.key', 'signet.db', 'copy.db'].map((name) => {
          const { mode } = statSync(join(scene.place.folder, name));
          return `${name} ${(mode & 0o777).toString(8)}`;
        });
        return `${modes.join(', ')}; the second backup exit ${String(again.code)}`;
      },
    },
  ],
};
