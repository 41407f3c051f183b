import { describe, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { startApi } from './start-api.ts';

describe('user add', () => {
  test('user add makes a user who can sign in, with a password from standard input', async () => {
    const api = await startApi();
    const { code, stdout, stderr } = await runCli(
      api,
      ['user', 'add', 'ada', '--name', 'Ada Lovelace', '--role', 'admin'],
      'analytical engine\n',
    );
    expect([code, stdout, stderr]).toEqual([0, 'ada (admin) has id 5.\n', '']);
    const { token } = await api.signIn('ada', 'analytical engine');
    expect((await api.send('GET', '/api/users/me', { token })).body).toMatchObject({
      role: 'admin',
      name: 'Ada Lovelace',
      dob: null,
    });
  });

  test.each([
    { args: ['user', 'add', 'ada'], input: 'analytical engine', code: 2 },
    { args: ['user', 'add', 'ada', '--name', 'Ada', '--password', 'analytical engine'], input: '', code: 2 },
    { args: ['user', 'add', 'ada', '--name', 'Ada', '--role', 'root'], input: 'analytical engine', code: 2 },
    { args: ['user', 'add', 'ada', '--name', 'Ada'], input: '', code: 2 },
    { args: ['user', 'add', 'a b', '--name', 'Ada'], input: 'analytical engine', code: 2 },
    {
      args: ['user', 'add', 'ada', '--name', 'Ada', '--dob', '2020-02-30'],
      input: 'analytical engine',
      code: 2,
    },
    { args: ['user', 'add', 'ada', '--name', 'Ada'], input: 'short', code: 2 },
    { args: ['user', 'add', 'ada', '--name', 'Ada'], input: 'password123', code: 1 },
    { args: ['user', 'add', 'TOBY', '--name', 'Toby'], input: 'analytical engine', code: 1 },
  ])(
    'fails with $code on $args and "$input", and says why without the password',
    async ({ args, input, code }) => {
      const api = await startApi();
      const answer = await runCli(api, args, input);
      expect([answer.code, answer.stdout]).toEqual([code, '']);
      expect(answer.stderr).not.toBe('');
      if (input !== '') expect(answer.stderr).not.toContain(input);
      expect(await api.db('users').count({ n: '*' }).first()).toMatchObject({ n: 4 });
    },
  );
});

describe('other commands', () => {
  test('the command set-password gives a new password and ends all sessions', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    expect(
      await runCli(api, ['user', 'set-password', 'NIKO', '--password-stdin'], 'alternating current\n'),
    ).toMatchObject({ code: 0 });
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    await api.signIn('niko', 'alternating current');
    expect(await runCli(api, ['user', 'set-password', 'nobody'], 'alternating current')).toMatchObject({
      code: 1,
    });
  });

  test('the command set-role makes and unmakes admins, but never the last', async () => {
    const api = await startApi();
    expect(await runCli(api, ['user', 'set-role', 'niko', 'admin'])).toMatchObject({ code: 0 });
    expect(await runCli(api, ['user', 'set-role', 'toby', 'user'])).toMatchObject({ code: 0 });
    expect(await runCli(api, ['user', 'set-role', 'niko', 'user'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('last admin'),
    });
    expect(await runCli(api, ['user', 'set-role', 'niko', 'king'])).toMatchObject({ code: 2 });
    const { token } = await api.signIn('niko');
    const { body } = await api.send('GET', '/api/audit', { token });
    expect(body.map(({ event }: { event: string }) => event)).toContain('role_changed');
  });

  test('the command user list shows everybody, and nothing secret', async () => {
    const api = await startApi();
    const { stdout } = await runCli(api, ['user', 'list']);
    expect(stdout.split('\n')[0]).toBe('1\ttoby\tadmin\tThomas Edison');
    const json = (await runCli(api, ['user', 'list', '--json'])).stdout.trim().split('\n');
    expect(json.map((line) => JSON.parse(line).uid)).toEqual(['toby', 'niko', 'lex', 'hop']);
    expect(stdout + json.join('')).not.toMatch(/pbkdf2|argon2/);
  });

  test('the command sessions end signs a user out everywhere, and leaves an audit event that names the command line', async () => {
    const api = await startApi();
    const [niko, toby] = [await api.signIn('niko'), await api.signIn('toby')];
    expect(await runCli(api, ['sessions', 'end', '--user', 'niko'])).toMatchObject({ code: 0 });
    expect((await api.send('GET', '/protected', { token: niko.token })).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { token: toby.token })).status).toBe(200);
    const event = await api.db('audit_events').where({ event: 'session_ended' }).first();
    expect(event).toMatchObject({ user_id: 2, session_id: 'command line', detail: '{"by":0,"count":1}' });
    expect(await runCli(api, ['sessions', 'end', '--user', 'nobody'])).toMatchObject({ code: 1 });
    expect(await runCli(api, ['sessions', 'end'])).toMatchObject({ code: 2 });
  });

  test('the command sessions end --all signs everybody out and leaves an audit event', async () => {
    const api = await startApi();
    const [niko, toby] = [await api.signIn('niko'), await api.signIn('toby')];
    expect(await runCli(api, ['sessions', 'end', '--all'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(2)'),
    });
    for (const { token } of [niko, toby])
      expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    expect(await api.db('audit_events').where({ event: 'session_ended' }).pluck('detail')).toEqual([
      '{"by":0,"count":2}',
    ]);
    expect(await runCli(api, ['sessions', 'end', '--all', '--user', 'niko'])).toMatchObject({ code: 2 });
  });

  test('the commands migrate and seed can be repeated, and migrations rolled back', async () => {
    const api = await startApi({ env: { DEMO_DATA: 'false' } });
    expect(await runCli(api, ['seed'], '', { DEMO_DATA: 'false' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DEMO_DATA'),
    });
    for (let time = 0; time < 2; time += 1) {
      expect(await runCli(api, ['migrate'])).toMatchObject({ code: 0 });
      expect(await runCli(api, ['seed'])).toMatchObject({ code: 0 });
    }
    const counts = await Promise.all(
      ['users', 'posts', 'players', 'images'].map((table) => api.db(table).count({ n: '*' }).first()),
    );
    expect(counts.map((row) => Number(row?.n))).toEqual([4, 4, 4, 1]);
    expect(await runCli(api, ['migrate', '--rollback'])).toMatchObject({ code: 0 });
    expect(await api.db.schema.hasTable('posts')).toBe(false);
    expect(await runCli(api, ['migrate'])).toMatchObject({ code: 0 });
    expect(await api.db.schema.hasTable('posts')).toBe(true);
  });
});
