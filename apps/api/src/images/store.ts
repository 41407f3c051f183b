import type { MediaType } from '@signet/contracts';
import { type Database, isPostgres } from '../db/connect.ts';

/** An image with its name, the digest of its bytes (SHA-256, hex), and the size in pixels at which it is drawn. */
export type Image = {
  readonly id: string;
  readonly media_type: MediaType;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
};

/** The columns of `posts` that say which image a post shows, and its size. */
export const imageColumns = (image: Pick<Image, 'id' | 'width' | 'height'> | null) => ({
  image: image?.id ?? null,
  image_width: image?.width ?? null,
  image_height: image?.height ?? null,
});

/** Identifies this lock among PostgreSQL's advisory locks. */
const lockKey = 7_463_646;

export type ImageStore = ReturnType<typeof createImageStore>;

/**
 * Rows of `images`. Posts that show the same image share one row, which is deleted with the last of them.
 *
 * A transaction that adds an image to a post or removes one must hold `lock` from before
 * its first statement about images until it ends: otherwise one transaction could delete
 * the row that another is about to refer to.
 */
export function createImageStore({ reader }: { reader: Database }) {
  return {
    /**
     * Takes the lock on which images are in use. Lock order: the user's row, this lock, everything else; a
     * fixed order prevents deadlocks. SQLite needs no lock, because it has one writer at a time.
     */
    lock: async (trx: Database): Promise<void> => {
      if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
    },

    /** Stores the image unless it is stored already. Needs the lock. */
    keep: async (trx: Database, { id, media_type, bytes }: Image): Promise<void> =>
      void (await trx('images').insert({ id, media_type, bytes }).onConflict('id').ignore()),

    /** Deletes those of the images that no post shows any more. Needs the lock. */
    release: async (trx: Database, ids: readonly string[]): Promise<void> =>
      void (await trx('images')
        .whereIn('id', ids)
        .whereNotExists(trx('posts').select(trx.raw('1')).whereRaw('posts.image = images.id'))
        .delete()),

    /** Media type and number of bytes, which both engines tell without reading the bytes. */
    describe: async (id: string): Promise<{ media_type: MediaType; size: number } | undefined> => {
      const size = reader.raw(isPostgres(reader) ? 'octet_length(bytes)' : 'length(bytes)');
      return reader('images').where({ id }).first({ media_type: 'media_type', size });
    },

    readBytes: async (id: string): Promise<Buffer<ArrayBuffer> | undefined> =>
      (await reader('images').first('bytes').where({ id }))?.bytes,
  };
}
