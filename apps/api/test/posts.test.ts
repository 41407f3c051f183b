import { describe, expect, test } from 'vitest';
import { form, png, sampleImages } from './image-samples.ts';
import { type Api, startApi } from './start-api.ts';

const garbage = [null, true, 0, -1, 1.5, '', '\0', '\ud800', [], ['x'], {}, { a: 1 }, 'x'.repeat(10_001)];
const garbageIds = [
  '0',
  '-1',
  '1.5',
  'x',
  '%00',
  '99999999999999999',
  '9007199254740991',
  '2147483648',
  "1'--",
  '1e3',
  '%F0%9F%92%A9',
];

async function everybody(api: Api) {
  const [admin, niko, lex] = await Promise.all([
    api.signIn('toby'),
    api.signIn('niko'),
    api.signIn('lex', '123qwerty'),
  ]);
  return { admin: admin.token, niko: niko.token, lex: lex.token };
}

describe('posts', () => {
  test('the demo posts are listed newest first, each with its author and the image', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const { status, body } = await api.send('GET', '/api/posts', { token: niko });
    expect(status).toBe(200);
    expect(body.map(({ id, note }: { id: number; note: string }) => [id, note])).toEqual([
      [4, '#### Grace Hopper Test Note ####'],
      [3, '#### Alexander Graham Bell Test Note ####'],
      [2, '#### Nicholas Tesla Test Note ####'],
      [1, '#### Thomas Edison Test Note ####'],
    ]);
    expect(body[3]).toEqual({
      id: 1,
      note: '#### Thomas Edison Test Note ####',
      image: expect.stringMatching(/^[0-9a-f]{64}$/),
      image_width: 480,
      image_height: 480,
      user_id: 1,
      author: { uid: 'toby', name: 'Thomas Edison' },
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(new Set(body.map(({ image }: { image: string }) => image)).size).toBe(1);
  });

  test('every signed-in user writes posts', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const { status, body, headers } = await api.send('POST', '/api/posts', {
      token: niko,
      body: { note: 'Alternating currents 🦉' },
    });
    expect([status, headers.get('location')]).toEqual([201, '/api/posts/5']);
    expect(body).toMatchObject({
      id: 5,
      note: 'Alternating currents 🦉',
      image: null,
      image_width: null,
      image_height: null,
      user_id: 2,
      author: { uid: 'niko' },
    });
    expect((await api.send('GET', '/api/posts/5/', { token: niko })).body).toEqual(body);
  });

  test('following Link lists every post once', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    for (let index = 0; index < 7; index += 1)
      await api.send('POST', '/api/posts', { token: niko, body: { note: `Note ${index}` } });
    const seen: number[] = [];
    for (let path: string | undefined = '/api/posts?limit=3'; path; ) {
      const { body, headers } = await api.send('GET', path, { token: niko });
      seen.push(...body.map(({ id }: { id: number }) => id));
      path = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('only the owner and admins change or delete a post', async () => {
    const api = await startApi();
    const { admin, niko, lex } = await everybody(api);
    const change = (token: string, note: string) =>
      api.send('PATCH', '/api/posts/2', { token, body: { note } });
    expect((await change(lex, 'mine')).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await change(niko, 'by the owner')).body).toMatchObject({
      note: 'by the owner',
      image: expect.any(String),
    });
    expect((await change(admin, 'by an admin')).body).toMatchObject({ note: 'by an admin', user_id: 2 });
    expect((await api.send('DELETE', '/api/posts/2', { token: lex })).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await api.send('GET', '/api/posts/2', { token: lex })).body.note).toBe('by an admin');
    expect((await api.send('DELETE', '/api/posts/2', { token: niko })).status).toBe(204);
    expect((await api.send('DELETE', '/api/posts/2', { token: niko })).body).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect((await api.send('DELETE', '/api/posts/3', { token: admin })).status).toBe(204);
  });

  test('every endpoint of posts needs a signed-in user', async () => {
    const api = await startApi();
    const calls = [
      'GET /api/posts',
      'POST /api/posts',
      'GET /api/posts/1',
      'PATCH /api/posts/1',
      'DELETE /api/posts/1',
    ];
    for (const [method = '', path = ''] of [...calls, 'GET /api/posts/1/image'].map((call) =>
      call.split(' '),
    )) {
      const { body } = await api.send(method, path, method === 'GET' ? {} : { body: { note: 'x' } });
      expect(body).toMatchObject({ status: 401, code: 'token_missing' });
    }
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('a post that does not exist is 404 for every caller', async () => {
    const api = await startApi();
    for (const token of Object.values(await everybody(api))) {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const { body } = await api.send(method, '/api/posts/999', {
          token,
          ...(method === 'PATCH' && { body: { note: 'x' } }),
        });
        expect(body).toMatchObject({ status: 404, code: 'not_found' });
      }
      expect((await api.send('GET', '/api/posts/999/image', { token })).status).toBe(404);
    }
  });

  test('garbage in any member or parameter is refused with a 4xx', async () => {
    const api = await startApi();
    const { admin } = await everybody(api);
    const answers = [];
    for (const value of garbage) {
      answers.push(await api.send('POST', '/api/posts', { token: admin, body: { note: value } }));
      answers.push(await api.send('POST', '/api/posts', { token: admin, body: value }));
      answers.push(await api.send('POST', '/api/posts', { token: admin, body: { note: 'x', image: value } }));
      answers.push(
        await api.send('POST', '/api/posts', { token: admin, body: { note: 'x', user_id: value } }),
      );
      answers.push(await api.send('PATCH', '/api/posts/1', { token: admin, body: { note: value } }));
      if (value !== null)
        answers.push(await api.send('PATCH', '/api/posts/1', { token: admin, body: { image: value } }));
    }
    for (const id of garbageIds) {
      for (const method of ['GET', 'PATCH', 'DELETE'])
        answers.push(
          await api.send(method, `/api/posts/${id}`, {
            token: admin,
            ...(method === 'PATCH' && { body: { note: 'x' } }),
          }),
        );
      answers.push(await api.send('GET', `/api/posts/${id}/image`, { token: admin }));
      answers.push(await api.send('GET', `/api/posts?limit=${id}`, { token: admin }));
      answers.push(await api.send('GET', `/api/posts?after=${id}`, { token: admin }));
      answers.push(
        await api.send('GET', `/api/posts?after=${Buffer.from(id).toString('base64url')}x`, { token: admin }),
      );
    }
    const wrong = answers.filter(({ status }) => status < 400 || status > 499);
    // A cursor that happens to be one is no garbage.
    expect(wrong.filter(({ status }) => status !== 200).map(({ status, text }) => [status, text])).toEqual(
      [],
    );
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('a note is stored unchanged, except that every line break becomes LF', async () => {
    const api = await startApi();
    const { niko } = await everybody(api);
    const note = ' <b>bold</b> & "quoted"\n\ttabs\n\n# and Unicode: ﬁ é 🦉 ';
    expect((await api.send('POST', '/api/posts', { token: niko, body: { note } })).body.note).toBe(note);
    expect((await api.send('POST', '/api/posts', { token: niko, body: form(note) })).body.note).toBe(note);
  });

  test('deleting a user deletes their posts', async () => {
    const api = await startApi();
    const { admin } = await everybody(api);
    await api.send('DELETE', '/api/users/2', { token: admin });
    const { body } = await api.send('GET', '/api/posts', { token: admin });
    expect(body.map(({ id }: { id: number }) => id)).toEqual([4, 3, 1]);
  });

  test('a post by a user who is being deleted is refused with a 4xx and leaves nothing behind', async () => {
    const api = await startApi();
    const { admin, niko } = await everybody(api);
    const writing = Array.from({ length: 12 }, () =>
      api.send('POST', '/api/posts', { token: niko, body: form('Going', png()) }),
    );
    const [removed, ...written] = await Promise.all([
      api.send('DELETE', '/api/users/2', { token: admin }),
      ...writing,
    ]);
    expect(removed.status).toBe(204);
    for (const { status } of written) expect([201, 401, 404]).toContain(status);
    expect(await api.db('posts').where({ user_id: 2 })).toEqual([]);
    expect(await api.db('images').count({ n: '*' }).first()).toMatchObject({ n: 1 });
  });
});

describe('the cookie flow', () => {
  const body = () => form('Forged', sampleImages['image/png']);

  test.each([
    { from: 'a foreign origin', headers: { origin: 'https://evil.example' } },
    { from: 'a sandboxed page', headers: { origin: 'null' } },
    { from: 'a browser that hides the origin', headers: { 'sec-fetch-site': 'cross-site' } },
    { from: 'a neighbour', headers: { 'sec-fetch-site': 'same-site' } },
  ])('the cookie flow refuses a form from $from, which needs no preflight', async ({ headers }) => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    for (const [method, path] of [['POST', '/api/posts'] as const, ['PATCH', '/api/posts/2'] as const]) {
      expect((await api.send(method, path, { cookie, headers, body: body() })).body).toMatchObject({
        status: 403,
        code: 'origin_refused',
      });
    }
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 4 });
    expect(await api.db('posts').where({ note: 'Forged' })).toEqual([]);
  });

  test('the cookie flow accepts a form from a listed origin and from callers that are not browsers', async () => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    for (const origin of [{ origin: 'http://localhost:4100' }, {}]) {
      expect((await api.send('POST', '/api/posts', { cookie, ...origin, body: body() })).status).toBe(201);
    }
  });
});
