import { MediaType, maxImageBytes } from '@signet/contracts';

/** What a file dialog offers. */
export const acceptedPictures = MediaType.options.join(',');

export const picturesInWords = `PNG, JPEG, GIF or WebP, up to ${inMebibytes(maxImageBytes)}`;

/** What is wrong with a file as a picture, in words, before it is sent in vain; undefined where nothing is. */
export function pictureProblem(file: File): string | undefined {
  const name = nameOf(file);
  if (!MediaType.safeParse(file.type).success)
    return `${name} is not a picture that can be posted. Choose a PNG, JPEG, GIF or WebP.`;
  if (file.size > maxImageBytes)
    return `${name} has ${inMebibytes(file.size)}. A picture may have ${inMebibytes(maxImageBytes)} at most.`;
  if (file.size === 0) return `${name} is empty.`;
  return undefined;
}

/** What to say of a file that calls itself a picture, and that the browser finds none in. */
export function brokenPictureProblem(file: File): string {
  return `${nameOf(file)} is not a picture, whatever its name says, or it is damaged.`;
}

function nameOf(file: File): string {
  return file.name || 'This file';
}

/** Rounded up, so that a byte too many does not look like none. */
function inMebibytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
}
