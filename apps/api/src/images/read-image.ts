import { createHash } from 'node:crypto';
import { maxImageBytes } from '@signet/contracts';
import { AppError } from '../errors.ts';
import { isWhole, mediaTypeOf } from './formats.ts';
import type { Image } from './store.ts';

/**
 * Validates the bytes of an upload and names them by their digest.
 *
 * Throws `body_too_large` (more than 5 MiB), `unsupported_media_type` (not PNG, JPEG, GIF or WebP) and
 * `invalid_request` (damaged, or cut off).
 */
export function readImage(bytes: Buffer): Image {
  if (bytes.length > maxImageBytes) throw new AppError('body_too_large', 'The image is larger than 5 MiB');
  const media_type = mediaTypeOf(bytes);
  if (!media_type) throw new AppError('unsupported_media_type', 'The image must be PNG, JPEG, GIF or WebP');
  if (!isWhole(bytes, media_type)) {
    const message = 'The image is damaged or was cut off';
    throw new AppError('invalid_request', message, { issues: [{ path: 'image', message }] });
  }
  return { id: createHash('sha256').update(bytes).digest('hex'), media_type, bytes };
}
