import { type Database, isPostgres } from '../db/connect.ts';
import { AppError } from '../errors.ts';

/**
 * What one user may have. Bytes are those of notes and images; an image counts for each post that shows it.
 */
export type UserQuota = { readonly maxPosts: number; readonly maxBytes: number };

/** What a change adds. Bytes may be negative. */
type Growth = { readonly posts: number; readonly bytes: number };

export type UsageStore = ReturnType<typeof createUsageStore>;

/** How much each user has: rows of `user_usage`, which triggers on `posts` keep. */
export function createUsageStore({
  maxPosts,
  maxBytes,
  requireRoom,
}: UserQuota & { requireRoom: () => Promise<void> }) {
  return {
    async countPosts(reader: Database, user_id: number): Promise<number> {
      const row = await reader('user_usage').first('posts').where({ user_id });
      return row?.posts ?? 0;
    },

    /** The bytes of a post as it is stored, without reading its image. */
    async sizeOf(trx: Database, id: number): Promise<{ note: number; image: number }> {
      const length = isPostgres(trx) ? 'octet_length' : 'length';
      const row = await trx('posts')
        .leftJoin('images', 'images.id', 'posts.image')
        .where('posts.id', id)
        .first({ note: trx.raw('octet_length(note)'), image: trx.raw(`${length}(images.bytes)`) });
      return { note: row?.note ?? 0, image: row?.image ?? 0 };
    },

    /**
     * Throws `quota_reached` if the user would have more than they may, and `not_ready` if the disk has no
     * room. What does not grow is always possible, also for a user who has more than a new limit. The user's
     * row must be locked, so that changes at once are counted one after the other.
     */
    async admit(trx: Database, user_id: number, growth: Growth): Promise<void> {
      if (growth.posts <= 0 && growth.bytes <= 0) return;
      const { posts = 0, bytes = 0 } = (await trx('user_usage').first().where({ user_id })) ?? {};
      if (growth.posts > 0 && posts + growth.posts > maxPosts)
        throw new AppError('quota_reached', `One user may have ${maxPosts} posts`);
      if (growth.bytes > 0 && bytes + growth.bytes > maxBytes)
        throw new AppError(
          'quota_reached',
          `One user's notes and images may have ${inWords(maxBytes)} in all`,
        );
      await requireRoom();
    },
  };
}

function inWords(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes >= mebibyte ? `${Math.floor(bytes / mebibyte)} MiB` : `${bytes} bytes`;
}
