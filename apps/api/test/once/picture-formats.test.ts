import type { MediaType } from '@signet/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWhole, mediaTypeOf } from '../../src/images/formats.ts';
import { pictures } from '../pictures.ts';

const kinds = Object.entries(pictures) as [MediaType, Buffer][];

describe.each(kinds)('%s', (mediaType, picture) => {
  test('is known by its bytes, and is whole', () => {
    expect([mediaTypeOf(picture), isWhole(picture, mediaType)]).toEqual([mediaType, true]);
  });

  test('is whole with something behind its end', () => {
    expect(isWhole(Buffer.concat([picture, Buffer.from('<script>alert(1)</script>')]), mediaType)).toBe(true);
  });

  test('is not whole where any part of its end is missing', () => {
    for (let length = 12; length < picture.length; length += 1)
      expect(isWhole(picture.subarray(0, length), mediaType)).toBe(false);
  });

  test('with any bytes behind its signature is told apart without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof isWhole(Buffer.concat([picture.subarray(0, 12), bytes]), mediaType)).toBe('boolean');
      }),
    );
  });
});

test('bytes that begin like none of the four are of no kind', () => {
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
  expect(mediaTypeOf(Buffer.concat([Buffer.from(' '), pictures['image/png']]))).toBeUndefined();
});
