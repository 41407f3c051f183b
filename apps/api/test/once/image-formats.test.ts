import { deflateSync } from 'node:zlib';
import { type MediaType, maxImageBytes } from '@signet/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDemoImage } from '../../src/assets.ts';
import { AppError } from '../../src/errors.ts';
import { essentialsOf, mediaTypeOf } from '../../src/images/formats.ts';
import { readImage } from '../../src/images/read-image.ts';
import { secret, withMetadata } from '../image-metadata.ts';
import { chunk, pngOf, sampleImages } from '../image-samples.ts';

const samples = Object.entries(sampleImages) as [MediaType, Buffer][];

/** The bytes that are stored of an upload, or the code of the problem that refuses it. */
function read(upload: Buffer): Buffer | string {
  try {
    return readImage(upload).bytes;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  }
}

describe.each(samples)('%s', (mediaType, sample) => {
  test('a sample is recognised by its bytes, and is stored unchanged', () => {
    expect(mediaTypeOf(sample)).toBe(mediaType);
    expect(essentialsOf(sample, mediaType)).toMatchObject({ width: 1, height: 1 });
    expect(read(sample)).toEqual(sample);
  });

  test('a sample loses its metadata and what follows its end', () => {
    const upload = withMetadata(sample, mediaType, 1);
    expect(upload.includes(secret)).toBe(true);
    const stored = read(upload) as Buffer;
    expect(stored.includes(secret)).toBe(false);
    // Only the repetitions of an animation and the header of extended WebP are more than the sample has.
    expect(stored.length - sample.length).toBe(mediaType === 'image/gif' ? 19 : 0);
    expect(read(stored)).toEqual(stored);
  });

  test('a sample keeps its orientation, in EXIF that says nothing else', () => {
    if (mediaType === 'image/gif') return;
    const stored = [3, 6, 8].map(
      (orientation) => read(withMetadata(sample, mediaType, orientation)) as Buffer,
    );
    for (const [index, bytes] of stored.entries()) {
      expect(bytes.includes(secret)).toBe(false);
      const tiff = bytes.indexOf('MM\0*');
      expect(bytes.subarray(tiff, tiff + 26).toString('hex')).toBe(
        `4d4d002a000000080001011200030000000100${'0'}${[3, 6, 8][index]}000000000000`.padEnd(52, '0'),
      );
      expect(read(bytes)).toEqual(bytes);
    }
  });

  test('a sample that was cut off anywhere is refused', () => {
    for (let length = 12; length < sample.length; length += 1)
      expect([length, read(sample.subarray(0, length))]).toEqual([length, 'invalid_request']);
  });

  test('any bytes after the signature are refused or stored, without another exception, and stored bytes stay the same', () => {
    const garbage = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const mutated = fc
      .array(fc.tuple(fc.nat(withMetadata(sample, mediaType, 6).length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => {
        const bytes = withMetadata(sample, mediaType, 6);
        for (const [at, value] of changes) bytes.writeUInt8(value, at);
        return bytes;
      });
    const uploads = fc.oneof(
      garbage.map((bytes) => Buffer.concat([sample.subarray(0, 12), bytes])),
      mutated,
    );
    fc.assert(
      fc.property(uploads, (upload) => {
        const stored = read(upload);
        if (typeof stored === 'string') expect(stored).toMatch(/^(invalid_request|unsupported_media_type)$/);
        else expect(read(stored)).toEqual(stored);
      }),
      { numRuns: 2000 },
    );
  });
});

test('the demo image is stored unchanged', () => {
  expect(read(readDemoImage())).toEqual(readDemoImage());
});

test('a PNG keeps colour profile, transparency, density and animation', () => {
  const drawn = [
    chunk('iCCP', Buffer.concat([Buffer.from('Display P3\0\0'), deflateSync('a profile')])),
    chunk('gAMA', Buffer.from('0000b18f', 'hex')),
    chunk('pHYs', Buffer.from('00000b1300000b1301', 'hex')),
    chunk('acTL', Buffer.from('0000000100000000', 'hex')),
  ];
  const image = pngOf(1, 1, deflateSync(Buffer.alloc(4)), drawn);
  expect(read(image)).toEqual(image);
});

test('a JPEG keeps its colour profile and its colour transform, and loses the thumbnail of JFIF', () => {
  const sample = sampleImages['image/jpeg'];
  const profile = Buffer.from('\xff\xe2\x00\x18ICC_PROFILE\0\x01\x01a profile', 'latin1');
  profile.writeUInt16BE(profile.length - 2, 2);
  const adobe = Buffer.from('\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x01', 'latin1');
  const kept = Buffer.concat([sample.subarray(0, 20), profile, adobe, sample.subarray(20)]);
  expect(read(kept)).toEqual(kept);
  const thumbnail = Buffer.concat([sample.subarray(0, 18), Buffer.of(1, 1, 10, 20, 30), sample.subarray(20)]);
  thumbnail.writeUInt16BE(19, 4);
  expect(read(thumbnail)).toEqual(sample);
});

describe('an image of more than 40 megapixels is refused', () => {
  const jpeg = Buffer.from(sampleImages['image/jpeg']);
  const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
  jpeg.writeUInt16BE(16_000, frame + 5);
  jpeg.writeUInt16BE(16_000, frame + 7);
  const screen = Buffer.from(sampleImages['image/gif']);
  screen.writeUInt16LE(16_000, 6);
  screen.writeUInt16LE(16_000, 8);
  const gifFrame = Buffer.from(sampleImages['image/gif']);
  const descriptor = gifFrame.indexOf(Buffer.of(0x2c, 0, 0, 0, 0));
  gifFrame.writeUInt16LE(16_000, descriptor + 5);
  gifFrame.writeUInt16LE(16_000, descriptor + 7);
  const canvas = Buffer.from(sampleImages['image/webp']);
  canvas.writeUIntLE(15_999, 24, 3);
  canvas.writeUIntLE(15_999, 27, 3);
  const bitstream = Buffer.from(sampleImages['image/webp']);
  const start = bitstream.indexOf(Buffer.of(0x9d, 0x01, 0x2a));
  bitstream.writeUInt16LE(16_000, start + 3);
  bitstream.writeUInt16LE(16_000, start + 5);

  test.each([
    ['PNG', pngOf(16_000, 16_000, deflateSync(Buffer.alloc(100)))],
    ['JPEG', jpeg],
    ['GIF whose screen is large', screen],
    ['GIF whose frame is larger than its screen', gifFrame],
    ['WebP whose canvas is large', canvas],
    ['WebP whose bitstream is larger than its canvas', bitstream],
  ])('%s', (_, upload) => {
    expect(() => readImage(upload)).toThrow('The image has more than 40 megapixels: 16000 × 16000');
  });

  test('an image of more than 40 megapixels is refused and one of exactly 40 megapixels is stored; one without pixels is not', () => {
    const pixels = deflateSync(Buffer.alloc(100));
    expect(read(pngOf(8000, 5000, pixels))).toBeInstanceOf(Buffer);
    expect(read(pngOf(8000, 5001, pixels))).toBe('invalid_request');
    expect(() => readImage(pngOf(0, 5000, pixels))).toThrow('The image has no pixels');
  });
});

test.each([
  ['PNG chunks', sampleImages['image/png'].subarray(0, 33), chunk('pHYs', Buffer.alloc(0))],
  ['JPEG segments', Buffer.of(0xff, 0xd8), Buffer.of(0xff, 0xe2, 0, 2)],
  ['GIF blocks', sampleImages['image/gif'].subarray(0, 19), Buffer.of(0x21, 0xf9, 0)],
  ['WebP chunks', sampleImages['image/webp'].subarray(0, 30), Buffer.from('ICCP\0\0\0\0')],
])('5 MiB of empty %s are refused without keeping track of them all', (_, head, piece) => {
  const count = Math.floor((maxImageBytes - head.length) / piece.length);
  const upload = Buffer.concat([head, ...Array<Buffer>(count).fill(piece)]);
  if (head.toString('latin1', 0, 4) === 'RIFF') upload.writeUInt32LE(upload.length - 8, 4);
  const before = process.memoryUsage().rss;
  expect(read(upload)).toBe('invalid_request');
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test('bytes without one of the four signatures have no media type', () => {
  const others = [
    '',
    'GIF88a',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<html>',
    '%PDF-1.7',
    'RIFF____AVI ',
    'BM',
  ];
  for (const text of [...others, 'PK\u0003\u0004']) expect(mediaTypeOf(Buffer.from(text))).toBeUndefined();
  expect(mediaTypeOf(Buffer.concat([Buffer.from(' '), sampleImages['image/png']]))).toBeUndefined();
});
