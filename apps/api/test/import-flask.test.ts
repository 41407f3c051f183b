import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { png, sampleImages } from './image-samples.ts';
import { runCli, startCli, temporaryFolder } from './run-cli.ts';
import { startApi } from './start-api.ts';

/** Of the password `flask app 1`, made by Werkzeug's generate_password_hash. */
const hashes = {
  'pbkdf2:sha256:260000':
    'pbkdf2:sha256:260000$Xk29fJq0Zm$1e98f67c5c197d73b1453c57a4d94eb040824187083572b6a0cb7eb277ee302f',
  'pbkdf2:sha256:600000':
    'pbkdf2:sha256:600000$p0OaL3vTtQ$b5a2316c3d89bd252dd9f1804b005a0a178e50a35764d7daafdfb40c1ef2faa8',
  'scrypt:32768:8:1':
    'scrypt:32768:8:1$Yq7dLw2NcR4uKx8B$5df49d6f5a7335ba54aa2cb9ec3c19e30bad677ae5b84ac95ad0f6e9dd4274dcaf70e64efc606996b2bc7595299bdaf57b538b64c90e65dd5139df04f30a656a',
};
const password = 'flask app 1';
const hash = hashes['pbkdf2:sha256:600000'];

/** A database with the lesson's tables, as its migration creates them. */
async function flaskDatabase(
  fill: (db: Knex) => Promise<unknown>,
  tables = ['users', 'players', 'posts'],
): Promise<string> {
  const file = join(temporaryFolder(), 'sqlite.db');
  const db = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
  const person = '_name VARCHAR(255) NOT NULL, _uid VARCHAR(255) NOT NULL, _password VARCHAR(255) NOT NULL';
  const definitions: Record<string, string> = {
    users: `(id INTEGER NOT NULL, ${person}, _dob DATE, PRIMARY KEY (id), UNIQUE (_uid))`,
    players: `(id INTEGER NOT NULL, ${person}, _tokens INTEGER, PRIMARY KEY (id), UNIQUE (_uid))`,
    posts:
      '(id INTEGER NOT NULL, note TEXT NOT NULL, image VARCHAR, "userID" INTEGER, PRIMARY KEY (id), FOREIGN KEY("userID") REFERENCES users (id))',
  };
  for (const table of tables) await db.raw(`CREATE TABLE ${table} ${definitions[table]}`);
  await fill(db);
  await db.destroy();
  return file;
}

const user = (id: number, more: object = {}) => ({
  id,
  _name: `User ${id}`,
  _uid: `user${id}`,
  _password: hash,
  _dob: '1990-01-31',
  ...more,
});
const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const empty = { env: { DEMO_DATA: 'false' } };

describe('import-flask', () => {
  test('takes over users whose passwords go on to work, and are renewed at sign-in', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase((db) =>
      db('users').insert(Object.values(hashes).map((each, index) => user(index + 11, { _password: each }))),
    );
    const before = digestOf(file);
    expect(await runCli(api, ['import-flask', file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('users: 3 taken over, 0 there already, 0 refused'),
    });
    expect(digestOf(file)).toBe(before);
    expect(await api.db('users').orderBy('id').pluck('id')).toEqual([11, 12, 13]);
    for (const id of [11, 12, 13]) {
      const { token } = await api.signIn(`user${id}`, password);
      expect((await api.send('GET', '/api/users/me', { token })).body).toMatchObject({
        id,
        name: `User ${id}`,
        dob: '1990-01-31',
        role: 'user',
      });
      expect((await api.db('users').first('password').where({ id })).password).toMatch(/^\$argon2id\$/);
    }
  });

  test('takes over players, posts and their images, and makes no id twice afterwards', async () => {
    const api = await startApi(empty);
    const uploads = temporaryFolder();
    const image = png();
    writeFileSync(join(uploads, 'ncs_logo.png'), image);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([user(1), user(2)]);
      await db('players').insert([
        { ...without(user(7), '_dob'), _tokens: 45 },
        { ...without(user(8), '_dob'), _tokens: null },
      ]);
      await db('posts').insert([
        { id: 3, note: '#### One ####', image: 'ncs_logo.png', userID: 1 },
        { id: 9, note: 'Two\r\nlines', image: null, userID: 2 },
        { id: 10, note: 'Three', image: 'ncs_logo.png', userID: 2 },
      ]);
    });
    expect((await runCli(api, ['import-flask', file, '--uploads', uploads])).stdout).toBe(
      [
        'users: 2 taken over, 0 there already, 0 refused',
        'players: 2 taken over, 0 there already, 0 refused',
        'posts: 3 taken over, 0 there already, 0 refused',
        'Nobody is an admin yet. Make somebody one: npm run signet -- user set-role UID admin',
        '',
      ].join('\n'),
    );
    const { token } = await api.signIn('user1', password);
    expect((await api.send('GET', '/api/posts', { token })).body).toMatchObject([
      { id: 10, note: 'Three', author: { uid: 'user2' } },
      { id: 9, note: 'Two\nlines', image: null },
      { id: 3, note: '#### One ####', image: createHash('sha256').update(image).digest('hex'), user_id: 1 },
    ]);
    expect((await api.send('GET', '/api/players', { token })).body).toEqual([
      { id: 7, name: 'User 7', uid: 'user7', tokens: 45 },
      { id: 8, name: 'User 8', uid: 'user8', tokens: 0 },
    ]);
    expect((await api.send('POST', '/api/posts', { token, body: { note: 'next' } })).body.id).toBe(11);
    expect(
      (
        await api.send('POST', '/api/users/signup', {
          body: { name: 'New', uid: 'new', password: 'quite long enough' },
        })
      ).body.id,
    ).toBe(3);
  });

  test('adds nothing the second time, also after posts were edited, and then only what is new', async () => {
    const api = await startApi();
    const path = await flaskDatabase(async (db) => {
      await db('users').insert([user(1), user(2)]);
      await db('posts').insert(
        [1, 2, 3, 40, 41].map((id) => ({ id, note: 'The same', image: null, userID: 1 })),
      );
    });
    const first = await runCli(api, ['import-flask', path]);
    expect(first.stdout).toContain('users: 2 taken over');
    expect(first.stdout).toContain('posts: 5 taken over');
    await api.db('posts').where({ note: 'The same' }).update({ note: 'Edited since' });
    const second = await runCli(api, ['import-flask', path]);
    expect(second.stdout).toContain('users: 0 taken over, 2 there already, 0 refused');
    expect(second.stdout).toContain('posts: 0 taken over, 5 there already, 0 refused');
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 9 });
    const db = knex({ client: 'sqlite3', connection: { filename: path }, useNullAsDefault: true });
    await db('posts').insert({ id: 42, note: 'Later', userID: 2 });
    await db.destroy();
    expect((await runCli(api, ['import-flask', path])).stdout).toContain(
      'posts: 1 taken over, 5 there already',
    );
    // The demo rows have the ids 1 to 4, so these go behind all others; the rest keep theirs.
    expect(await api.db('users').orderBy('id').pluck('uid')).toEqual([
      'toby',
      'niko',
      'lex',
      'hop',
      'user1',
      'user2',
    ]);
    expect(await api.db('posts').where({ note: 'Edited since' }).orderBy('id').pluck('id')).toEqual([
      40, 41, 42, 43, 44,
    ]);
  });

  test('leaves the demo rows alone where the same are there', async () => {
    const api = await startApi();
    const uploads = temporaryFolder();
    writeFileSync(join(uploads, 'ncs_logo.png'), png());
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([user(1, { _uid: 'toby' }), user(2, { _uid: 'niko' })]);
      await db('posts').insert({
        id: 1,
        note: '#### Thomas Edison Test Note ####',
        image: 'ncs_logo.png',
        userID: 1,
      });
    });
    const { stdout } = await runCli(api, ['import-flask', file, '--uploads', uploads]);
    expect(stdout).toContain('users: 0 taken over, 2 there already, 0 refused');
    expect(stdout).toContain('posts: 0 taken over, 1 there already, 0 refused');
    await api.signIn('toby');
  });

  test('refuses each row that cannot be, says why, and never shows a password', async () => {
    const api = await startApi(empty);
    const folder = temporaryFolder();
    const uploads = join(folder, 'uploads');
    mkdirSync(join(uploads, 'folder.png'), { recursive: true });
    writeFileSync(join(folder, 'outside.png'), png());
    symlinkSync(join(folder, 'outside.png'), join(uploads, 'link.png'));
    writeFileSync(join(uploads, 'text.png'), '<svg onload=alert(1)>');
    writeFileSync(join(uploads, 'cut.jpg'), sampleImages['image/jpeg'].subarray(0, -9));
    writeFileSync(join(uploads, 'large.png'), png(5 * 1024 * 1024 + 1));
    const images = [
      '../outside.png',
      join(folder, 'outside.png'),
      '..',
      'a\\b.png',
      'link.png',
      'folder.png',
      'missing.png',
      'text.png',
      'cut.jpg',
      'large.png',
      'x'.repeat(300),
    ];
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([
        user(1),
        user(2, { _uid: 'USER1' }),
        user(3, { _name: '' }),
        user(4, { _uid: 'a b' }),
        user(5, { _password: 'my plain secret' }),
        user(6, { _password: 'md5$salt$0123' }),
        user(7, { _dob: '1990-02-30' }),
        user(8, { _name: Buffer.from([0xff, 0xfe]) }),
        user(9, { _password: 12345678 }),
        user(10, { _password: '$argon2id$v=19$m=7,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA' }),
        user(11, { _password: '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAA' }),
      ]);
      await db('players').insert([
        { ...without(user(1), '_dob'), _tokens: -1 },
        { ...without(user(2), '_dob'), _tokens: 'many' },
      ]);
      await db('posts').insert([
        { id: 1, note: 'dangling', userID: 999 },
        { id: 2, note: 'nobody', userID: null },
        { id: 3, note: '', userID: 1 },
        { id: 4, note: 'x'.repeat(10_001), userID: 1 },
        { id: 5, note: 'of one who was refused', userID: 5 },
        { id: 6, note: 'of one who was refused', userID: 2 },
        ...images.map((image, index) => ({ id: 20 + index, note: 'x', image, userID: 1 })),
      ]);
    });
    const { code, stdout, stderr } = await runCli(api, ['import-flask', file, '--uploads', uploads]);
    expect(code).toBe(0);
    const reasons = Object.fromEntries(
      [...stdout.matchAll(/^(\w+ \d+) refused: (.+)$/gm)].map(([, row, reason]) => [row, reason]),
    );
    expect(reasons).toMatchObject({
      'users 2': expect.stringContaining('user id USER1'),
      'users 3': 'Name is missing, or is less than 2 characters',
      'users 4': 'User ID may have letters, digits and _ . - @ only',
      'users 5': expect.stringContaining('password is not hashed'),
      'users 6': expect.stringContaining('password is not hashed'),
      'users 7': 'Date of birth format error 1990-02-30, must be yyyy-mm-dd',
      'users 8': 'Name is missing, or is less than 2 characters',
      'users 9': expect.stringContaining('password is not hashed'),
      'users 10': expect.stringContaining('password is not hashed'),
      'users 11': expect.stringContaining('password is not hashed'),
      'players 1': 'Tokens must not be negative',
      'players 2': 'Tokens must be a whole number',
      'posts 1': expect.stringContaining('userID leads nowhere'),
      'posts 2': expect.stringContaining('userID is empty'),
      'posts 3': 'Note is missing',
      'posts 4': 'Note is more than 10000 characters',
      'posts 5': 'its author was not taken over',
      'posts 6': 'its author was not taken over',
      'posts 20': expect.stringContaining('leads out of the uploads folder'),
      'posts 21': expect.stringContaining('leads out of the uploads folder'),
      'posts 22': expect.stringContaining('leads out of the uploads folder'),
      'posts 23': expect.stringContaining('leads out of the uploads folder'),
      'posts 24': expect.stringContaining('not among the uploads'),
      'posts 25': expect.stringContaining('not among the uploads'),
      'posts 26': expect.stringContaining('not among the uploads'),
      'posts 27': expect.stringContaining('PNG, JPEG, GIF or WebP'),
      'posts 28': expect.stringContaining('cut off'),
      'posts 29': expect.stringContaining('larger than 5 MiB'),
      'posts 30': expect.stringContaining('cannot be read'),
    });
    expect(stdout).toContain('users: 1 taken over, 0 there already, 10 refused');
    expect(stdout).toContain('posts: 0 taken over, 0 there already, 17 refused');
    expect(stdout + stderr).not.toMatch(/my plain secret|12345678|md5\$|pbkdf2:sha256:\d|\$argon2id/);
    expect(await api.db('images').count({ n: '*' }).first()).toMatchObject({ n: 0 });
  });

  test('of posts with images and no folder given refuses those posts', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert(user(1));
      await db('posts').insert([
        { id: 1, note: 'x', image: 'a.png', userID: 1 },
        { id: 2, note: 'y', image: '', userID: 1 },
      ]);
    });
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toContain('posts 1 refused: it has an image, and no --uploads folder was given');
    expect(stdout).toContain('posts: 1 taken over, 0 there already, 1 refused');
  });

  test('as a dry run says the same and changes nothing', async () => {
    const api = await startApi();
    const file = await flaskDatabase((db) =>
      db('users').insert([user(11), user(12, { _password: 'plain' })]),
    );
    const { code, stdout } = await runCli(api, ['import-flask', file, '--dry-run']);
    expect([code, stdout.includes('users: 1 taken over, 0 there already, 1 refused')]).toEqual([0, true]);
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('takes a file with only some of the tables', async () => {
    const api = await startApi(empty);
    const users = await flaskDatabase((db) => db('users').insert(user(1)), ['users']);
    expect((await runCli(api, ['import-flask', users])).stdout).toContain('users: 1 taken over');
    const posts = await flaskDatabase((db) => db('posts').insert({ id: 1, note: 'x', userID: 1 }), ['posts']);
    expect((await runCli(api, ['import-flask', posts])).stdout).toContain(
      'posts 1 refused: its author does not exist',
    );
  });

  test('of what is no such database fails with a reason', async () => {
    const api = await startApi();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'text.db'), 'this is no database, whatever it is called '.repeat(50));
    const other = await flaskDatabase((db) => db.raw('create table things (id integer)'), []);
    const strange = await flaskDatabase((db) => db.raw('create table users (id integer, email text)'), []);
    const failures = [
      [join(folder, 'none.db'), 'There is no file'],
      [folder, 'There is no file'],
      [join(folder, 'text.db'), 'cannot be read as a SQLite database'],
      [other, "none of the lesson's tables"],
      [strange, 'has no _name, _uid, _password'],
    ] as const;
    for (const [file, reason] of failures) {
      expect(await runCli(api, ['import-flask', file])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(reason),
      });
    }
    expect(await runCli(api, ['import-flask', strange, '--uploads', join(folder, 'none')])).toMatchObject({
      code: 2,
    });
  });

  test('killed in the middle has changed nothing, and can be done again', async () => {
    const api = await startApi();
    const many = (from: number) => Array.from({ length: 500 }, (_, index) => user(from + index));
    const file = await flaskDatabase(async (db) => {
      for (let from = 100; from < 40_100; from += 500) await db('users').insert(many(from));
    });
    const child = startCli(api, ['import-flask', file]);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill('SIGKILL');
    await exited;
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 4 });
    expect((await runCli(api, ['import-flask', file])).stdout).toContain('users: 40000 taken over');
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 40_004 });
  });
});

function without<Row extends object, Member extends keyof Row>(row: Row, member: Member): Omit<Row, Member> {
  const { [member]: _, ...rest } = row;
  return rest;
}
