import type { MediaType } from '@signet/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWhole, mediaTypeOf } from '../../src/images/formats.ts';
import { sampleImages } from '../image-samples.ts';

const kinds = Object.entries(sampleImages) as [MediaType, Buffer][];

describe.each(kinds)('%s', (mediaType, image) => {
  test('a sample is recognised by its bytes, and is whole', () => {
    expect([mediaTypeOf(image), isWhole(image, mediaType)]).toEqual([mediaType, true]);
  });

  test('a sample is whole with further bytes after its end', () => {
    expect(isWhole(Buffer.concat([image, Buffer.from('<script>alert(1)</script>')]), mediaType)).toBe(true);
  });

  test('a sample that was cut off anywhere is not whole', () => {
    for (let length = 12; length < image.length; length += 1)
      expect(isWhole(image.subarray(0, length), mediaType)).toBe(false);
  });

  test('any bytes after the signature are judged without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof isWhole(Buffer.concat([image.subarray(0, 12), bytes]), mediaType)).toBe('boolean');
      }),
    );
  });
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
    'PK\u0003\u0004',
  ];
  for (const text of others) expect(mediaTypeOf(Buffer.from(text))).toBeUndefined();
  expect(mediaTypeOf(Buffer.concat([Buffer.from(' '), sampleImages['image/png']]))).toBeUndefined();
});
