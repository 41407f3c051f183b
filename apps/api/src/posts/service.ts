import type { CreatePost, MediaType, Post, UpdatePost } from '@signet/contracts';
import { AppError } from '../errors.ts';
import type { Principal } from '../http/call.ts';
import { readImage } from '../images/read-image.ts';
import type { ImageStore } from '../images/store.ts';
import type { PostStore } from './store.ts';

export type PostService = ReturnType<typeof createPostService>;

/** The rules about posts: everybody reads them, and their owner and admins change them. */
export function createPostService({ posts, images }: { posts: PostStore; images: ImageStore }) {
  return {
    /** Throws `not_found`. */
    read: async (id: number): Promise<Post> => (await posts.find(id)) ?? notFound(),

    /**
     * Throws `session_ended` (the user was deleted meanwhile), and for bytes that cannot be taken as an image
     * `body_too_large`, `unsupported_media_type`, `invalid_request`.
     */
    async create({ note }: CreatePost, bytes: Buffer | undefined, { user_id }: Principal): Promise<Post> {
      const id = await posts.create({ note, image: bytes && readImage(bytes), user_id });
      // The user was deleted while the request was in progress, and their sessions with them.
      if (id === undefined) throw new AppError('session_ended');
      return this.read(id);
    },

    /**
     * Throws `not_found`, `forbidden`, and for bytes that cannot be taken as an image `body_too_large`,
     * `unsupported_media_type`, `invalid_request`.
     */
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

    /** The id and media type of the post's image. Throws `not_found` if it has none. */
    async imageOf(id: number): Promise<{ id: string; media_type: MediaType }> {
      const { image } = await this.read(id);
      const media_type = image === null ? undefined : await images.findMediaType(image);
      return image !== null && media_type ? { id: image, media_type } : noImage();
    },

    /** The bytes of an image. Throws `not_found` if it was deleted meanwhile. */
    readImage: async (id: string): Promise<Buffer<ArrayBuffer>> => (await images.readBytes(id)) ?? noImage(),
  };
}

function refuseStranger(post: Post, { user_id, role }: Principal): void {
  if (role !== 'admin' && user_id !== post.user_id)
    throw new AppError('forbidden', 'Only the owner and admins may do this');
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such post');
}

function noImage(): never {
  throw new AppError('not_found', 'This post has no image');
}
