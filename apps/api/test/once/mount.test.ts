import { endpoints, type Player, type Post } from '@signet/contracts';
import { expect, test } from 'vitest';
import { niko, serveTable } from '../serve-table.ts';

const hash = 'pbkdf2:sha256:600000$a-salt$a-hash';
const player: Player & { password: string } = { id: 1, name: 'Ada', uid: 'ada', tokens: 1, password: hash };
const post: Post & { password: string } = {
  id: 1,
  note: 'a note',
  image: null,
  image_width: null,
  image_height: null,
  user_id: niko.user_id,
  author: { uid: niko.uid, name: 'Nikola' },
  created_at: '2030-01-01T00:00:00.000Z',
  updated_at: '2030-01-01T00:00:00.000Z',
  password: hash,
};
const form = new FormData();
form.set('note', 'a note');

test.each([
  { answer: 'an object', method: 'GET', path: '/api/players/1' },
  { answer: 'a page', method: 'GET', path: '/api/players' },
  { answer: 'the answer to JSON', method: 'POST', path: '/api/posts', body: { note: 'a note' } },
  { answer: 'the answer to multipart/form-data', method: 'POST', path: '/api/posts', body: form },
])(
  '$answer with a member that the contract does not name is 500, and no byte of the member leaves',
  async ({ method, path, body }) => {
    const { readPlayer, listPlayers, createPost } = endpoints;
    const api = await serveTable(
      { readPlayer, listPlayers, createPost },
      {
        readPlayer: () => player,
        listPlayers: () => ({ items: [player], next: 'MQ' }),
        createPost: (_call, reply) => {
          reply.location(`/api/posts/${hash}`);
          return post;
        },
      },
    );
    const answer = await api.send(method, path, { body });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify([...answer.headers, answer.text])).not.toContain('pbkdf2');
    expect(answer.text).not.toContain('password');
    expect(answer.headers.get('link')).toBeNull();
    // The log names the broken rule, without the value.
    expect(api.logged()).toContain('password');
    expect(api.logged()).not.toContain(hash);
  },
);

test('a path without parameters is not read as an id, in whatever order the table has the two', async () => {
  const { readUser, readMe } = endpoints;
  const user = (id: number) => ({
    id,
    name: 'Nikola',
    uid: 'niko',
    role: 'user' as const,
    created_at: '2030-01-01T00:00:00.000Z',
    updated_at: '2030-01-01T00:00:00.000Z',
  });
  const handlers = { readUser: () => user(1), readMe: () => user(2) };
  for (const table of [
    { readUser, readMe },
    { readMe, readUser },
  ]) {
    const api = await serveTable(table, handlers);
    expect(await api.send('GET', '/api/users/me')).toMatchObject({ status: 200, body: { id: 2 } });
    expect(await api.send('GET', '/api/users/7')).toMatchObject({ status: 200, body: { id: 1 } });
  }
});

test.each([
  { kind: 'JSON', body: { note: 'a note' } },
  { kind: 'multipart/form-data', body: form },
])('after a body of $kind a handler gets the principal of now, asked for once', async ({ body }) => {
  const { createPost, readMe } = endpoints;
  const seen: string[] = [];
  let asked = 0;
  const { password: _, ...answer } = post;
  const api = await serveTable(
    { createPost, readMe },
    {
      createPost: ({ principal }, reply) => {
        seen.push(principal.uid);
        reply.location('/api/posts/1');
        return answer;
      },
      readMe: ({ principal }) => {
        seen.push(principal.uid);
        return {
          ...answer.author,
          id: 2,
          role: 'user' as const,
          created_at: post.created_at,
          updated_at: post.updated_at,
        };
      },
    },
    {
      askPrincipal: async () => {
        asked += 1;
        return { ...niko, uid: 'renamed' };
      },
    },
  );
  expect((await api.send('GET', '/api/users/me')).status).toBe(200);
  expect((await api.send('POST', '/api/posts', { body })).status).toBe(201);
  expect([seen, asked]).toEqual([['niko', 'renamed'], 1]);
});

test('after its body a request is refused if the session has ended or an admin was demoted', async () => {
  const { createPlayer } = endpoints;
  const body = { name: 'Ada', uid: 'ada', password: 'analytical engine', tokens: 1 };
  const admin = { ...niko, role: 'admin' as const };
  for (const [principal, code] of [
    [undefined, 'session_ended'],
    [niko, 'forbidden'],
  ] as const) {
    const handlers = { createPlayer: () => Promise.reject(new Error('The handler must not run')) };
    const gate = { authenticate: async () => admin, askPrincipal: async () => principal };
    const api = await serveTable({ createPlayer }, handlers, gate);
    expect((await api.send('POST', '/api/players', { body })).body.code).toBe(code);
  }
});
