import { crc32 } from 'node:zlib';
import type { MediaType } from '@signet/contracts';

/**
 * Which kind of image the bytes are, told by their signature and by nothing else; undefined for any other kind.
 *
 * Four signatures and no library: one that knows every format there is would also unpack archives and films here
 * only to refuse them, and what comes here may come from anybody.
 */
export function mediaTypeOf(bytes: Buffer): MediaType | undefined {
  if (startsWith(bytes, pngSignature)) return 'image/png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'image/gif';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

/**
 * Whether the image's own structure comes to its end within the bytes, so that one that was cut off is told apart.
 *
 * It says nothing of what follows the end (cameras append films and previews to a JPEG) nor of the pixels: what is
 * stored is still served as something that must not run.
 */
export function isWhole(bytes: Buffer, mediaType: MediaType): boolean {
  try {
    return wholeness[mediaType](bytes);
  } catch (error) {
    // A length inside the file that points behind its end.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const wholeness: Record<MediaType, (bytes: Buffer) => boolean> = {
  'image/png': isWholePng,
  'image/jpeg': isWholeJpeg,
  'image/gif': isWholeGif,
  'image/webp': isWholeWebp,
};

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG, section 5: chunks from IHDR to IEND, each with a checksum. */
function isWholePng(bytes: Buffer): boolean {
  if (text(bytes, 12, 16) !== 'IHDR') return false;
  for (let at = pngSignature.length; ; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) return false;
    if (text(bytes, at + 4, at + 8) === 'IEND') return true;
    at = end + 4;
  }
}

/** ITU-T T.81, annex B: segments from SOI to EOI; after SOS come coded bytes up to the next marker. */
function isWholeJpeg(bytes: Buffer): boolean {
  const [fill, startOfScan, endOfImage] = [0xff, 0xda, 0xd9];
  let hasScan = false;
  for (let at = 2; ; ) {
    if (bytes.readUInt8(at) !== fill) return false;
    const marker = bytes.readUInt8(at + 1);
    if (marker === fill) {
      at += 1;
      continue;
    }
    if (marker === endOfImage) return hasScan;
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker !== startOfScan) continue;
    hasScan = true;
    at = endOfScan(bytes, at);
  }
}

/** Within coded bytes FF is followed by 00 or by a restart marker (D0 to D7); anything else is the next segment. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes.readUInt8(at + 1);
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

/** GIF89a, section 14 and following: blocks, each a chain of sub-blocks that ends with an empty one, up to the trailer. */
function isWholeGif(bytes: Buffer): boolean {
  const [extension, image, trailer] = [0x21, 0x2c, 0x3b];
  let hasImage = false;
  for (let at = 13 + colourTableSize(bytes.readUInt8(10)); ; ) {
    const kind = bytes.readUInt8(at);
    if (kind === trailer) return hasImage;
    if (kind === extension) at = endOfSubBlocks(bytes, at + 2);
    else if (kind === image) {
      hasImage = true;
      at = endOfSubBlocks(bytes, at + 11 + colourTableSize(bytes.readUInt8(at + 9)));
    } else return false;
  }
}

function colourTableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

function endOfSubBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes.readUInt8(at) !== 0) at += 1 + bytes.readUInt8(at);
  return at + 1;
}

/** RFC 9649, section 2.4: a RIFF file says its length at the start, and its first chunk is one of three. */
function isWholeWebp(bytes: Buffer): boolean {
  return (
    8 + bytes.readUInt32LE(4) <= bytes.length &&
    20 + bytes.readUInt32LE(16) <= bytes.length &&
    /^VP8[ LX]$/.test(text(bytes, 12, 16))
  );
}

function startsWith(bytes: Buffer, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
