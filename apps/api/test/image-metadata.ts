import type { MediaType } from '@signet/contracts';
import { chunk } from './image-samples.ts';

/** What a test looks for in the bytes: it must be in none of them. */
export const secret = 'latitude 48.8584, longitude 2.2945';

/** EXIF with an orientation, and a description that gives the position away. */
export function exifOf(orientation: number, order: 'II' | 'MM' = 'II'): Buffer {
  const text = Buffer.from(`${secret}\0`);
  const data = Buffer.alloc(8 + 2 + 24 + 4);
  const isLittle = order === 'II';
  const short = (value: number, at: number) =>
    void (isLittle ? data.writeUInt16LE(value, at) : data.writeUInt16BE(value, at));
  const long = (value: number, at: number) =>
    void (isLittle ? data.writeUInt32LE(value, at) : data.writeUInt32BE(value, at));
  data.write(order, 'latin1');
  short(42, 2);
  long(8, 4);
  short(2, 8);
  for (const [at, tag, type, count] of [
    [10, 0x010e, 2, text.length],
    [22, 0x0112, 3, 1],
  ] as const) {
    short(tag, at);
    short(type, at + 2);
    long(count, at + 4);
  }
  long(data.length, 18);
  short(orientation, 30);
  return Buffer.concat([data, text]);
}

/** The image with metadata of every kind that its format has, an orientation, and bytes after its end. */
export function withMetadata(image: Buffer, mediaType: MediaType, orientation: number): Buffer {
  return Buffer.concat([additions[mediaType](image, orientation), Buffer.from(`after the end: ${secret}`)]);
}

const additions: Record<MediaType, (image: Buffer, orientation: number) => Buffer> = {
  'image/png': (image, orientation) =>
    insert(
      image,
      8 + 25,
      chunk('eXIf', exifOf(orientation)),
      chunk('tEXt', Buffer.from(`Comment\0${secret}`)),
      chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${secret}`)),
      chunk('tIME', Buffer.from('07ea0b190c0000', 'hex')),
      chunk('prVt', Buffer.from(secret)),
    ),
  'image/jpeg': (image, orientation) =>
    insert(
      image,
      2,
      segment(0xe1, 'Exif\0\0', exifOf(orientation, 'MM')),
      segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', Buffer.from(secret)),
      segment(0xe0, 'JFXX\0', Buffer.from(secret)),
      segment(0xe2, 'MPF\0', Buffer.from(secret)),
      segment(0xed, 'Photoshop 3.0\0', Buffer.from(secret)),
      segment(0xfe, '', Buffer.from(secret)),
    ),
  'image/gif': (image) => {
    const afterHeader = 13 + (image.readUInt8(10) & 0x80 ? 3 * 2 ** ((image.readUInt8(10) & 7) + 1) : 0);
    return insert(
      image,
      afterHeader,
      Buffer.concat([Buffer.from('21fe', 'hex'), subBlock(secret), Buffer.of(0)]),
      Buffer.concat([Buffer.from('21ff', 'hex'), subBlock('XMP DataXMP'), subBlock(secret), Buffer.of(0)]),
      Buffer.concat([
        Buffer.from('21ff', 'hex'),
        subBlock('NETSCAPE2.0'),
        subBlock('\u0001\0\0'),
        subBlock(secret),
        Buffer.of(0),
      ]),
    );
  },
  'image/webp': (image, orientation) => {
    const extended = image.toString('latin1', 12, 16) === 'VP8X' ? image : toExtended(image);
    const changed = Buffer.concat([
      extended,
      riffChunk('EXIF', exifOf(orientation)),
      riffChunk('XMP ', Buffer.from(secret)),
      riffChunk('PRIV', Buffer.from(secret)),
    ]);
    changed.writeUInt32LE(changed.length - 8, 4);
    changed.writeUInt8(changed.readUInt8(20) | 0x0c, 20);
    return changed;
  },
};

/** A single bitstream under a header that lets metadata follow. */
function toExtended(image: Buffer): Buffer {
  const isLossless = image.toString('latin1', 12, 16) === 'VP8L';
  const bits = isLossless ? image.readUInt32LE(21) : 0;
  const width = isLossless ? (bits & 0x3fff) + 1 : image.readUInt16LE(26) & 0x3fff;
  const height = isLossless ? ((bits >>> 14) & 0x3fff) + 1 : image.readUInt16LE(28) & 0x3fff;
  const header = Buffer.alloc(10);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return insert(image, 12, riffChunk('VP8X', header));
}

function riffChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), length, data, Buffer.alloc(data.length % 2)]);
}

function segment(marker: number, name: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function subBlock(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text, 'latin1')]);
}

function insert(image: Buffer, at: number, ...pieces: readonly Buffer[]): Buffer {
  return Buffer.concat([image.subarray(0, at), ...pieces, image.subarray(at)]);
}
