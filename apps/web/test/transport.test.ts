import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { send } from '../src/session/transport.ts';

let server: Server | undefined;

afterEach(() => server?.close());

/** A server on another port than the page, so that requests are cross-origin. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', 'http://localhost:4100');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Access-Control-Expose-Headers', 'Location');
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function uploadTo(url: string, init: RequestInit = {}) {
  const form = new FormData();
  form.append('note', 'a note');
  form.append('image', new File(['bytes'], 'image.png', { type: 'image/png' }));
  return new Request(url, {
    method: 'POST',
    body: form,
    headers: { authorization: 'Bearer token' },
    ...init,
  });
}

describe('an upload whose progress is asked for', () => {
  test('an upload with progress sends and answers the same as fetch', async () => {
    let received = { body: '', type: '', authorization: '' };
    const url = await serve(async (request, response) => {
      const { authorization = '', 'content-type': type = '' } = request.headers;
      received = { body: await text(request), type, authorization };
      response
        .writeHead(201, { 'Content-Type': 'application/json', Location: '/api/posts/1' })
        .end('{"id":1}');
    });
    const progress: number[] = [];
    const response = await send(uploadTo(url), (sent) => progress.push(sent));
    expect([response.status, response.ok, await response.json()]).toEqual([201, true, { id: 1 }]);
    expect(response.headers.get('location')).toBe('/api/posts/1');
    expect(received.authorization).toBe('Bearer token');
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(received.type)?.[1];
    expect(received.body.startsWith(`--${boundary}`)).toBe(true);
    expect(received.body).toContain('name="image"; filename="image.png"');
    expect(progress.at(-1)).toBe(1);
  });

  test('an upload with progress resolves with a refusal and its body', async () => {
    const url = await serve((_, response) =>
      response.writeHead(415, { 'Content-Type': 'application/problem+json' }).end('{"status":415}'),
    );
    const response = await send(uploadTo(url), () => undefined);
    expect([response.status, response.ok, await response.json()]).toEqual([415, false, { status: 415 }]);
  });

  test('an upload with progress resolves with an answer without a body', async () => {
    const url = await serve((_, response) => response.writeHead(204).end());
    const response = await send(uploadTo(url), () => undefined);
    expect([response.status, response.body]).toEqual([204, null]);
  });

  test('an aborted upload with progress rejects as fetch does', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    const upload = send(uploadTo(url, { signal: controller.signal }), () => undefined);
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
  });
});
