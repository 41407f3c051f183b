/** The tag of the only member of EXIF that changes how an image is drawn (Exif 2.32, section 4.6.4). */
const orientationTag = 0x0112;
const shortType = 3;

/**
 * EXIF data of the same orientation and nothing else; undefined if the image is drawn as it is stored. `tiff`
 * begins with the TIFF header. What cannot be read counts as no orientation, as it does for browsers.
 */
export function orientationOnly(tiff: Buffer): Buffer | undefined {
  const orientation = readOrientation(tiff);
  if (orientation === undefined || orientation < 2 || orientation > 8) return undefined;
  const minimal = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  minimal.writeUInt16BE(orientation, 18);
  return minimal;
}

/**
 * The size at which a stored image is drawn: the orientations 5 to 8 turn it by a quarter (Exif 2.32, section 4.6.4).
 * `orientation` as `orientationOnly` returns it.
 */
export function sizeAsDrawn(
  { width, height }: { width: number; height: number },
  orientation: Buffer | undefined,
): { width: number; height: number } {
  const isTurned = orientation !== undefined && orientation.readUInt16BE(18) >= 5;
  return isTurned ? { width: height, height: width } : { width, height };
}

/**
 * TIFF 6.0, section 2: a header with the byte order and the offset of the first
 * directory, whose entries have 12 bytes.
 */
function readOrientation(tiff: Buffer): number | undefined {
  const order = tiff.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return undefined;
  const isLittle = order.startsWith('I');
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  try {
    const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
    const count = short(directory);
    for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12)
      if (short(entry) === orientationTag && short(entry + 2) === shortType) return short(entry + 8);
  } catch (error) {
    // An offset that points outside the data.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}
