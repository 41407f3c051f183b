import { MediaType, maxImageBytes } from '@signet/contracts';

/** What a file dialog offers. */
export const acceptedImages = MediaType.options.join(',');

export const imagesInWords = `PNG, JPEG, GIF or WebP, up to ${inMebibytes(maxImageBytes)}`;

/** What is wrong with a file as an image, in words, before it is sent in vain; undefined where nothing is. */
export function imageProblem(file: File): string | undefined {
  const name = nameOf(file);
  if (!MediaType.safeParse(file.type).success)
    return `${name} is not an image that can be posted. Choose a PNG, JPEG, GIF or WebP.`;
  if (file.size > maxImageBytes)
    return `${name} has ${inMebibytes(file.size)}. An image may have ${inMebibytes(maxImageBytes)} at most.`;
  if (file.size === 0) return `${name} is empty.`;
  return undefined;
}

/** What to say of a file that calls itself an image, and that the browser finds none in. */
export function brokenImageProblem(file: File): string {
  return `${nameOf(file)} is not an image, whatever its name says, or it is damaged.`;
}

function nameOf(file: File): string {
  return file.name || 'This file';
}

/** Rounded up, so that a byte too many does not look like none. */
function inMebibytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
}
