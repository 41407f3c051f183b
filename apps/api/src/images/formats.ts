import type { MediaType } from '@signet/contracts';
import { DamagedImage, type Essentials } from './essentials.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { readWebp } from './webp.ts';

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The media type of an image by its signature alone; undefined for any other bytes. */
export function mediaTypeOf(bytes: Buffer): MediaType | undefined {
  if (startsWith(bytes, pngSignature)) return 'image/png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'image/gif';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

const readers: Record<MediaType, (bytes: Buffer) => Essentials> = {
  'image/png': readPng,
  'image/jpeg': readJpeg,
  'image/gif': readGif,
  'image/webp': readWebp,
};

/**
 * The size of an image and its bytes without metadata and without what follows its end; undefined if it is
 * damaged or was cut off. Pixels are not decoded: browsers get the image as something that must not run.
 */
export function essentialsOf(bytes: Buffer, mediaType: MediaType): Essentials | undefined {
  try {
    return readers[mediaType](bytes);
  } catch (error) {
    // RangeError: a length in the file points past its end.
    if (error instanceof DamagedImage || error instanceof RangeError) return undefined;
    throw error;
  }
}

function startsWith(bytes: Buffer, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
