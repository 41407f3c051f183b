import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import knex from 'knex';
import { describe, expect, test } from 'vitest';
import { costOf, maxRefusalMs } from '../src/auth/password-methods.ts';
import { flaskDatabase, flaskHash, flaskUser as user } from './flask-database.ts';
import { png, sampleImages } from './image-samples.ts';
import { runCli, startCli, temporaryFolder } from './run-cli.ts';
import { startApi } from './start-api.ts';

/** Of the password `flask app 1`, made by Werkzeug's generate_password_hash. */
const hashes = {
  'pbkdf2:sha256:260000':
    'pbkdf2:sha256:260000$Xk29fJq0Zm$1e98f67c5c197d73b1453c57a4d94eb040824187083572b6a0cb7eb277ee302f',
  'pbkdf2:sha256:600000': flaskHash,
  'scrypt:32768:8:1':
    'scrypt:32768:8:1$Yq7dLw2NcR4uKx8B$5df49d6f5a7335ba54aa2cb9ec3c19e30bad677ae5b84ac95ad0f6e9dd4274dcaf70e64efc606996b2bc7595299bdaf57b538b64c90e65dd5139df04f30a656a',
};
const password = 'flask app 1';

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const empty = { env: { DEMO_DATA: 'false' } };

describe('import-flask', () => {
  test('import-flask imports users whose passwords go on to work and are rehashed at sign-in', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase((db) =>
      db('users').insert(Object.values(hashes).map((each, index) => user(index + 11, { _password: each }))),
    );
    const before = digestOf(file);
    expect(await runCli(api, ['import-flask', file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('users: 3 imported, 0 imported before, 0 refused'),
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

  test('import-flask imports players, posts and their images with their ids, and later rows get higher ids', async () => {
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
        'users: 2 imported, 0 imported before, 0 refused',
        'players: 2 imported, 0 imported before, 0 refused',
        'posts: 3 imported, 0 imported before, 0 refused',
        'There is no admin yet. Make one: npm run signet -- user set-role UID admin',
        '',
      ].join('\n'),
    );
    expect(await api.db('audit_events').select('event', 'detail')).toEqual([
      { event: 'users_imported', detail: '{"users":2,"players":2,"posts":3,"by":0}' },
    ]);
    const { token } = await api.signIn('user1', password);
    expect((await api.send('GET', '/api/posts', { token })).body).toMatchObject([
      { id: 10, note: 'Three', author: { uid: 'user2' } },
      { id: 9, note: 'Two\nlines', image: null },
      {
        id: 3,
        note: '#### One ####',
        image: createHash('sha256').update(image).digest('hex'),
        image_width: 1,
        image_height: 1,
        user_id: 1,
      },
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

  test('import-flask adds nothing in a second run, even after posts were edited, and later only new rows', async () => {
    const api = await startApi();
    const path = await flaskDatabase(async (db) => {
      await db('users').insert([user(1), user(2)]);
      await db('posts').insert(
        [1, 2, 3, 40, 41].map((id) => ({ id, note: 'The same', image: null, userID: 1 })),
      );
    });
    const first = await runCli(api, ['import-flask', path]);
    expect(first.stdout).toContain('users: 2 imported');
    expect(first.stdout).toContain('posts: 5 imported');
    await api.db('posts').where({ note: 'The same' }).update({ note: 'Edited since' });
    const second = await runCli(api, ['import-flask', path]);
    expect(second.stdout).toContain('users: 0 imported, 2 imported before, 0 refused');
    expect(second.stdout).toContain('posts: 0 imported, 5 imported before, 0 refused');
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 9 });
    const db = knex({ client: 'sqlite3', connection: { filename: path }, useNullAsDefault: true });
    await db('posts').insert({ id: 42, note: 'Later', userID: 2 });
    await db.destroy();
    expect((await runCli(api, ['import-flask', path])).stdout).toContain(
      'posts: 1 imported, 5 imported before',
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

  test('import-flask does not import a user id that another account has, and gives that account no password', async () => {
    const api = await startApi();
    // As if they had passwords of their own.
    await api.db('users').update({ is_demo: false });
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([user(1, { _uid: 'toby' }), user(2, { _uid: 'NIKO' }), user(5)]);
      await db('posts').insert([
        { id: 1, note: '#### Thomas Edison Test Note ####', userID: 1 },
        { id: 2, note: 'of NIKO', userID: 2 },
        { id: 30, note: 'of toby', userID: 1 },
      ]);
    });
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toMatch(/^users 1 exists: .*user id toby exists already: .*keeps its own password/m);
    expect(stdout).toMatch(/^users 2 exists: .*user id niko exists already/m);
    expect(stdout).toContain('users: 1 imported, 0 imported before, 2 exist already, 0 refused');
    expect(stdout).toContain('posts: 1 imported, 1 imported before, 1 refused');
    expect(stdout).toContain('posts 2 refused: its author was not imported');
    expect(stdout).toContain('Of the posts 1 were refused because their author was not imported.');
    await api.signIn('toby');
    const refused = await api.send('POST', '/token', { body: { username: 'toby', password } });
    expect(refused.body.code).toBe('credentials_invalid');
  });

  test('import-flask puts an account in the place of the demo user with its user id, so that the published password opens nothing', async () => {
    const api = await startApi();
    const { token } = await api.signIn('toby');
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([user(1, { _uid: 'Toby' }), user(5)]);
      await db('posts').insert({ id: 1, note: 'of the imported Toby', userID: 1 });
    });
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toMatch(/^users 1 replaced: the demo user toby was here: it is removed with its posts/m);
    expect(stdout).toContain('users: 2 imported, 0 imported before, 0 refused');
    expect(stdout).toContain('There is no admin yet.');
    const signIn = (given: string) =>
      api.send('POST', '/token', { body: { username: 'toby', password: given } });
    expect((await signIn('123toby')).body.code).toBe('credentials_invalid');
    const { status, body } = await signIn(password);
    expect(status).toBe(200);
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    const notes = await api.db('posts').where({ user_id: body.user_id }).pluck('note');
    expect(notes).toEqual(['of the imported Toby']);
    expect(await api.db('users').where({ is_demo: true }).orderBy('id').pluck('uid')).toEqual([
      'niko',
      'lex',
      'hop',
    ]);
    expect((await runCli(api, ['import-flask', file])).stdout).toContain(
      'users: 0 imported, 2 imported before',
    );
  });

  test('import-flask imports a row without the value that it cannot have, and says which', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([
        user(1, { _dob: '' }),
        user(2, { _uid: 'USER1' }),
        user(3, { _name: '' }),
        user(4, { _uid: 'a b+c' }),
        user(6, { _dob: '1990-01-02 00:00:00' }),
        user(7, { _dob: '1990-02-30' }),
        user(8, { _name: Buffer.from([0xff, 0xfe]), _dob: 19900102 }),
        user(9, { _name: 'x'.repeat(300), _dob: '1990-01-02T10:30:00' }),
        user(10, { _uid: '!' }),
      ]);
      await db('players').insert([
        { ...without(user(1), '_dob'), _tokens: -1 },
        { ...without(user(2), '_dob'), _tokens: 'many' },
      ]);
      await db('posts').insert([
        { id: 1, note: 'dangling', userID: 999 },
        { id: 2, note: 'without an author', userID: null },
        { id: 3, note: '', userID: 1 },
        { id: 4, note: 'x'.repeat(10_001), userID: 1 },
        { id: 5, note: 'of a b+c', userID: 4 },
      ]);
    });
    const { code, stdout } = await runCli(api, ['import-flask', file]);
    expect(code).toBe(0);
    expect(findings(stdout)).toMatchObject({
      'users 2 changed': expect.stringContaining('"USER1" is imported as USER1-2'),
      'users 3 changed': expect.stringContaining('Name is missing'),
      'users 4 changed': expect.stringContaining('"a b+c" is imported as a_b_c'),
      'users 7 changed': expect.stringContaining('"1990-02-30" is not a valid day'),
      'users 9 changed': expect.stringContaining('is imported as 1990-01-02'),
      'users 10 changed': expect.stringContaining('"!" is imported as user-10'),
      'players 1 changed': expect.stringContaining('Tokens must not be negative'),
      'players 2 changed': expect.stringContaining('Tokens must be a whole number'),
      'posts 1 refused': expect.stringContaining('userID leads nowhere'),
      'posts 2 refused': expect.stringContaining('userID is empty'),
      'posts 3 refused': 'it has neither a note nor an image',
      'posts 4 changed': expect.stringContaining('the first 10000'),
    });
    expect(stdout).not.toMatch(/^users [16] /m);
    expect(stdout).toContain('users: 9 imported, 0 imported before, 0 refused');
    expect(stdout).toContain('posts: 2 imported, 0 imported before, 3 refused');
    expect(await api.db('users').orderBy('id').select('id', 'uid', 'name', 'dob')).toEqual([
      { id: 1, uid: 'user1', name: 'User 1', dob: null },
      { id: 2, uid: 'USER1-2', name: 'User 2', dob: '1990-01-31' },
      { id: 3, uid: 'user3', name: 'user3', dob: '1990-01-31' },
      { id: 4, uid: 'a_b_c', name: 'User 4', dob: '1990-01-31' },
      { id: 6, uid: 'user6', name: 'User 6', dob: '1990-01-02' },
      { id: 7, uid: 'user7', name: 'User 7', dob: null },
      { id: 8, uid: 'user8', name: 'user8', dob: null },
      { id: 9, uid: 'user9', name: 'x'.repeat(250), dob: '1990-01-02' },
      { id: 10, uid: 'user-10', name: 'User 10', dob: '1990-01-31' },
    ]);
    const again = await runCli(api, ['import-flask', file]);
    expect(again.stdout).toContain('users: 0 imported, 9 imported before, 0 refused');
    expect(again.stdout).toContain('posts: 0 imported, 2 imported before, 3 refused');
  });

  test('import-flask imports users whose password it cannot read without one, and never shows it', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([
        user(5, { _password: 'my plain secret' }),
        user(6, { _password: 'md5$salt$0123' }),
        user(7, { _password: '' }),
        user(9, { _password: 12345678 }),
        user(10, { _password: '$argon2id$v=19$m=7,t=1,p=8$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA' }),
      ]);
      await db('posts').insert({ id: 5, note: 'kept', userID: 5 });
    });
    const { stdout, stderr } = await runCli(api, ['import-flask', file]);
    for (const id of [5, 6, 9, 10])
      expect(stdout).toMatch(
        new RegExp(`^users ${id} no password: user${id} cannot sign in .*not hashed in a form`, 'm'),
      );
    expect(stdout).toMatch(/^users 7 no password: .*it has no password/m);
    expect(stdout).toContain('posts: 1 imported, 0 imported before, 0 refused');
    expect(stdout).toContain(
      'Users without a usable password: 5. Set one: npm run signet -- user set-password',
    );
    expect(stdout + stderr).not.toMatch(/my plain secret|12345678|md5\$|\$argon2id/);
    for (const guess of ['my plain secret', '12345678', '!', '']) {
      const { status } = await api.send('POST', '/token', { body: { username: 'user5', password: guess } });
      expect([guess, status]).toEqual([guess, guess === '' ? 400 : 401]);
    }
    await runCli(api, ['user', 'set-password', 'user5', '--password-stdin'], 'a usable password\n');
    const { token } = await api.signIn('user5', 'a usable password');
    expect((await api.send('GET', '/api/posts', { token })).body).toMatchObject([{ note: 'kept' }]);
  });

  test('import-flask imports the older hashes wrapped, so that their passwords work once more and are replaced', async () => {
    const api = await startApi(empty);
    // Werkzeug's salt is the HMAC's key.
    const hmac = (salt: string) =>
      `sha256$${salt}$${createHmac('sha256', salt).update('correct horse').digest('hex')}`;
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([
        user(1, { _password: hmac('abcdEFGH') }),
        user(2, { _password: hmac('ijklMNOP') }),
      ]);
      await db('players').insert([without(user(3, { _password: hmac('abcdEFGH') }), '_dob')]);
    });
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toContain('users: 2 imported, 0 imported before, 0 refused');
    expect(stdout).not.toContain('no password');
    const stored = [
      ...(await api.db('users').pluck('password')),
      ...(await api.db('players').pluck('password')),
    ];
    for (const each of stored) expect(each).toMatch(/^wrapped:sha256\$\w{8}\$\$argon2id\$/);
    for (const uid of ['user1', 'user2']) {
      const wrong = await api.send('POST', '/token', { body: { username: uid, password: 'wrong horse' } });
      expect(wrong.body.code).toBe('credentials_invalid');
      await api.signIn(uid, 'correct horse');
      expect((await api.db('users').first('password').where({ uid })).password).toMatch(/^\$argon2id\$/);
      await api.signIn(uid, 'correct horse');
    }
  });

  test('import-flask imports no more formats than a refused sign-in can pay for, and lists the users of the others', async () => {
    const api = await startApi(empty);
    const costly = (id: number) =>
      user(id, { _password: `pbkdf2:sha256:${3_500_000 - id}$saltsalt$${'0'.repeat(64)}` });
    const file = await flaskDatabase((db) =>
      db('users').insert([
        ...Array.from({ length: 20 }, (_, index) => costly(index + 1)),
        user(30),
        user(31),
      ]),
    );
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toContain('users: 22 imported, 0 imported before, 0 refused');
    expect(
      stdout.match(/^users \d+ no password: .*every refused sign-in too slow$/gm)?.length,
    ).toBeGreaterThan(18);
    const methods = await api.db('users').distinct('password_method').pluck('password_method');
    expect(costOf(...methods)).toBeLessThan(maxRefusalMs);
    // The format of most users comes first.
    await api.signIn('user30', password);
  });

  test('import-flask makes no admin, and reports roles, other columns and other tables', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db.raw('alter table users add column _role varchar');
      await db.raw('alter table users add column "_kasm" boolean');
      await db.raw('create table quizzes (id integer)');
      await db.raw('create view everybody as select * from users');
      await db('users').insert([user(1, { _role: 'Admin' }), user(2, { _role: 'User', _kasm: true })]);
      await db('quizzes').insert([{ id: 1 }, { id: 2 }]);
    });
    const { stdout } = await runCli(api, ['import-flask', file]);
    expect(stdout).toMatch(
      /^users 1 left out: its role Admin: imported as a user.*user set-role user1 admin$/m,
    );
    expect(stdout).toMatch(/^users left out: column _role .*Admin \(1\), User \(1\)$/m);
    expect(stdout).toMatch(/^users left out: column _kasm /m);
    expect(stdout).toContain('quizzes left out: the table has no place here; it has 2 rows');
    expect(stdout).toContain('everybody left out: the view has no place here');
    expect(stdout).toContain('There is no admin yet.');
    expect(await api.db('users').pluck('role')).toEqual(['user', 'user']);
  });

  test('import-flask imports a note whose image is lost or unreadable, without the image', async () => {
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
      ['../outside.png', 'leads out of the uploads folder'],
      [join(folder, 'outside.png'), 'leads out of the uploads folder'],
      ['..', 'leads out of the uploads folder'],
      ['a\\b.png', 'leads out of the uploads folder'],
      ['link.png', 'not among the uploads'],
      ['folder.png', 'not among the uploads'],
      ['missing.png', 'not among the uploads'],
      ['https://example.org/a.png', 'leads out of the uploads folder'],
      ['text.png', 'PNG, JPEG, GIF or WebP'],
      ['cut.jpg', 'cut off'],
      ['large.png', 'larger than 5 MiB'],
      ['x'.repeat(300), 'cannot be read'],
    ];
    const file = await flaskDatabase(async (db) => {
      await db('users').insert(user(1));
      await db('posts').insert(
        images.map(([image], index) => ({ id: 20 + index, note: 'x', image, userID: 1 })),
      );
      await db('posts').insert({ id: 50, note: '', image: 'gone.png', userID: 1 });
    });
    const { stdout } = await runCli(api, ['import-flask', file, '--uploads', uploads]);
    for (const [index, [, reason]] of images.entries())
      expect(findings(stdout)[`posts ${20 + index} changed`]).toContain(reason);
    expect(stdout).toContain(`posts: ${images.length + 1} imported, 0 imported before, 0 refused`);
    expect(await api.db('posts').where({ id: 50 }).first('note', 'image')).toEqual({
      note: 'gone.png',
      image: null,
    });
    expect(await api.db('images').count({ n: '*' }).first()).toMatchObject({ n: 0 });
  });

  test('import-flask asks what to do with images where no folder is named', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert(user(1));
      await db('posts').insert([
        { id: 1, note: 'x', image: 'a.png', userID: 1 },
        { id: 2, note: 'y', image: '', userID: 1 },
      ]);
    });
    expect(await runCli(api, ['import-flask', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--no-images'),
    });
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 0 });
    const { stdout } = await runCli(api, ['import-flask', file, '--no-images']);
    expect(stdout).toContain('posts 1 changed: its image a.png was not asked for: imported without it');
    expect(stdout).toContain('posts: 2 imported, 0 imported before, 0 refused');
  });

  test('import-flask escapes what the file says, in the terminal and in the report', async () => {
    const api = await startApi(empty);
    const file = await flaskDatabase(async (db) => {
      await db('users').insert([
        user(1, { _uid: '\u001b[2J\u202e\nusers: 9 imported' }),
        user(2, { _dob: '=HYPERLINK("http://example.org")' }),
      ]);
      await db.raw('create table "=1+1" (id integer)');
      await db('posts').insert([
        { id: 1, note: 'x', image: '\u001b]0;forged\u0007\nforged line', userID: 1 },
      ]);
    });
    const { stdout, stderr } = await runCli(api, ['import-flask', file, '--no-images']);
    expect(stdout + stderr).not.toMatch(/(?!\n)\p{C}|^forged|^users: 9/mu);
    expect(stdout).toContain('\\u001b]0;forged\\u0007\\u000aforged line');
    const report = join(temporaryFolder(), 'report.csv');
    const second = await startApi(empty);
    const answer = await runCli(second, ['import-flask', file, '--no-images', '--report', report]);
    expect(answer.stdout).not.toContain('changed:');
    const lines = readFileSync(report, 'utf8').split('\r\n');
    expect(lines[0]).toBe('"table","row","what","reason"');
    expect(lines).toContain('"\'=1+1","","left out","the table has no place here; it has 0 rows"');
    for (const line of lines) expect(line).not.toMatch(/(?:^|,)"[=+@-]|[^ -~]/);
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(await runCli(second, ['import-flask', file, '--no-images', '--report', report])).toMatchObject({
      code: 1,
    });
  });

  test('import-flask reads tables only, so that a view or a generated column cannot keep it busy', async () => {
    const api = await startApi(empty);
    const endless = 'with recursive c(x) as (select 1 union all select x + 1 from c)';
    const view = await flaskDatabase(
      (db) =>
        db.raw(
          `create view users as ${endless} select x as id, 'a' as _name, 'b' || x as _uid, 'c' as _password from c`,
        ),
      ['players'],
    );
    const generated = await flaskDatabase(
      (db) =>
        db.raw(
          'create table users (id integer, _name text, _uid text, _password text generated always as (hex(zeroblob(900000000))))',
        ),
      [],
    );
    const virtual = await flaskDatabase(
      (db) => db.raw('create virtual table users using fts5(_name, _uid)'),
      [],
    );
    for (const [file, reason] of [
      [view, 'is not a table but a view'],
      [generated, 'has no _password'],
      [virtual, 'is not a table but a view or a virtual table'],
    ])
      expect(await runCli(api, ['import-flask', file ?? ''])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(reason ?? ''),
      });
  });

  test('import-flask reports the same in a dry run, and changes nothing', async () => {
    const api = await startApi();
    const file = await flaskDatabase((db) =>
      db('users').insert([user(11), user(12, { _password: 'plain' })]),
    );
    const { code, stdout } = await runCli(api, ['import-flask', file, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('users: 2 imported, 0 imported before, 0 refused');
    expect(stdout).toContain('users 12 no password');
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('import-flask imports a file that has only some of the tables', async () => {
    const api = await startApi(empty);
    const users = await flaskDatabase((db) => db('users').insert(user(1)), ['users']);
    expect((await runCli(api, ['import-flask', users])).stdout).toContain('users: 1 imported');
    const posts = await flaskDatabase((db) => db('posts').insert({ id: 1, note: 'x', userID: 1 }), ['posts']);
    expect((await runCli(api, ['import-flask', posts])).stdout).toContain(
      'posts 1 refused: its author does not exist',
    );
  });

  test('import-flask fails with a reason on a file that is not the lesson’s database', async () => {
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

  test('import-flask has changed nothing when it is killed, and can be run again', async () => {
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
    expect((await runCli(api, ['import-flask', file])).stdout).toContain('users: 40000 imported');
    expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 40_004 });
  });
});

/** The reported reasons, by table, row and what became of it. */
function findings(stdout: string): Record<string, string> {
  const lines = stdout.matchAll(/^(\w+ \d+ (?:refused|changed)): (.+)$/gm);
  return Object.fromEntries([...lines].map(([, subject, reason]) => [subject, reason]));
}

function without<Row extends object, Member extends keyof Row>(row: Row, member: Member): Omit<Row, Member> {
  const { [member]: _, ...rest } = row;
  return rest;
}
