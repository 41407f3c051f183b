import { createPieceCounter, DamagedImage, type Essentials } from './essentials.ts';
import { orientationOnly, sizeAsDrawn } from './exif.ts';

const [fill, tem, startOfImage, endOfImage, startOfScan] = [0xff, 0x01, 0xd8, 0xd9, 0xda];
const [app0, app1, app2, app14] = [0xe0, 0xe1, 0xe2, 0xee];
const [jfif, exif, icc, adobe] = ['JFIF\0', 'Exif\0\0', 'ICC_PROFILE\0', 'Adobe'];

type Segment = { readonly marker: number; readonly data: Buffer; readonly whole: Buffer };

/**
 * ITU-T T.81, annex B. Throws `DamagedImage`, and `RangeError` where a length points past the end.
 *
 * Kept are the tables, frames and scans, the colour profile (APP2), Adobe's colour transform
 * (APP14), the density without the thumbnail (APP0), and the orientation. Every other
 * application segment and comment is metadata.
 */
export function readJpeg(bytes: Buffer): Essentials {
  const segments = [...segmentsOf(bytes)];
  const find = (marker: number, name: string) =>
    segments.find((each) => each.marker === marker && startsWith(each.data, name))?.data;
  const frames = segments.filter(({ marker }) => isFrame(marker));
  const [frame] = frames;
  if (!frame || frames.length > 1 || !segments.some(({ marker }) => marker === startOfScan))
    throw new DamagedImage('not one frame with a scan');
  const density = find(app0, jfif);
  // Browsers read the first EXIF segment only.
  const orientation = orientationOnly(find(app1, exif)?.subarray(exif.length) ?? Buffer.alloc(0));
  const stored = { width: frame.data.readUInt16BE(3), height: frame.data.readUInt16BE(1) };
  return {
    ...sizeAsDrawn(stored, orientation),
    parts: [
      Buffer.of(fill, startOfImage),
      ...(density ? [makeSegment(app0, withoutThumbnail(density))] : []),
      ...(orientation ? [makeSegment(app1, Buffer.concat([Buffer.from(exif, 'latin1'), orientation]))] : []),
      ...segments.flatMap(keptOf),
      Buffer.of(fill, endOfImage),
    ],
  };
}

/**
 * The segments from SOI to EOI: a marker, the length of the data, the data; SOS has its coded bytes with it.
 */
function* segmentsOf(bytes: Buffer): Generator<Segment> {
  const countPiece = createPieceCounter();
  for (let at = 2; ; ) {
    if (bytes.readUInt8(at) !== fill) throw new DamagedImage('a marker is missing');
    const marker = bytes.readUInt8(at + 1);
    if (marker === endOfImage) return;
    if (marker === startOfImage) throw new DamagedImage('a second SOI');
    // Bytes of fill before a marker, and markers without a length.
    if (marker === fill) at += 1;
    else if (marker === tem || isRestart(marker)) at += 2;
    else {
      const end = at + 2 + bytes.readUInt16BE(at + 2);
      if (end > bytes.length || end < at + 4) throw new DamagedImage('the length of a segment');
      const endOfAll = marker === startOfScan ? endOfScan(bytes, end) : end;
      countPiece();
      yield { marker, data: bytes.subarray(at + 4, end), whole: bytes.subarray(at, endOfAll) };
      at = endOfAll;
    }
  }
}

/** What is drawn of a segment, besides those that come first. */
function keptOf({ marker, data, whole }: Segment): Buffer[] {
  if (marker === app14 && startsWith(data, adobe)) return [makeSegment(marker, data.subarray(0, 12))];
  if (marker === app2 && startsWith(data, icc)) return [whole];
  // Frames, tables and scans.
  return marker >= 0xc0 && marker <= 0xdf ? [whole] : [];
}

/**
 * Within coded bytes FF is followed by 00 or by a restart marker (D0 to
 * D7); anything else is the next segment.
 */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(fill, from); at !== -1; at = bytes.indexOf(fill, at + 1)) {
    const next = bytes.readUInt8(at + 1);
    if (next !== 0 && !isRestart(next)) return at;
  }
  return bytes.length;
}

/** Version, units and densities; then a width and height of no thumbnail. */
function withoutThumbnail(data: Buffer): Buffer {
  if (data.length < 14) throw new DamagedImage('JFIF');
  return Buffer.concat([data.subarray(0, 12), Buffer.of(0, 0)]);
}

function makeSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.of(fill, marker, 0, 0);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/** SOF0 to SOF15; C4, C8 and CC are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function startsWith(data: Buffer, signature: string): boolean {
  return data.toString('latin1', 0, signature.length) === signature;
}
