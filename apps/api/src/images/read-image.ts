import { createHash } from 'node:crypto';
import { maxImageBytes, maxImagePixels } from '@signet/contracts';
import { AppError } from '../errors.ts';
import { essentialsOf, mediaTypeOf } from './formats.ts';
import type { Image } from './store.ts';

/**
 * Validates an upload, removes its metadata (a photo's EXIF says where it was taken; OWASP
 * ASVS 5.0, 14.2.8) and names what is left by its digest. Orientation, colour profile and
 * animation stay, so that it is drawn the same.
 *
 * Throws `body_too_large` (more than 5 MiB), `unsupported_media_type` (not PNG, JPEG, GIF or WebP) and
 * `invalid_request` (damaged, cut off, or more than 40 megapixels, whose decoding would fill a reader's
 * memory; 5.2.6).
 */
export function readImage(upload: Buffer): Image {
  if (upload.length > maxImageBytes) throw new AppError('body_too_large', 'The image is larger than 5 MiB');
  const media_type = mediaTypeOf(upload);
  if (!media_type) throw new AppError('unsupported_media_type', 'The image must be PNG, JPEG, GIF or WebP');
  const essentials = essentialsOf(upload, media_type);
  if (!essentials) throw invalid('The image is damaged or was cut off');
  const { width, height, parts } = essentials;
  if (width * height === 0) throw invalid('The image has no pixels');
  if (width * height > maxImagePixels)
    throw invalid(`The image has more than 40 megapixels: ${width} × ${height}`);
  const bytes = Buffer.concat(parts);
  return { id: createHash('sha256').update(bytes).digest('hex'), media_type, width, height, bytes };
}

function invalid(message: string): AppError {
  return new AppError('invalid_request', message, { issues: [{ path: 'image', message }] });
}
