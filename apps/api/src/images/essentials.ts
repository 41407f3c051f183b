/**
 * What a format's walker takes from a whole image: the size in pixels at which it is drawn,
 * the largest of all its frames, and the pieces of it that decide how it is drawn. Joined,
 * they are an image of the same format that is drawn the same.
 */
export type Essentials = {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Buffer[];
};

/** Thrown by a walker where the bytes break the format's structure, or end before the image does. */
export class DamagedImage extends Error {
  override name = 'DamagedImage' as const;
}

/** An honest image of 5 MiB has a few thousand pieces: packets of pixels, or frames of an animation. */
const maxPieces = 50_000;

/**
 * Counts the pieces of one image. The counter throws `DamagedImage` where keeping
 * track of them would cost too much memory.
 */
export function createPieceCounter(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > maxPieces) throw new DamagedImage('too many pieces');
  };
}
