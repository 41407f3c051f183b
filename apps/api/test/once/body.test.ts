import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { endpoints, maxImageBytes } from '@signet/contracts';
import express, { type ErrorRequestHandler } from 'express';
import { describe, expect, test } from 'vitest';
import { createBodyReader, hasBody } from '../../src/http/body.ts';
import { serveForTest } from '../listen-for-test.ts';

/** A server that answers with what it has read of a body: a form is read at `/form`. */
async function serve() {
  const read = createBodyReader();
  const app = express();
  app.use(async (request, response) => {
    const endpoint = request.path === '/form' ? endpoints.createPost : endpoints.createToken;
    const { members, image } = await read(request, response, endpoint);
    response.json({ members, image: image?.toString('latin1'), had: hasBody(request), file: request.file });
  });
  const answer: ErrorRequestHandler = ({ code, status, message, cause }, _request, response, _next) => {
    response.status(400).json({ code: code ?? status, message, hasCause: cause !== undefined });
  };
  app.use(answer);
  const { port } = await serveForTest(app);
  return {
    /** What was read of these bytes, or how they were refused. `fetch` would set header fields of its own. */
    async send(path: string, headers: Record<string, string>, body: Uint8Array | string) {
      const sent = request({ port, path, method: 'POST', headers });
      sent.on('error', () => {});
      sent.end(body);
      const [response] = await once(sent, 'response');
      return JSON.parse(await text(response));
    },
  };
}

const json = { 'content-type': 'application/json' };

describe('a JSON body', () => {
  test.each([
    ['application/json', '{"a":"é"}', { a: 'é' }],
    ['Application/JSON; charset="UTF-8"', '[]', []],
    ['application/json; charset=utf-8', '0', 0],
    ['application/json', 'null', null],
  ])('of the type %s is read: %s', async (type, body, members) => {
    const { send } = await serve();
    expect(await send('/', { 'content-type': type }, body)).toEqual({ members, had: true });
  });

  test.each([
    ['an empty object', json, '{}'],
    ['no byte', json, ''],
    ['no byte, of no type, in chunks', { 'transfer-encoding': 'chunked' }, ''],
    ['no byte, of another type', { 'content-type': 'text/plain' }, ''],
  ])('of %s reads as no body', async (_of, headers, body) => {
    const { send } = await serve();
    const { members, had } = await send('/', { ...headers }, body);
    expect([members, had]).toEqual([undefined, body !== '' || 'transfer-encoding' in headers]);
  });

  const isJson = 'The body must be application/json';
  test.each([
    ['text/plain', isJson],
    ['application/x-www-form-urlencoded', isJson],
    ['multipart/form-data; boundary=x', isJson],
    ['application/jsonp', isJson],
    ['', isJson],
    [';;', isJson],
    ['application/json; charset=latin1', 'JSON must be in UTF-8'],
  ])('of the type %j is refused', async (type, message) => {
    const { send } = await serve();
    expect(await send('/', { 'content-type': type }, '{"a":1}')).toEqual({
      code: 'unsupported_media_type',
      message,
      hasCause: false,
    });
  });

  test('of no type, or of more than 100 kB, is refused', async () => {
    const { send } = await serve();
    expect(await send('/', {}, '{"a":1}')).toMatchObject({ code: 'unsupported_media_type' });
    const bodyOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    expect((await send('/', json, bodyOf(102_400))).members).toHaveLength(102_398);
    expect((await send('/', json, bodyOf(102_401))).code).toBe(413);
  });
});

describe('a form', () => {
  const form = (...parts: readonly [head: string, content: string][]) =>
    Buffer.from(
      `${parts.map(([head, content]) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`).join('')}--x--\r\n`,
      'latin1',
    );
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  const note = ['name="note"', 'a note'] as const;
  const image = ['name="image"; filename="a.png"', '\x89PNG'] as const;

  test('is read with its members and the bytes of its file, which the request does not keep', async () => {
    const { send } = await serve();
    expect(await send('/form', multipart, form([...note], [...image]))).toEqual({
      members: { note: 'a note' },
      image: '\x89PNG',
      had: true,
    });
    expect(await send('/form', multipart, form([...note]))).toEqual({
      members: { note: 'a note' },
      had: true,
    });
    expect(await send('/form', multipart, form([...image]))).toEqual({
      members: {},
      image: '\x89PNG',
      had: true,
    });
    expect(await send('/form', { ...multipart, 'content-encoding': 'identity' }, form([...note]))).toEqual({
      members: { note: 'a note' },
      had: true,
    });
  });

  test('without parts reads as no body', async () => {
    const { send } = await serve();
    expect(await send('/form', multipart, '--x--\r\n')).toEqual({ had: true });
  });

  test('may have ten members beside the file, each of 100 kB', async () => {
    const { send } = await serve();
    const members = Array.from({ length: 10 }, (_, index): [string, string] => [
      `name="m${index}"`,
      index === 0 ? 'x'.repeat(100_000) : '',
    ]);
    expect((await send('/form', multipart, form(...members, [...image]))).members.m0).toHaveLength(100_000);
  });

  const malformed = ['invalid_request', 'The form is malformed or was cut off'];
  const oneFile = ['invalid_request', 'The form may have one file, in the part named image'];
  const notUtf8 = [
    'invalid_request',
    'A text of the form is not UTF-8, or has U+FFFD in the place of a character that was lost',
  ];
  test.each([
    ['a file of another name', form(['name="other"; filename="a.png"', 'x']), oneFile],
    ['two files', form([...image], [...image]), oneFile],
    ['eleven members', form(...Array.from({ length: 11 }, () => [...note] as [string, string])), malformed],
    [
      'a member that is too long',
      form(['name="note"', 'x'.repeat(100_001)]),
      ['body_too_large', 'A member of the form is too long'],
    ],
    [
      'an image that is too large',
      form(['name="image"; filename="a"', 'x'.repeat(maxImageBytes + 1)]),
      ['body_too_large', 'The image is larger than 5 MiB'],
    ],
    ['a path of members', form(['name="note[a]"', 'x']), malformed],
    ['a text that is not UTF-8', form(['name="note"', '\xff']), notUtf8],
    ['no end', Buffer.from('--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nx'), malformed],
    ['another boundary', Buffer.from('--y\r\n\r\nx\r\n--y--\r\n'), malformed],
  ])('with %s is refused with the reason and the cause', async (_with, body, [code, message]) => {
    const { send } = await serve();
    const hasCause = message !== notUtf8[1];
    expect(await send('/form', multipart, body)).toEqual({ code, message, hasCause });
  });

  test('may be as long as its parts, and one that says it is longer is refused before it is read', async () => {
    const { send } = await serve();
    const most = maxImageBytes + 200_000;
    const parts = (pad: number) =>
      form(
        ['name="a"', 'x'.repeat(99_000)],
        ['name="c"', 'x'.repeat(50_000)],
        ['name="b"', 'x'.repeat(pad)],
        [image[0], 'x'.repeat(maxImageBytes)],
      );
    const longest = parts(most - parts(0).length);
    expect(longest).toHaveLength(most);
    expect((await send('/form', multipart, longest)).image).toHaveLength(maxImageBytes);
    const declared = (bytes: number) => ({ ...multipart, 'content-length': String(bytes) });
    expect(await send('/form', declared(most + 1), '--x')).toEqual({
      code: 'body_too_large',
      message: 'The image is larger than 5 MiB',
      hasCause: false,
    });
  });

  test('that is compressed is refused', async () => {
    const { send } = await serve();
    expect(await send('/form', { ...multipart, 'content-encoding': 'gzip' }, form([...note]))).toMatchObject({
      code: 'unsupported_media_type',
      message: 'The body is encoded in a way that is not read here',
    });
  });
});
