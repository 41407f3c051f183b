import { MediaType, maxImageBytes } from '@signet/contracts';

/** What a file dialog offers. */
export const acceptedImages = MediaType.options.join(',');

export const imagesInWords = `PNG, JPEG, GIF or WebP, up to ${inMebibytes(maxImageBytes)}`;

/** Why the API would refuse the file as an image, checked before the upload; undefined if it would not. */
export function imageProblem(file: File): string | undefined {
  const name = nameOf(file);
  if (!MediaType.safeParse(file.type).success)
    return `${name} cannot be posted. Use a PNG, JPEG, GIF or WebP image.`;
  if (file.size > maxImageBytes)
    return `${name} is too large (${inMebibytes(file.size)}). The limit is ${inMebibytes(maxImageBytes)}.`;
  if (file.size === 0) return `${name} is empty.`;
  return undefined;
}

/** For a file whose name and type say image, and which the browser cannot decode. */
export function brokenImageProblem(file: File): string {
  return `${nameOf(file)} is not an image, or it is damaged.`;
}

function nameOf(file: File): string {
  return file.name || 'This file';
}

/** Rounded up, so that a file one byte over the limit does not seem to be within it. */
function inMebibytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
}
