import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const boundary = 'a-picture-in-a-form';

export const formHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` };

/** A form with a note and a picture, as browsers send it. */
export function formOf(note: string, picture: Buffer): Buffer {
  const disposition = 'Content-Disposition: form-data';
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\n${disposition}; name="note"\r\n\r\n${note}\r\n`),
    Buffer.from(`--${boundary}\r\n${disposition}; name="image"; filename="a.png"\r\n`),
    Buffer.from('Content-Type: image/png\r\n\r\n'),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

/**
 * A PNG of one pixel and this number of bytes, and different from all others. Random bytes after the end of
 * the compressed pixel, which decoders ignore, fill it.
 */
export function pictureOf(bytes: number): Buffer {
  const pixel = deflateSync(Buffer.from([0, 0, 0, 0]));
  const header = Buffer.from('00000001000000010802000000', 'hex');
  const others = 8 + 3 * 12 + header.length + pixel.length;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', Buffer.concat([pixel, randomBytes(bytes - others)])),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
