import express from 'express';
import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createMultipartReader } from '../../src/http/multipart.ts';
import { serveForTest } from '../listen-for-test.ts';
import { send } from '../start-api.ts';

/** Serves a reader of forms whose file has at most 1000 bytes; it answers with their sizes, or with the refusal. */
async function serveForms() {
  const read = createMultipartReader('image', 1000);
  const app = express().use(async (request, response) => {
    try {
      const { fields, file } = await read(request, response);
      response.json({ fields, file: file?.length });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      response.json({ code: error.code, message: error.message });
    }
  });
  const { url } = await serveForTest(app);
  return (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    send(url, 'POST', '/', {
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=x', ...headers },
    });
}

const textPart = (name: string, text: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
const filePart = (bytes: number) =>
  `--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n${'i'.repeat(bytes)}\r\n`;
const end = '--x--\r\n';

test('a form is as long as its file and 200 kB at most', async () => {
  const sendForm = await serveForms();
  const form = (bytes: number) =>
    textPart('a', 'a'.repeat(100_000)) + textPart('b', 'b'.repeat(bytes)) + filePart(1000) + end;
  const room = 201_000 - form(0).length;
  const { body } = await sendForm(form(room));
  expect([body.fields.a.length, body.fields.b.length, body.file]).toEqual([100_000, room, 1000]);
  expect((await sendForm(form(room + 1))).body).toEqual({
    code: 'body_too_large',
    message: 'The image is larger than 5 MiB',
  });
});

test('a form may have ten texts and a file', async () => {
  const sendForm = await serveForms();
  const names = Array.from('abcdefghij');
  const { body } = await sendForm(names.map((name) => textPart(name, name)).join('') + filePart(1) + end);
  expect([Object.keys(body.fields), body.file]).toEqual([names, 1]);
});

test('a form that is compressed, or whose text is not UTF-8, is refused with the reason', async () => {
  const sendForm = await serveForms();
  expect((await sendForm(end, { 'content-encoding': 'gzip' })).body).toEqual({
    code: 'unsupported_media_type',
    message: 'The body is encoded in a way that is not read here',
  });
  const latin1 = Buffer.from(textPart('a', 'caf\u00e9') + end, 'latin1');
  expect((await sendForm(latin1)).body).toEqual({
    code: 'invalid_request',
    message: 'A text of the form is not UTF-8, or has U+FFFD in the place of a character that was lost',
  });
});
