import type { Post } from '@signet/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';
import { type Image, type ImageStore, imageColumns } from '../images/store.ts';
import type { UsageStore } from './usage-store.ts';

/** `image`: the new image, null to remove it, undefined to keep it. */
export type PostChanges = { readonly note?: string | undefined; readonly image?: Image | null | undefined };

type NewPost = { readonly note: string; readonly image: Image | undefined; readonly user_id: number };

type PostStoreDeps = {
  readonly reader: Database;
  readonly images: ImageStore;
  readonly usage: UsageStore;
  readonly clock: Pick<Clock, 'timestamp'>;
};

export type PostStore = ReturnType<typeof createPostStore>;

/** Rows of `posts`, each read with its author. */
export function createPostStore({ reader, images, usage, clock }: PostStoreDeps) {
  return {
    find: async (id: number): Promise<Post | undefined> => {
      const row = await withAuthor().where('posts.id', id).first();
      return row && toPost(row);
    },

    /**
     * At most `limit` posts before the id `before`, newest first, until their notes have more than `maxBytes`
     * in all. The database adds the bytes up, so that the notes that do not fit are not read.
     */
    async list({
      limit,
      before,
      maxBytes,
    }: {
      limit: number;
      before: number | undefined;
      maxBytes: number;
    }): Promise<Post[]> {
      const sized = reader('posts')
        .select('id', { size: reader.raw('octet_length(note)') })
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) sized.where('id', '<', before);
      const preceding = reader.raw('sum(size) over (order by id desc) - size');
      const added = reader(sized.as('sized')).select('id', { preceding });
      const rows = withAuthor()
        .join(added.as('added'), 'added.id', 'posts.id')
        .where('added.preceding', '<=', maxBytes)
        .orderBy('posts.id', 'desc');
      return (await rows).map(toPost);
    },

    /**
     * The new post's id. The user's row must be locked, because a user who is being deleted gets no more
     * posts, and for the quota. Throws `quota_reached`, `not_ready`.
     */
    async create(trx: Database, { note, image, user_id }: NewPost): Promise<number> {
      const bytes = Buffer.byteLength(note) + (image?.bytes.length ?? 0);
      await usage.admit(trx, user_id, { posts: 1, bytes });
      if (image) await keep(trx, image);
      const at = clock.timestamp();
      const row = { note, ...imageColumns(image ?? null), user_id, created_at: at, updated_at: at };
      const [created] = await trx('posts').insert(row).returning('id');
      return created.id;
    },

    /**
     * Changes what is given, and deletes the former image if no post shows it any more. False if there is no
     * such post. The owner's row must be locked, for the quota. Throws `quota_reached`, `not_ready`.
     */
    async update(trx: Database, id: number, { note, image }: PostChanges): Promise<boolean> {
      const row = { ...(note !== undefined && { note }), updated_at: clock.timestamp() };
      if (image !== undefined) await images.lock(trx);
      const before = await trx('posts').first('image', 'user_id').where({ id });
      if (!before) return false;
      const bytes = await growthOf(trx, id, { note, image });
      await usage.admit(trx, before.user_id, { posts: 0, bytes });
      if (image === undefined) return (await trx('posts').where({ id }).update(row)) > 0;
      if (image) await images.keep(trx, image);
      await trx('posts')
        .where({ id })
        .update({ ...row, ...imageColumns(image) });
      await images.release(trx, idsOf([before]));
      return true;
    },

    /** False if there was no such post. */
    remove: async (trx: Database, id: number): Promise<boolean> => (await removeAll(trx, { id })) > 0,

    /** Deletes all of a user's posts, in the transaction that deletes the user and has locked their row. */
    removeAllOf: (trx: Database, user_id: number): Promise<number> => removeAll(trx, { user_id }),
  };

  function withAuthor() {
    return reader('posts').join('users', 'users.id', 'posts.user_id').select({
      id: 'posts.id',
      note: 'posts.note',
      image: 'posts.image',
      image_width: 'posts.image_width',
      image_height: 'posts.image_height',
      user_id: 'posts.user_id',
      author_uid: 'users.uid',
      author_name: 'users.name',
      created_at: 'posts.created_at',
      updated_at: 'posts.updated_at',
    });
  }

  async function growthOf(trx: Database, id: number, { note, image }: PostChanges): Promise<number> {
    const before = await usage.sizeOf(trx, id);
    const ofNote = note === undefined ? 0 : Buffer.byteLength(note) - before.note;
    return ofNote + (image === undefined ? 0 : (image?.bytes.length ?? 0) - before.image);
  }

  async function keep(trx: Database, image: Image): Promise<void> {
    await images.lock(trx);
    await images.keep(trx, image);
  }

  async function removeAll(trx: Database, which: { id: number } | { user_id: number }): Promise<number> {
    await images.lock(trx);
    const shown = await trx('posts').distinct('image').where(which).whereNotNull('image');
    const count = await trx('posts').where(which).delete();
    await images.release(trx, idsOf(shown));
    return count;
  }
}

function idsOf(rows: readonly { image: string | null }[]): string[] {
  return rows.map(({ image }) => image).filter((image) => image !== null);
}

function toPost({
  author_uid,
  author_name,
  ...post
}: Omit<Post, 'author'> & { author_uid: string; author_name: string }): Post {
  return { ...post, author: { uid: author_uid, name: author_name } };
}
