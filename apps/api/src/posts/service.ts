import type { CreatePost, MediaType, Post, UpdatePost } from '@signet/contracts';
import { AppError } from '../errors.ts';
import type { Principal } from '../http/call.ts';
import { type ImageStore, readImage } from '../images/store.ts';
import type { PostStore } from './store.ts';

export type PostService = ReturnType<typeof createPostService>;

/** The rules about posts: everybody reads them, and their owner and admins change them. */
export function createPostService({ posts, images }: { posts: PostStore; images: ImageStore }) {
  return {
    /** Throws `not_found`. */
    read: async (id: number): Promise<Post> => (await posts.find(id)) ?? notFound(),

    /** Throws `invalid_request` and `unsupported_media_type` for bytes that are no picture. */
    async create({ note }: CreatePost, bytes: Buffer | undefined, { user_id }: Principal): Promise<Post> {
      const id = await posts.create({ note, image: bytes && readImage(bytes), user_id });
      // The user was deleted while the request was on its way, and their sessions with them.
      if (id === undefined) throw new AppError('session_ended', 'This session has ended');
      return this.read(id);
    },

    /** Throws `not_found`, `forbidden`, and for bytes that are no picture what `create` throws. */
    async update(
      id: number,
      changes: UpdatePost,
      bytes: Buffer | undefined,
      principal: Principal,
    ): Promise<Post> {
      refuseStranger(await this.read(id), principal);
      if (!(await posts.update(id, { ...changes, ...(bytes && { image: readImage(bytes) }) }))) notFound();
      return this.read(id);
    },

    /** Throws `not_found`, `forbidden`. */
    async remove(id: number, principal: Principal): Promise<void> {
      refuseStranger(await this.read(id), principal);
      if (!(await posts.remove(id))) notFound();
    },

    /** What picture the post shows. Throws `not_found` where it shows none. */
    async imageOf(id: number): Promise<{ id: string; media_type: MediaType }> {
      const { image } = await this.read(id);
      const media_type = image === null ? undefined : await images.findMediaType(image);
      return image !== null && media_type ? { id: image, media_type } : noPicture();
    },

    /** Throws `not_found` where the picture has gone since. */
    readImage: async (id: string): Promise<Buffer<ArrayBuffer>> =>
      (await images.readBytes(id)) ?? noPicture(),
  };
}

function refuseStranger(post: Post, { user_id, role }: Principal): void {
  if (role !== 'admin' && user_id !== post.user_id)
    throw new AppError('forbidden', 'Only the owner and admins may do this');
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such post');
}

function noPicture(): never {
  throw new AppError('not_found', 'This post has no picture');
}
