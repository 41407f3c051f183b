import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** One small, whole image of each media type. Chromium wrote those that are not PNG. */
export const sampleImages = {
  'image/png': png(),
  'image/jpeg': Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAABAAEDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AIgAf//Z',
    'base64',
  ),
  'image/gif': Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
  'image/webp': Buffer.from(
    'UklGRkAAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAIAAAAAAFZQOCAYAAAAMAEAnQEqAQABAAdAliWkAANwAP7vuQAA',
    'base64',
  ),
} as const;

/**
 * A whole PNG of one random pixel, of exactly `size` bytes unless that is too few: bytes after the end of the
 * compressed pixels, which decoders ignore, fill it.
 */
export function png(size = 0): Buffer {
  const pixel = deflateSync(Buffer.concat([Buffer.of(0), randomBytes(3)]));
  const others = 8 + 3 * 12 + 13 + pixel.length;
  return pngOf(1, 1, Buffer.concat([pixel, randomBytes(Math.max(0, size - others))]));
}

/** A PNG with a header of that size, whatever its pixels. */
export function pngOf(width: number, height: number, pixels: Buffer, chunks: readonly Buffer[] = []): Buffer {
  const header = Buffer.from('00000001000000010802000000', 'hex');
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...chunks,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A form with a note and an image, as browsers send it. */
export function form(
  note: string | undefined,
  image?: Uint8Array,
  { name = 'image.png', type = 'image/png' } = {},
): FormData {
  const data = new FormData();
  if (note !== undefined) data.append('note', note);
  if (image) data.append('image', new Blob([new Uint8Array(image)], { type }), name);
  return data;
}

export function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
