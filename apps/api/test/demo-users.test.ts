import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { connect } from '../src/db/connect.ts';
import { migrate } from '../src/db/migrate.ts';
import * as demoMigration from '../src/db/migrations/0008-demo-users.ts';
import * as principalChanges from '../src/db/migrations/0010-principal-changes.ts';
import { runCli } from './run-cli.ts';
import { startApi } from './start-api.ts';

/** As the article publishes them. */
const published = { toby: '123toby', niko: '123niko', lex: '123qwerty', hop: '123hop' };
const onTheInternet = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-origin' };

/** The same database and key under another configuration, as after a change of `.env`. */
const restarted = (api: Awaited<ReturnType<typeof startApi>>, env = {}) =>
  startApi({ env: { DATABASE_URL: api.databaseUrl, SECRET_KEY: api.secret, ...env } });

describe('a database that was filled with demo data and moves to the internet', () => {
  test('a database that was filled with demo data and moves to the internet lets no demo user sign in, whether or not their hash was renewed, and answers as for a wrong password', async () => {
    const laptop = await startApi();
    await laptop.signIn('toby');
    const api = await restarted(laptop, onTheInternet);
    for (const [uid, password] of Object.entries(published)) {
      const byToken = (password: string) => api.send('POST', '/token', { body: { username: uid, password } });
      const byCookie = (given: string) =>
        api.send('POST', '/api/users/authenticate', { body: { uid, password: given } });
      for (const signIn of [byToken, byCookie]) {
        const [right, wrong] = [await signIn(password), await signIn('not the password')];
        const comparable = ({ status, body, setCookies }: typeof right) => ({
          status,
          setCookies,
          body: { ...body, request_id: '' },
        });
        expect(comparable(right)).toEqual(comparable(wrong));
        expect(right.body.code).toBe('credentials_invalid');
      }
    }
    const failures = await api.db('audit_events').where({ event: 'sign_in_failed', user_id: 1 });
    expect(failures.length).toBe(4);
  });

  test('a database that was filled with demo data and moves to the internet has no live session of a demo user, and says at start what to do', async () => {
    const laptop = await startApi();
    const { token, refreshToken } = await laptop.signIn('toby');
    const { cookie } = await laptop.signInByCookie('niko');
    const api = await restarted(laptop, onTheInternet);
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    const refreshed = await api.send('POST', '/api/sessions/refresh', {
      body: { refresh_token: refreshToken },
    });
    expect(refreshed.body.code).toBe('session_ended');
    const byCookie = await api.send('POST', '/api/sessions/refresh', { cookie });
    expect(byCookie.status).toBe(401);
    expect(await api.db('sessions').whereNull('ended_at')).toEqual([]);
    expect(await api.db('audit_events').where({ event: 'session_ended' }).pluck('user_id')).toEqual([1, 2]);
    for (const text of ['The database holds 4 demo users', 'demo remove', 'user add UID'])
      expect(api.logged()).toContain(text);
  });

  test('a database that was filled with demo data and moves to the internet refuses a session that another process began where demo data is allowed, and does not renew it', async () => {
    const laptop = await startApi();
    const api = await restarted(laptop, onTheInternet);
    const { token, refreshToken } = await laptop.signIn('toby');
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    const body = { refresh_token: refreshToken };
    expect((await api.send('POST', '/api/sessions/refresh', { body })).body.code).toBe('session_ended');
    expect((await laptop.send('GET', '/protected', { token })).status).toBe(200);
  });

  test('a database that was filled with demo data and moves to the internet goes on for users who have a password of their own, the former demo users among them', async () => {
    const laptop = await startApi();
    const { token } = await laptop.signIn('niko');
    const own = 'a pass phrase of my own';
    const changed = await laptop.send('PUT', '/api/users/me/password', {
      token,
      body: { current_password: '123niko', new_password: own },
    });
    expect(changed.status).toBeLessThan(300);
    const set = await runCli(laptop, ['user', 'set-password', 'toby', '--password-stdin'], `${own}\n`);
    expect(set.code).toBe(0);
    const { token: live } = await laptop.signIn('niko', own);
    const api = await restarted(laptop, onTheInternet);
    expect((await api.send('GET', '/protected', { token: live })).status).toBe(200);
    await api.signIn('niko', own);
    await api.signIn('toby', own);
    expect(api.logged()).toContain('The database holds 2 demo users');
    await api.send('PATCH', '/api/users/2', {
      token: live,
      body: { uid: 'nicholas', current_password: own },
    });
    await api.signIn('nicholas', own);
  });

  test('a database that was filled with demo data and moves to the internet lets no demo user sign in under another user id', async () => {
    const laptop = await startApi();
    const { token } = await laptop.signIn('toby');
    const body = { uid: 'thomas', current_password: '123toby' };
    expect((await laptop.send('PATCH', '/api/users/1', { token, body })).status).toBe(200);
    const api = await restarted(laptop, onTheInternet);
    const { body: problem } = await api.send('POST', '/token', {
      body: { username: 'thomas', password: '123toby' },
    });
    expect(problem.code).toBe('credentials_invalid');
  });

  test('a database that was filled with demo data and moves to the internet lets the demo users sign in again if it comes back', async () => {
    const laptop = await startApi();
    await restarted(laptop, onTheInternet);
    const back = await restarted(laptop);
    for (const [uid, password] of Object.entries(published)) await back.signIn(uid, password);
  });

  test('a database that was filled with demo data and moves to the internet is without demo users after demo remove, which wants another admin first', async () => {
    const api = await startApi();
    const first = await runCli(api, ['demo', 'remove']);
    expect(first).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('user add UID --name NAME --role admin'),
    });
    expect(await api.db('users')).toHaveLength(4);
    await api.db('players').where({ id: 1 }).update({ tokens: 99 });
    const add = ['user', 'add', 'ada', '--name', 'Ada Lovelace', '--role', 'admin', '--password-stdin'];
    expect((await runCli(api, add, 'a pass phrase of my own\n')).code).toBe(0);
    const removed = await runCli(api, ['demo', 'remove'], '', onTheInternet);
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect(removed.stdout).toBe(
      'Removed with their posts: toby, niko, lex, hop.\nRemoved demo players: 3.\n',
    );
    expect(await api.db('users').pluck('uid')).toEqual(['ada']);
    expect(await api.db('posts')).toEqual([]);
    expect(await api.db('images')).toEqual([]);
    expect(await api.db('players').pluck('uid')).toEqual(['azeemK']);
    expect(await api.db('audit_events').where({ event: 'user_deleted' })).toHaveLength(4);
    expect(await runCli(api, ['demo', 'remove'])).toMatchObject({
      code: 0,
      stdout: 'There are no demo users.\n',
    });
  });

  test('a database that was filled with demo data and moves to the internet gets no demo rows by the command line', async () => {
    const api = await startApi({ env: { DEMO_DATA: 'false' } });
    const seeded = await runCli(api, ['seed'], '', onTheInternet);
    expect(seeded).toMatchObject({ code: 1, stderr: expect.stringContaining('user add UID') });
    expect(await api.db('users')).toEqual([]);
  });
});

describe('the migration that marks demo users', () => {
  test('the migration that marks demo users marks the rows that have a published password in any form, and no other', async () => {
    const { databaseUrl, secret } = await startApi({ env: { DEMO_DATA: 'false' } });
    const { database } = readConfig(
      { DATABASE_URL: databaseUrl, SECRET_KEY: secret },
      { readFile: () => Buffer.alloc(0), defaultDataDir: '/nowhere' },
    );
    const db = connect(database);
    // Its triggers read the column.
    await principalChanges.down(db);
    await demoMigration.down(db);
    const at = new Date().toISOString();
    const row = (id: number, uid: string, password: string) => ({
      id,
      uid,
      uid_key: uid,
      name: uid,
      name_key: uid,
      role: 'user',
      password,
      password_method: '',
      created_at: at,
      updated_at: at,
    });
    const lex =
      'pbkdf2:sha256:600000$Pvy3ezeU2O$e13e25988ea3b2d31a8d68aa7666172eac802caf680bc62e09a975a80402a573';
    await db('users').insert([
      row(1, 'thomas', await hash('123toby')),
      row(2, 'niko', await hash('a password of my own')),
      row(3, 'lex', lex),
      row(4, 'hop', '!'),
      row(7, 'toby', await hash('123toby')),
      row(8, 'other', await hash('123toby')),
      row(9, 'another', lex),
    ]);
    await demoMigration.up(db);
    expect(await db('users').where({ is_demo: true }).orderBy('id').pluck('id')).toEqual([1, 3, 7]);
    await demoMigration.down(db);
    expect(await db('users')).toHaveLength(7);
    await demoMigration.up(db);
    await principalChanges.up(db);
    await migrate(db);
    await db.destroy();
  });
});
