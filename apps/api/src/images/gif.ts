import { createPieceCounter, DamagedImage, type Essentials } from './essentials.ts';

const [extension, image, trailer] = [0x21, 0x2c, 0x3b];
const [graphicControl, application] = [0xf9, 0xff];

/**
 * GIF89a, section 14 and following: a screen, then blocks up to the trailer, each a chain of sub-blocks that
 * ends with an empty one. Throws `DamagedImage`, and `RangeError` where a length points past the end.
 *
 * Kept are the images with their controls, the number of repetitions and the colour profile. Comments, text
 * and every other application's data is metadata.
 */
export function readGif(bytes: Buffer): Essentials {
  let [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  let at = 13 + colourTableSize(bytes.readUInt8(10));
  const parts = [bytes.subarray(0, at)];
  let hasImage = false;
  const countPiece = createPieceCounter();
  for (;;) {
    countPiece();
    const kind = bytes.readUInt8(at);
    if (kind === trailer) break;
    if (kind === extension) {
      const end = endOfSubBlocks(bytes, at + 2);
      parts.push(...keptOf(bytes.subarray(at, end)));
      at = end;
    } else if (kind === image) {
      // Browsers enlarge the screen to its images.
      width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5));
      height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7));
      const end = endOfSubBlocks(bytes, at + 11 + colourTableSize(bytes.readUInt8(at + 9)));
      parts.push(bytes.subarray(at, end));
      hasImage = true;
      at = end;
    } else throw new DamagedImage('an unknown block');
  }
  if (!hasImage) throw new DamagedImage('no image');
  return { width, height, parts: [...parts, Buffer.of(trailer)] };
}

/** What is drawn of an extension. */
function keptOf(block: Buffer): Buffer[] {
  if (block[1] === graphicControl) return [block];
  if (block[1] !== application || block[2] !== 11) return [];
  const name = block.toString('latin1', 3, 14);
  if (name === 'ICCRGBG1012') return [block];
  // The sub-block 1 has the number of repetitions; others, which no browser reads, could hold anything.
  const isLoop = /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(name) && block[14] === 3 && block[15] === 1;
  return isLoop ? [Buffer.concat([block.subarray(0, 18), Buffer.of(0)])] : [];
}

function colourTableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

function endOfSubBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes.readUInt8(at) !== 0) at += 1 + bytes.readUInt8(at);
  return at + 1;
}
