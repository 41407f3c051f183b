import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { form, png } from './image-samples.ts';
import { type Api, startApi } from './start-api.ts';

const mebibyte = 1024 * 1024;

/** A connection on which a request head (and perhaps the beginning of a body) was sent, and nothing is read. */
async function open(api: Api, head: string, body: Uint8Array = new Uint8Array()): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`${head}\r\nHost: ${hostname}:${port}\r\n\r\n`);
  socket.write(body);
  return socket;
}

/** Begins an upload whose last bytes are not sent. */
const holdUpload = (api: Api, token: string) => {
  const begin = `--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n`;
  const head = [
    'POST /api/posts HTTP/1.1',
    `Authorization: Bearer ${token}`,
    'Content-Type: multipart/form-data; boundary=x',
    `Content-Length: ${5 * mebibyte}`,
  ].join('\r\n');
  return open(api, head, Buffer.concat([Buffer.from(begin), Buffer.alloc(64 * 1024)]));
};

/** The first answer on any of these connections: the API may reach them in another order than they were opened. */
const firstAnswer = (sockets: readonly Socket[]): Promise<{ text: string; socket: Socket }> =>
  Promise.race(
    sockets.map(async (socket) => {
      const [chunk] = await once(socket, 'data');
      return { text: String(chunk), socket };
    }),
  );

describe('uploads under way', () => {
  test('uploads under way of one user are a few: more are refused before their body is read, and others go on', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { token: other } = await api.signIn('lex', '123qwerty');
    const uploads = await Promise.all(Array.from({ length: 4 }, () => holdUpload(api, token)));
    const refused = await firstAnswer(uploads);
    expect(refused.text).toMatch(/^HTTP\/1\.1 503 .*Retry-After: 5\r\n.*"code":"overloaded"/s);
    const made = await api.send('POST', '/api/posts', {
      token: other,
      body: form('mine', png(4 * mebibyte)),
    });
    expect(made.status).toBe(201);
    expect((await api.send('POST', '/api/posts', { token, body: { note: 'as JSON' } })).status).toBe(201);
    uploads.find((each) => each !== refused.socket)?.destroy();
    const again = await api.send('POST', '/api/posts', { token, body: form('mine', png(4 * mebibyte)) });
    expect(again.status).toBe(201);
  });

  test('uploads under way are counted until their handler is done, and not for longer', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    for (let time = 0; time < 5; time += 1) {
      const answers = await Promise.all(
        [1, 2, 3].map(() => api.send('POST', '/api/posts', { token, body: form('x', png(4 * mebibyte)) })),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      for (const { body } of answers) await api.send('DELETE', `/api/posts/${body.id}`, { token });
    }
  });
});

test('JSON bodies held back by one address do not use up the room of others at other addresses', async () => {
  const api = await startApi({ env: { TRUST_PROXY: '1' } });
  const head = (address: string) => [
    'POST /token HTTP/1.1',
    `X-Forwarded-For: ${address}`,
    'Content-Type: application/json',
    'Content-Length: 99999',
  ];
  const bodies = Array.from({ length: 21 }, () =>
    open(api, head('203.0.113.1').join('\r\n'), Buffer.from('{')),
  );
  const refused = await firstAnswer(await Promise.all(bodies));
  expect(refused.text).toMatch(/^HTTP\/1\.1 503 /);
  const body = { username: 'niko', password: '123niko' };
  const headers = { 'x-forwarded-for': '203.0.113.2' };
  expect((await api.send('POST', '/token', { body, headers })).status).toBe(200);
});

test('images that one user asks for and does not read are bounded, and others still get theirs', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  const { token: other } = await api.signIn('lex', '123qwerty');
  const image = png(5 * mebibyte);
  const { body } = await api.send('POST', '/api/posts', { token, body: form('large', image) });
  const path = `/api/posts/${body.id}/image`;
  const ask = () => open(api, `GET ${path} HTTP/1.1\r\nAuthorization: Bearer ${token}`);
  const unread = await Promise.all(Array.from({ length: 12 }, ask));
  // The connections are not served in the order in which they were opened.
  await expect.poll(async () => (await api.send('GET', path, { token })).body.code).toBe('overloaded');
  expect((await api.send('GET', path, { token: other })).status).toBe(200);
  expect((await api.send('GET', '/protected', { token })).status).toBe(200);
  for (const socket of unread) socket.destroy();
  await expect.poll(async () => (await api.send('GET', path, { token })).status).toBe(200);
});

test('a page of posts has 1 MiB at most, and its links still lead through every post once', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  const at = new Date().toISOString();
  // The second kind of note is six times as long in JSON as in the database.
  const notes = ['字'.repeat(10_000), '\u0001'.repeat(10_000), 'short'];
  const rows = Array.from({ length: 150 }, (_, index) => ({ note: notes[index % 3] ?? '', user_id: 2 }));
  for (const row of rows) await api.db('posts').insert({ ...row, created_at: at, updated_at: at });
  const seen: number[] = [];
  let pages = 0;
  for (let path: string | undefined = '/api/posts?limit=500'; path !== undefined; pages += 1) {
    const { headers, text, body } = await api.send('GET', path, { token });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024 + 1024);
    seen.push(...body.map(({ id }: { id: number }) => id));
    path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  }
  const ids = await api.db('posts').orderBy('id', 'desc').pluck('id');
  expect(seen).toEqual(ids);
  expect(pages).toBeGreaterThan(4);
  expect(pages).toBeLessThan(12);
});

test('the last page has no link, also where the last post is just the one that does not fit', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  await api.db('posts').delete();
  const at = new Date().toISOString();
  const insert = (note: string) =>
    api.db('posts').insert({ note, user_id: 2, created_at: at, updated_at: at });
  for (let count = 0; count < 40; count += 1) await insert('字'.repeat(10_000));
  const first = await api.send('GET', '/api/posts?limit=500', { token });
  const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await api.send('GET', next, { token });
  expect(first.body.length + second.body.length).toBe(40);
  expect(second.headers.get('link')).toBeNull();
});

test('one user who makes accounts without end does not keep others from signing in', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  const make = (index: number) =>
    api.send('POST', '/api/users', {
      token,
      body: { name: 'Puppet', uid: `puppet${index}`, password: 'gravel-otter-17' },
    });
  const flood = Promise.all(Array.from({ length: 50 }, (_, index) => make(index)));
  const { status } = await api.send('POST', '/token', { body: { username: 'hop', password: '123qwerty' } });
  expect([200, 401]).toContain(status);
  const codes = new Set((await flood).map(({ status: made, body }) => body.code ?? made));
  expect([...codes].filter((code) => ![201, 'overloaded'].includes(code))).toEqual([]);
});
