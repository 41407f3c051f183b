import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { deflateSync } from 'node:zlib';
import { createClient, endpoints } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { down, up } from '../src/db/migrations/0014-image-sizes.ts';
import { secret, withMetadata } from './image-metadata.ts';
import { form, png, pngOf, sampleImages } from './image-samples.ts';
import { type Api, startApi } from './start-api.ts';

const post = (api: Api, token: string, image: Uint8Array, named?: { name?: string; type?: string }) =>
  api.send('POST', '/api/posts', { token, body: form('An image', image, named) });

const read = (api: Api, token: string, id: number, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/api/posts/${id}/image`, { headers: { authorization: `Bearer ${token}`, ...headers } });

const countImages = async (api: Api) => Number((await api.db('images').count({ n: '*' }).first())?.n);

describe('GET /api/posts/:id/image', () => {
  test.each(Object.entries(sampleImages))(
    'an image of the type %s comes back byte for byte, whatever name and type the upload claimed',
    async (mediaType, image) => {
      const api = await startApi();
      const { token } = await api.signIn();
      const { status, body } = await post(api, token, image, {
        name: '../../<script>.html',
        type: 'text/html',
      });
      expect(status).toBe(201);
      const response = await read(api, token, body.id);
      expect(Buffer.from(await response.arrayBuffer()).equals(image)).toBe(true);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': mediaType,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'content-disposition': expect.stringMatching(
          new RegExp(`^inline; filename="${body.image}\\.(png|jpg|gif|webp)"$`),
        ),
        'cache-control': 'private, no-cache',
        etag: `"${body.image}"`,
      });
    },
  );

  test('an image that the caller has already is answered with 304', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const etag = (await read(api, token, 1)).headers.get('etag') ?? '';
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await read(api, token, 1, { 'if-none-match': given });
      expect([response.status, await response.text()]).toEqual([304, '']);
    }
    expect((await read(api, token, 1, { 'if-none-match': '"other"' })).status).toBe(200);
    const head = await api.send('HEAD', '/api/posts/1/image', { token });
    expect([head.status, head.text, Number(head.headers.get('content-length')) > 10_000]).toEqual([
      200,
      '',
      true,
    ]);
    expect((await api.send('GET', '/api/posts/1/image', { headers: { 'if-none-match': etag } })).status).toBe(
      401,
    );
  });

  test('PATCH replaces an image and removes it, and then GET answers 404', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { body } = await post(api, token, png());
    const path = `/api/posts/${body.id}`;
    const changed = await api.send('PATCH', path, {
      token,
      body: form(undefined, sampleImages['image/gif']),
    });
    expect(changed.body).toMatchObject({ note: 'An image', image: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(changed.body.image).not.toBe(body.image);
    expect((await api.send('PATCH', path, { token, body: { image: null } })).body).toMatchObject({
      note: 'An image',
      image: null,
    });
    expect((await read(api, token, body.id)).status).toBe(404);
    expect(await countImages(api)).toBe(1);
  });

  test('a post names the size at which its image is drawn, which changes and goes with the image', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const wide = pngOf(30, 20, deflateSync(Buffer.alloc(20 * 91)));
    const size = (body: Record<string, unknown>) => [body.image_width, body.image_height];
    const { body } = await post(api, token, wide);
    expect(size(body)).toEqual([30, 20]);
    const path = `/api/posts/${body.id}`;
    const change = async (sent: FormData | object) =>
      size((await api.send('PATCH', path, { token, body: sent })).body);
    expect(await change(form(undefined, withMetadata(wide, 'image/png', 6)))).toEqual([20, 30]);
    expect(await change({ note: 'The same image' })).toEqual([20, 30]);
    expect(await change({ image: null })).toEqual([null, null]);
    const listed = await api.send('GET', '/api/posts', { token });
    expect(listed.body.map(size).slice(0, 2)).toEqual([
      [null, null],
      [480, 480],
    ]);
  });

  test('a post that is older than the sizes has none, keeps its image, and gets a size with the next one', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    await down(api.db);
    await up(api.db);
    const { body: old } = await api.send('GET', '/api/posts/2', { token });
    expect([old.image_width, old.image_height]).toEqual([null, null]);
    expect((await read(api, token, 2)).status).toBe(200);
    const { body } = await api.send('PATCH', '/api/posts/2', { token, body: form(undefined, png()) });
    expect([body.image_width, body.image_height]).toEqual([1, 1]);
  });

  test('the typed client uploads and downloads an image', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const authorised = (request: Request) => {
      request.headers.set('authorization', `Bearer ${token}`);
      return fetch(request);
    };
    const { call } = createClient({ baseUrl: api.url, fetch: authorised });
    const image = sampleImages['image/webp'];
    const made = await call(endpoints.createPost, {
      body: { note: 'Hello' },
      image: new Blob([new Uint8Array(image)]),
    });
    const blob = await call(endpoints.readPostImage, { params: { id: made.id } });
    expect([blob.type, Buffer.from(await blob.arrayBuffer()).equals(image)]).toEqual(['image/webp', true]);
    await expect(call(endpoints.readPostImage, { params: { id: 999 } })).rejects.toMatchObject({
      problem: { code: 'not_found' },
    });
    const changed = await call(endpoints.updatePost, {
      params: { id: made.id },
      image: new Blob([new Uint8Array(png())]),
    });
    expect(changed.image).not.toBe(made.image);
  });
});

describe('uploads', () => {
  const whole = sampleImages['image/png'];
  test.each([
    {
      what: 'HTML called .png',
      bytes: Buffer.from('<html><script>alert(1)</script>'),
      status: 415,
      code: 'unsupported_media_type',
    },
    {
      what: 'an SVG',
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      status: 415,
    },
    { what: 'empty', bytes: Buffer.alloc(0), status: 415 },
    { what: 'a PDF', bytes: Buffer.from('%PDF-1.7'), status: 415 },
    { what: 'an image behind a space', bytes: Buffer.concat([Buffer.from(' '), whole]), status: 415 },
    {
      what: 'a JPEG that was cut off',
      bytes: sampleImages['image/jpeg'].subarray(0, -40),
      status: 400,
      code: 'invalid_request',
    },
    { what: 'a PNG that was cut off', bytes: whole.subarray(0, -5), status: 400 },
    { what: 'a GIF that was cut off', bytes: sampleImages['image/gif'].subarray(0, -1), status: 400 },
    { what: 'a WebP that was cut off', bytes: sampleImages['image/webp'].subarray(0, -1), status: 400 },
    {
      what: 'a PNG of 16 000 × 16 000 pixels in a few bytes',
      bytes: pngOf(16_000, 16_000, deflateSync(Buffer.alloc(100))),
      status: 400,
      code: 'invalid_request',
      issues: [{ path: 'image', message: 'The image has more than 40 megapixels: 16000 × 16000' }],
    },
    { what: 'more than 5 MiB', bytes: png(5 * 1024 * 1024 + 1), status: 413, code: 'body_too_large' },
    { what: 'far more than 5 MiB', bytes: png(8 * 1024 * 1024), status: 413 },
  ])(
    'an upload that is $what is refused and leaves nothing behind',
    async ({ what: _, bytes, ...problem }) => {
      const api = await startApi();
      const { token } = await api.signIn();
      expect((await post(api, token, bytes)).body).toMatchObject(problem);
      expect(
        (await api.send('PATCH', '/api/posts/2', { token, body: form('Changed', bytes) })).body,
      ).toMatchObject(problem);
      expect(await countImages(api)).toBe(1);
      expect(await api.db('posts').whereIn('note', ['An image', 'Changed'])).toEqual([]);
    },
  );

  test('a form with unknown, repeated or oversized parts is refused', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const blob = () => new Blob([new Uint8Array(whole)]);
    const forms: ((data: FormData) => void)[] = [
      (data) => data.append('image', blob(), 'second.png'),
      (data) => data.append('other', blob(), 'other.png'),
      (data) => data.append('note', 'twice'),
      (data) => data.append('user_id', '1'),
      (data) => data.append('image', 'text'),
      (data) => data.append('__proto__', 'x'),
      (data) => data.append('constructor', 'x'),
      (data) => data.append('note[]', 'x'),
      (data) => data.append('note[a][b]', 'x'),
      (data) => data.append('x'.repeat(5000), 'x'),
      (data) => data.append('', 'x'),
      (data) => {
        for (let index = 0; index < 50; index += 1) data.append(`field${index}`, 'x');
      },
    ];
    for (const add of forms) {
      const data = form('An image', whole);
      add(data);
      expect((await api.send('POST', '/api/posts', { token, body: data })).body).toMatchObject({
        status: 400,
        code: 'invalid_request',
      });
    }
    const long = form('x'.repeat(200_000), whole);
    expect((await api.send('POST', '/api/posts', { token, body: long })).body).toMatchObject({
      status: 413,
      detail: 'A member of the form is too long',
    });
    const headers = { 'content-encoding': 'gzip' };
    expect(
      (await api.send('POST', '/api/posts', { token, body: form('An image', whole), headers })).body,
    ).toMatchObject({ status: 415 });
    expect(
      (await api.send('POST', '/api/posts', { token, body: form('x'.repeat(10_001), whole) })).status,
    ).toBe(400);
    expect(
      (await api.send('POST', '/api/posts', { token, body: form(undefined, whole) })).body,
    ).toMatchObject({
      detail: 'Note is missing',
    });
    expect((await api.send('PATCH', '/api/posts/2', { token, body: new FormData() })).status).toBe(400);
    expect(await countImages(api)).toBe(1);
  });

  test.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=x',
    'multipart/mixed; boundary=x',
    'multipart/form-data; boundary="',
  ])('a body that claims to be %s and is something else is refused', async (type) => {
    const api = await startApi();
    const { token } = await api.signIn();
    for (const body of [
      '{"note":"x"}',
      '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhalf',
      '--x',
      '--x--\r\n',
      '\0'.repeat(9999),
    ]) {
      const { status } = await api.send('POST', '/api/posts', {
        token,
        headers: { 'content-type': type },
        body,
      });
      expect([400, 415]).toContain(status);
    }
    expect(await api.db('posts').count({ n: '*' }).first()).toMatchObject({ n: 4 });
  });

  test('a form with a text in an unknown charset is refused, also where the text could be left out', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const body = [
      '--x\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain; charset=klingon\r\n\r\nnew',
      '\r\n--x\r\nContent-Disposition: form-data; name="image"; filename="a.gif"\r\n\r\n',
      sampleImages['image/gif'].toString('latin1'),
      '\r\n--x--\r\n',
    ].join('');
    const sent = {
      token,
      body: Buffer.from(body, 'latin1'),
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    };
    for (const [method, path] of [
      ['POST', '/api/posts'],
      ['PATCH', '/api/posts/2'],
    ] as const) {
      const { status, body: problem } = await api.send(method, path, sent);
      expect({ status, detail: problem.detail }).toEqual({
        status: 400,
        detail: 'A text of the form is in a charset that is not read here; write it in UTF-8',
      });
    }
    expect(await countImages(api)).toBe(1);
  });

  test('a form that goes on after its last boundary is refused, though its parser waits for more', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { status, body: problem } = await api.send('POST', '/api/posts', {
      token,
      body: [
        '\r\n--x--\r\n--x\r\n--x\r\n',
        'Content-Disposition: form-data; name="image"; filename="a.gif"\r\n\r\nGIF89a',
      ].join(''),
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect({ status, detail: problem.detail }).toEqual({
      status: 400,
      detail: 'The form is malformed or was cut off',
    });
    expect(await countImages(api)).toBe(1);
  });

  test('an upload whose connection breaks leaves nothing behind, and the API goes on working', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { hostname, port } = new URL(api.url);
    for (let index = 0; index < 5; index += 1) {
      const socket = connectSocket(Number(port), hostname);
      await once(socket, 'connect');
      const head = [
        'POST /api/posts HTTP/1.1',
        `Host: ${hostname}`,
        `Authorization: Bearer ${token}`,
        'Content-Length: 100000',
      ];
      socket.write(`${[...head, 'Content-Type: multipart/form-data; boundary=x'].join('\r\n')}\r\n\r\n`);
      socket.write('--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nBroken\r\n');
      socket.write('--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n');
      socket.write(png(20_000));
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
    }
    expect((await post(api, token, png())).status).toBe(201);
    expect(await api.db('posts').where({ note: 'Broken' })).toEqual([]);
    expect(await countImages(api)).toBe(2);
    expect(api.logged()).not.toMatch(/"level":50/);
  });
});

describe('shared images', () => {
  test('an image with metadata and the same image without share one row, and nobody reads the metadata', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const sample = sampleImages['image/jpeg'];
    const [plain, photo] = [
      (await post(api, token, sample)).body,
      (await post(api, token, withMetadata(sample, 'image/jpeg', 1))).body,
    ];
    expect(photo.image).toBe(plain.image);
    const { body: turned } = await api.send('PATCH', `/api/posts/${plain.id}`, {
      token,
      body: form(undefined, withMetadata(sample, 'image/jpeg', 6)),
    });
    expect(turned.image).not.toBe(plain.image);
    for (const { id } of [photo, turned]) {
      const bytes = Buffer.from(await (await read(api, token, id)).arrayBuffer());
      expect(bytes.includes(secret)).toBe(false);
    }
  });

  test('two posts with the same image share one row, which is deleted with the last of them', async () => {
    const api = await startApi();
    const { token } = await api.signIn('toby');
    const image = png();
    const [first, second] = [(await post(api, token, image)).body, (await post(api, token, image)).body];
    expect(first.image).toBe(second.image);
    expect(await countImages(api)).toBe(2);
    await api.send('DELETE', `/api/posts/${first.id}`, { token });
    expect((await read(api, token, second.id)).status).toBe(200);
    await api.send('DELETE', `/api/posts/${second.id}`, { token });
    expect(await countImages(api)).toBe(1);
    for (const id of [1, 2, 3, 4]) await api.send('DELETE', `/api/posts/${id}`, { token });
    expect(await countImages(api)).toBe(0);
  });

  test('deleting a user deletes the images that only their posts showed', async () => {
    const api = await startApi();
    const [toby, niko] = [await api.signIn('toby'), await api.signIn('niko')];
    const [shared, own] = [png(), png()];
    await post(api, niko.token, shared);
    await post(api, niko.token, own);
    const { body } = await post(api, toby.token, shared);
    expect(await countImages(api)).toBe(3);
    expect((await api.send('DELETE', '/api/users/me', { token: niko.token })).status).toBe(405);
    expect((await api.send('DELETE', `/api/users/${niko.userId}`, { token: niko.token })).status).toBe(204);
    expect(await countImages(api)).toBe(2);
    expect((await read(api, toby.token, body.id)).status).toBe(200);
  });

  test('a shared image survives concurrent writes and deletions as long as a post shows it', async () => {
    const api = await startApi({ processes: 3 });
    const { token } = await api.signIn('toby');
    const image = png();
    const at = (index: number) => api.urls[index % 3] as string;
    const send = async (index: number, method: string, path: string, body?: FormData) => {
      const response = await fetch(new URL(path, at(index)), {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body && { body }),
      });
      return { status: response.status, body: method === 'POST' ? await response.json() : undefined };
    };
    for (let round = 0; round < 4; round += 1) {
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, index) => send(index, 'POST', '/api/posts', form('Same', image))),
      );
      expect(made.map(({ status }) => status)).toEqual(Array(6).fill(201));
      const deleting = made.map(({ body }, index) => send(index, 'DELETE', `/api/posts/${body.id}`));
      const adding = [
        send(1, 'POST', '/api/posts', form('Same', image)),
        send(2, 'PATCH', '/api/posts/2', form('Same', image)),
      ];
      const statuses = (await Promise.all([...deleting, ...adding])).map(({ status }) => status);
      expect(statuses).toEqual([...Array(6).fill(204), 201, 200]);
      const shown = await api.db('posts').distinct('image').whereNotNull('image').pluck('image');
      expect((await api.db('images').pluck('id')).sort()).toEqual(shown.sort());
    }
  });
});

test('twenty concurrent uploads of 5 MiB are all accepted, a refused one when it is sent again', async () => {
  const api = await startApi({ env: { USER_MAX_BYTES: String(200 * 1024 * 1024) } });
  const { token } = await api.signIn();
  // On a busy machine the API has no room for some of them within its five seconds.
  const upload = async (): Promise<number> => {
    const { status, body } = await post(api, token, png(5 * 1024 * 1024));
    return status === 503 && body.code === 'overloaded' ? upload() : status;
  };
  expect(await Promise.all(Array.from({ length: 20 }, upload))).toEqual(Array(20).fill(201));
  expect(await countImages(api)).toBe(21);
});
