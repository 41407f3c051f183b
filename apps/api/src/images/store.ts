import { createHash } from 'node:crypto';
import { type MediaType, maxImageBytes } from '@signet/contracts';
import { type Database, isPostgres } from '../db/connect.ts';
import { AppError } from '../errors.ts';
import { isWhole, mediaTypeOf } from './formats.ts';

/** A picture with its name, the digest of its bytes (SHA-256, hex). */
export type Image = { readonly id: string; readonly media_type: MediaType; readonly bytes: Buffer };

/** Any number, as long as nobody else locks it. */
const lockKey = 7_463_646;

export type ImageStore = ReturnType<typeof createImageStore>;

/**
 * Rows of `images`. Posts that show the same picture share one row, which goes with the last of them.
 *
 * Whether a picture is still in use can be told only while nobody takes it into use or out of it: whoever does
 * either holds the lock of `lock` from before they begin to the end of their transaction.
 */
export function createImageStore({ reader }: { reader: Database }) {
  return {
    /**
     * Waits for its turn to change which pictures are in use. To be taken after the lock on a user's row, if there
     * is one, and before all others: in one order nobody waits in a circle. SQLite has one writer at a time anyway.
     */
    lock: async (trx: Database): Promise<void> => {
      if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
    },

    /** Stores the picture unless it is there. Under the lock. */
    keep: async (trx: Database, image: Image): Promise<void> =>
      void (await trx('images').insert(image).onConflict('id').ignore()),

    /** Removes those of the pictures that no post shows any more. Under the lock. */
    release: async (trx: Database, ids: readonly string[]): Promise<void> =>
      void (await trx('images')
        .whereIn('id', ids)
        .whereNotExists(trx('posts').select(trx.raw('1')).whereRaw('posts.image = images.id'))
        .delete()),

    findMediaType: async (id: string): Promise<MediaType | undefined> =>
      (await reader('images').first('media_type').where({ id }))?.media_type,

    readBytes: async (id: string): Promise<Buffer<ArrayBuffer> | undefined> =>
      (await reader('images').first('bytes').where({ id }))?.bytes,
  };
}

/** The bytes as a picture. Throws `unsupported_media_type` for what is none of ours, `body_too_large` and `invalid_request` (cut off). */
export function readImage(bytes: Buffer): Image {
  if (bytes.length > maxImageBytes) throw new AppError('body_too_large', 'The picture is larger than 5 MiB');
  const media_type = mediaTypeOf(bytes);
  if (!media_type) throw new AppError('unsupported_media_type', 'The picture must be PNG, JPEG, GIF or WebP');
  if (!isWhole(bytes, media_type)) {
    const message = 'The picture is damaged or was cut off';
    throw new AppError('invalid_request', message, { issues: [{ path: 'image', message }] });
  }
  return { id: createHash('sha256').update(bytes).digest('hex'), media_type, bytes };
}
