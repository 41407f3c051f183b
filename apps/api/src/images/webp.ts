import { createPieceCounter, DamagedImage, type Essentials } from './essentials.ts';
import { orientationOnly } from './exif.ts';

type Chunk = { readonly type: string; readonly data: Buffer };
type Size = { readonly width: number; readonly height: number };

const [exifFlag, xmpFlag] = [0x08, 0x04];
const bitstreams = new Set(['VP8 ', 'VP8L']);

/**
 * RFC 9649, section 2: a RIFF file of chunks. It is a single bitstream, or VP8X followed by profile,
 * animation, frames and metadata. Throws `DamagedImage`, and `RangeError` where a length points past the end.
 *
 * Kept are the bitstreams, transparency, animation, the colour profile and, of EXIF, the orientation.
 */
export function readWebp(bytes: Buffer): Essentials {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) throw new DamagedImage('the length of the file');
  const chunks = chunksOf(bytes.subarray(12, end));
  const [first] = chunks;
  if (!first) throw new DamagedImage('no chunk');
  const kept = first.type === 'VP8X' ? keptOf(chunks) : [first];
  const sizes = kept.flatMap(sizesOf);
  if (!kept.some(({ type }) => bitstreams.has(type) || type === 'ANMF'))
    throw new DamagedImage('no bitstream');
  const body = kept.map(write);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4);
  return {
    // As stored, whatever the orientation: Chromium turns JPEG and PNG by it, and no WebP.
    width: Math.max(...sizes.map(({ width }) => width)),
    height: Math.max(...sizes.map(({ height }) => height)),
    parts: [head, ...body],
  };
}

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  const countPiece = createPieceCounter();
  for (let at = 0; at + 8 <= bytes.length; ) {
    countPiece();
    const length = bytes.readUInt32LE(at + 4);
    if (at + 8 + length > bytes.length) throw new DamagedImage('the length of a chunk');
    chunks.push({
      type: bytes.toString('latin1', at, at + 4),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** The chunks of an extended file that decide how it is drawn, under flags that say so. */
function keptOf([header, ...rest]: readonly Chunk[]): Chunk[] {
  const firstExif = rest.find(({ type }) => type === 'EXIF');
  const kept = rest.flatMap((chunk): Chunk[] => {
    const { type, data } = chunk;
    if (type === 'EXIF') return chunk === firstExif ? exifChunks(data) : [];
    if (type === 'ANMF') return [{ type, data: frameOnly(data) }];
    return bitstreams.has(type) || ['ICCP', 'ANIM', 'ALPH'].includes(type) ? [chunk] : [];
  });
  if (!header || header.data.length < 10) throw new DamagedImage('VP8X');
  const data = Buffer.from(header.data.subarray(0, 10));
  const flags = data.readUInt8(0) & ~(exifFlag | xmpFlag);
  data.writeUInt8(flags | (kept.some(({ type }) => type === 'EXIF') ? exifFlag : 0), 0);
  return [{ type: 'VP8X', data }, ...kept];
}

/** Some programs put JPEG's prefix before the TIFF header. */
function exifChunks(data: Buffer): Chunk[] {
  const prefix = data.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
  const minimal = orientationOnly(data.subarray(prefix));
  return minimal ? [{ type: 'EXIF', data: minimal }] : [];
}

/** A frame of an animation: 16 bytes of its own, then chunks. */
function frameOnly(data: Buffer): Buffer {
  const chunks = chunksOf(data.subarray(16)).filter(({ type }) => bitstreams.has(type) || type === 'ALPH');
  if (data.length < 16 || !chunks.some(({ type }) => bitstreams.has(type))) throw new DamagedImage('ANMF');
  return Buffer.concat([data.subarray(0, 16), ...chunks.map(write)]);
}

/**
 * The sizes that a chunk declares: of the canvas, a frame, a bitstream (RFC
 * 6386, section 9.1; RFC 9649, section 3.4).
 */
function sizesOf({ type, data }: Chunk): Size[] {
  if (type === 'VP8X') return [{ width: 1 + data.readUIntLE(4, 3), height: 1 + data.readUIntLE(7, 3) }];
  if (type === 'VP8 ')
    return [{ width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff }];
  if (type === 'VP8L') {
    const bits = data.readUInt32LE(1);
    return [{ width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }];
  }
  if (type !== 'ANMF') return [];
  const frame = { width: 1 + data.readUIntLE(6, 3), height: 1 + data.readUIntLE(9, 3) };
  return [frame, ...chunksOf(data.subarray(16)).flatMap(sizesOf)];
}

function write({ type, data }: Chunk): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
