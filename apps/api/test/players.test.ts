import { describe, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';

const ada = { name: 'Ada Lovelace', uid: 'ada', password: 'analytical engine', tokens: 42 };

async function signInBoth(api: Api) {
  const [admin, niko] = await Promise.all([api.signIn('toby'), api.signIn('niko')]);
  return { admin: admin.token, niko: niko.token };
}

const uidsOf = (body: { uid: string }[]) => body.map(({ uid }) => uid);

describe('players', () => {
  test('the demo players are listed by tokens, highest first, and without their passwords', async () => {
    const api = await startApi();
    const { niko } = await signInBoth(api);
    const { body, text } = await api.send('GET', '/api/players', { token: niko });
    expect(body).toEqual([
      { id: 1, name: 'Azeem Khan', uid: 'azeemK', tokens: 45 },
      { id: 2, name: 'Ahad Biabani', uid: 'ahadB', tokens: 41 },
      { id: 3, name: 'Akshat Parikh', uid: 'akshatP', tokens: 40 },
      { id: 4, name: 'Josh Williams', uid: 'joshW', tokens: 38 },
    ]);
    expect(text).not.toMatch(/pbkdf2|password/);
    for (const { password } of await api.db('players').select('password'))
      expect(password).toMatch(/^pbkdf2:sha256:600000\$\w{10}\$[0-9a-f]{64}$/);
  });

  test('an admin creates, changes and deletes players', async () => {
    const api = await startApi();
    const { admin, niko } = await signInBoth(api);
    const made = await api.send('POST', '/api/players', { token: admin, body: ada });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/api/players/5']);
    expect(made.body).toEqual({ id: 5, name: 'Ada Lovelace', uid: 'ada', tokens: 42 });
    expect((await api.db('players').first('password').where({ id: 5 })).password).toMatch(/^\$argon2id\$/);
    expect(uidsOf((await api.send('GET', '/api/players', { token: niko })).body)).toEqual([
      'azeemK',
      'ada',
      'ahadB',
      'akshatP',
      'joshW',
    ]);
    const changed = await api.send('PATCH', '/api/players/5', {
      token: admin,
      body: { tokens: 7, password: 'difference engine' },
    });
    expect(changed.body).toEqual({ id: 5, name: 'Ada Lovelace', uid: 'ada', tokens: 7 });
    expect((await api.send('GET', '/api/players/5', { token: niko })).body).toEqual(changed.body);
    expect((await api.send('DELETE', '/api/players/5', { token: admin })).status).toBe(204);
    expect((await api.send('GET', '/api/players/5', { token: niko })).body).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  test('a player starts with no tokens', async () => {
    const api = await startApi();
    const { admin } = await signInBoth(api);
    const { tokens, ...rest } = ada;
    expect((await api.send('POST', '/api/players', { token: admin, body: rest })).body.tokens).toBe(0);
  });

  test('Link leads through the pages of players, each player once, also where many have equal tokens', async () => {
    const api = await startApi();
    const { admin } = await signInBoth(api);
    const rows = Array.from({ length: 25 }, (_, index) => ({
      name: 'Player',
      uid: `p${index}`,
      uid_key: `p${index}`,
      tokens: index % 3,
      password: '',
    }));
    await api.db('players').insert(rows);
    const seen: { tokens: number; id: number }[] = [];
    for (let path: string | undefined = '/api/players?limit=4'; path; ) {
      const { body, headers } = await api.send('GET', path, { token: admin });
      seen.push(...body);
      path = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toHaveLength(29);
    expect(seen).toEqual([...seen].sort((a, b) => b.tokens - a.tokens || a.id - b.id));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(29);
  });

  test('only admins change players, and only signed-in users read them', async () => {
    const api = await startApi();
    const { niko } = await signInBoth(api);
    for (const [method = '', path = ''] of [
      'POST /api/players',
      'PATCH /api/players/1',
      'DELETE /api/players/1',
    ].map((call) => call.split(' '))) {
      expect((await api.send(method, path, { token: niko, body: ada })).body).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
      expect((await api.send(method, path, { body: ada })).body).toMatchObject({ status: 401 });
    }
    for (const path of ['/api/players', '/api/players/1'])
      expect((await api.send('GET', path)).status).toBe(401);
    expect(await api.db('players').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('user ids of players are unique among players, in any case and width', async () => {
    const api = await startApi();
    const { admin } = await signInBoth(api);
    expect(
      (await api.send('POST', '/api/players', { token: admin, body: { ...ada, uid: 'toby' } })).status,
    ).toBe(201);
    for (const uid of ['joshw', 'JOSHW', 'ｊｏｓｈＷ']) {
      expect(
        (await api.send('POST', '/api/players', { token: admin, body: { ...ada, uid } })).body,
      ).toMatchObject({
        status: 409,
        code: 'uid_taken',
      });
      expect((await api.send('PATCH', '/api/players/1', { token: admin, body: { uid } })).body).toMatchObject(
        {
          status: 409,
          code: 'uid_taken',
        },
      );
    }
    expect(
      (await api.send('PATCH', '/api/players/4', { token: admin, body: { uid: 'JOSHW' } })).body.uid,
    ).toBe('JOSHW');
    const many = await Promise.all(
      Array.from({ length: 10 }, () => api.send('POST', '/api/players', { token: admin, body: ada })),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  test.each([
    [undefined, 'Please provide player details'],
    [{ ...ada, name: undefined }, 'Name is missing, or is less than 2 characters'],
    [{ ...ada, uid: 'a' }, 'User ID is missing, or is less than 2 characters'],
    [{ ...ada, password: undefined }, 'Password is missing'],
    [{ ...ada, password: 'password1' }, 'This password is one of the most common'],
    [{ ...ada, tokens: -1 }, 'Tokens must not be negative'],
    [{ ...ada, tokens: 1.5 }, 'Tokens must be a whole number'],
    [{ ...ada, tokens: '5' }, 'Tokens must be a whole number'],
    [{ ...ada, tokens: 2_147_483_648 }, 'Tokens must be at most 2147483647'],
    [{ ...ada, id: 9 }, expect.stringContaining('id')],
  ])('a player cannot be created from %j', async (body, message) => {
    const api = await startApi();
    const { admin } = await signInBoth(api);
    expect((await api.send('POST', '/api/players', { token: admin, body })).body).toMatchObject({
      status: 400,
      code: 'invalid_request',
      message,
    });
  });

  test('garbage in a member or a parameter of players is a 4xx', async () => {
    const api = await startApi();
    const { admin } = await signInBoth(api);
    const answers = [];
    for (const value of [null, true, -1, '', '\0', '\ud800', [], {}, 'x'.repeat(300)]) {
      for (const member of ['name', 'uid', 'password', 'tokens', '__proto__', 'role']) {
        answers.push(
          await api.send('POST', '/api/players', {
            token: admin,
            body: `{"name":"Ada","uid":"ada","password":"${ada.password}","${member}":${JSON.stringify(value)}}`,
          }),
        );
        answers.push(
          await api.send('PATCH', '/api/players/1', {
            token: admin,
            body: `{"${member}":${JSON.stringify(value)}}`,
          }),
        );
      }
    }
    for (const id of [
      '0',
      '-1',
      'x',
      '%00',
      '2147483648',
      '9007199254740991',
      '99999999999999999999',
      "1'--",
    ]) {
      for (const method of ['GET', 'PATCH', 'DELETE'])
        answers.push(
          await api.send(method, `/api/players/${id}`, {
            token: admin,
            ...(method === 'PATCH' && { body: { tokens: 1 } }),
          }),
        );
      for (const cursor of [id, `1.${id}`, `${id}.1`, '1', '1.2.3', '9999999999.1', '1.9999999999'])
        answers.push(
          await api.send('GET', `/api/players?after=${Buffer.from(cursor).toString('base64url')}`, {
            token: admin,
          }),
        );
    }
    const wrong = answers.filter(({ status }) => (status < 400 || status > 499) && status !== 200);
    expect(wrong.map(({ status, text }) => [status, text])).toEqual([]);
    expect(await api.db('players').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });
});
