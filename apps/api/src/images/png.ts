import { crc32 } from 'node:zlib';
import { createPieceCounter, DamagedImage, type Essentials } from './essentials.ts';
import { orientationOnly, sizeAsDrawn } from './exif.ts';

const critical = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);

/** Colour, transparency, density and animation. Text, time, EXIF and everything unknown is metadata. */
const drawn = new Set([
  ...['tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'pHYs'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

/**
 * PNG 3, section 5: a signature of 8 bytes, then chunks from IHDR to IEND, each with a checksum. Throws
 * `DamagedImage`, and `RangeError` where a length points past the end.
 */
export function readPng(bytes: Buffer): Essentials {
  if (typeAt(bytes, 8) !== 'IHDR') throw new DamagedImage('IHDR must come first');
  const parts = [bytes.subarray(0, 8)];
  let [hasPixels, hasExif] = [false, false];
  let orientation: Buffer | undefined;
  const countPiece = createPieceCounter();
  for (let at = 8; ; ) {
    countPiece();
    const type = typeAt(bytes, at);
    const end = at + 8 + bytes.readUInt32BE(at);
    if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) throw new DamagedImage('checksum');
    if (type === 'IHDR' && at !== 8) throw new DamagedImage('a second IHDR');
    // The case of the first letter says whether a decoder may ignore a
    // chunk that it does not know (section 5.4).
    if (/^[A-Z]/.test(type) && !critical.has(type)) throw new DamagedImage('an unknown critical chunk');
    if (critical.has(type) || drawn.has(type)) parts.push(bytes.subarray(at, end + 4));
    // Decoders read the first eXIf only.
    if (type === 'eXIf' && !hasExif) {
      orientation = orientationOnly(bytes.subarray(at + 8, end));
      if (orientation) parts.push(makeChunk('eXIf', orientation));
    }
    hasExif ||= type === 'eXIf';
    hasPixels ||= type === 'IDAT';
    if (type === 'IEND') break;
    at = end + 4;
  }
  if (!hasPixels) throw new DamagedImage('no IDAT');
  const stored = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  return { ...sizeAsDrawn(stored, orientation), parts };
}

function makeChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}

function typeAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 4, at + 8);
}
