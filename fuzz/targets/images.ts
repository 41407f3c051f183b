import { deflateSync } from 'node:zlib';
import { maxImagePixels } from '@signet/contracts';
import { essentialsOf } from '../../apps/api/src/images/formats.ts';
import { readImage } from '../../apps/api/src/images/read-image.ts';
import { secret, withMetadata } from '../../apps/api/test/image-metadata.ts';
import { pngOf, sampleImages } from '../../apps/api/test/image-samples.ts';
import { attempt, promise, type Target } from '../target.ts';

const samples = Object.entries(sampleImages) as [keyof typeof sampleImages, Buffer][];

/** Uploads of the four formats: whole, without metadata, and stable. */
export const target: Target = {
  seeds: [
    ...samples.map(([, image]) => image),
    ...samples.map(([mediaType, image]) => withMetadata(image, mediaType, 6)),
    pngOf(16_000, 16_000, deflateSync(Buffer.alloc(100))),
  ],
  words: [
    'IHDR',
    'IDAT',
    'IEND',
    'eXIf',
    'acTL',
    'fcTL',
    'Exif\0\0',
    'RIFF',
    'WEBP',
    'VP8X',
    'VP8L',
    'ALPH',
    'ANMF',
  ]
    .map((word) => Buffer.from(word))
    .concat(
      ['ffd8', 'ffd9', 'ffda', 'ffe1', 'ffc0', 'ff00', 'ffd0', '21f904', '21fe', '2c', '3b'].map((hex) =>
        Buffer.from(hex, 'hex'),
      ),
    ),
  run(input) {
    const read = attempt(() => readImage(input));
    if ('code' in read) {
      const known = ['invalid_request', 'unsupported_media_type', 'body_too_large'];
      return promise(known.includes(read.code), `a refusal is 400, 413 or 415, not ${read.code}`);
    }
    const { bytes, media_type, id } = read.value;
    // An animation gets one extension that its repetitions need, WebP its extended header.
    promise(bytes.length <= input.length + 64, 'nothing grows');
    const again = attempt(() => readImage(bytes));
    promise('value' in again && again.value.id === id, 'what is stored would be stored unchanged again');
    const essentials = essentialsOf(bytes, media_type);
    promise(essentials !== undefined, 'what is stored can be read');
    promise(essentials.width * essentials.height <= maxImagePixels, 'what is stored has a bounded size');
    const isSeedsOwn = bytes.includes(secret) && !input.includes(secret);
    promise(!isSeedsOwn, 'nothing is added');
  },
};
