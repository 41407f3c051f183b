import { Readable } from 'node:stream';
import { maxImageBytes } from '@signet/contracts';
import type { Request, Response } from 'express';
import { createMultipartReader } from '../../apps/api/src/http/multipart.ts';
import { problemOf, promise, type Target } from '../target.ts';

const read = createMultipartReader('image', maxImageBytes);
const boundary = 'b';
const part = (headers: string, content: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${content}\r\n`;

/** Forms with a file. The first line of the input is the parameters of the Content-Type. */
export const target: Target = {
  seeds: [
    `boundary=b\n${part('name="note"', 'hello')}${part('name="image"; filename="a.png"', 'PNG')}--b--\r\n`,
    `boundary="b"\n${part('name="note"', 'a')}${part('name="note"', 'b')}--b--`,
    `boundary=b\n${part('name="__proto__"', 'x')}--b--\r\n`,
    `boundary=b\n${part("name*=utf-8''note", 'x')}--b--\r\n`,
    `boundary=b\n${part('name="image"; filename="../../x"', 'x')}${part('name="image"; filename="y"', 'y')}--b--`,
    `boundary=b\n${part('name="note[a]"', 'x')}--b--\r\n`,
    'boundary=b\n--b--\r\n',
    `boundary=b\n--b\r\nContent-Type: text/plain; charset=utf-16\r\nContent-Disposition: form-data; name=note\r\n\r\nx\r\n--b--`,
  ],
  words: [
    '--b',
    '--b--',
    '\r\n',
    '\r\n\r\n',
    'name="',
    'filename="',
    'filename*=',
    "utf-8''",
    'Content-Type: ',
    ';',
    '\ufffd',
  ],
  async run(input) {
    const end = input.indexOf('\n');
    const type = input.toString('latin1', 0, Math.max(0, end));
    const body = input.subarray(end + 1);
    const request = Object.assign(
      Readable.from([body.subarray(0, 7), body.subarray(7)], { objectMode: false }),
      {
        headers: {
          'content-type': `multipart/form-data; ${type}`,
          'content-length': String(body.length),
          'transfer-encoding': undefined,
        },
        complete: true,
      },
    );
    const timeout = new Promise<never>((_, reject) => {
      setTimeout(reject, 5000, new Error('broken promise: every form is answered')).unref();
    });
    const upload = request as unknown as Request; // A stream with headers, which is all that multer reads.
    const reading = read(upload, {} as Response).catch(problemOf);
    const form = await Promise.race([reading, timeout]);
    if (typeof form === 'string')
      return promise(
        ['invalid_request', 'body_too_large'].includes(form),
        `a refusal is 400 or 413, not ${form}`,
      );
    const { fields, file } = form;
    promise((file?.length ?? 0) <= body.length, 'a file is no longer than its form');
    promise(file === undefined || body.includes(file), 'a file is a piece of its form');
    const texts = Object.entries(fields ?? {});
    for (const [name, text] of texts) {
      const values = [text].flat();
      promise(
        values.every((each) => typeof each === 'string'),
        `the member ${name} is text`,
      );
      promise(!/[[\]]/.test(name) || typeof text === 'string' || Array.isArray(text), 'no name is a path');
    }
    promise(!('polluted' in {}), 'no prototype is changed');
  },
};
