import type { CreatePost, MediaType, Post, UpdatePost } from '@signet/contracts';
import type { RecordEvent, Trx } from '../audit/store.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import { requireOwnerOrAdmin } from '../http/require-admin.ts';
import { readImage } from '../images/read-image.ts';
import type { ImageStore } from '../images/store.ts';
import type { Authority } from '../sessions/authority-store.ts';
import type { PostStore } from './store.ts';

export type PostService = ReturnType<typeof createPostService>;

type PostServiceDeps = {
  readonly posts: PostStore;
  readonly images: ImageStore;
  readonly authority: Authority;
  readonly record: RecordEvent;
};

/** The rules about posts: everybody reads them, and their owner and admins change them. */
export function createPostService({ posts, images, authority, record }: PostServiceDeps) {
  return {
    /** Throws `not_found`. */
    read: async (id: number): Promise<Post> => (await posts.find(id)) ?? notFound(),

    /**
     * Throws `session_ended`, `quota_reached`, `not_ready`, and for bytes that cannot be taken as an image
     * `body_too_large`, `unsupported_media_type`, `invalid_request`.
     */
    async create({ note }: CreatePost, bytes: Buffer | undefined, principal: Principal): Promise<Post> {
      const image = bytes && readImage(bytes);
      const id = await authority.runAs(principal, {}, (trx, { caller: { user_id } }) =>
        posts.create(trx, { note, image, user_id }),
      );
      return this.read(id);
    },

    /**
     * Throws `not_found`, `forbidden`, `quota_reached`, `not_ready`, and for bytes that cannot be taken as an
     * image `body_too_large`, `unsupported_media_type`, `invalid_request`.
     */
    async update(
      id: number,
      changes: UpdatePost,
      bytes: Buffer | undefined,
      principal: Principal,
      from: RequestSource,
    ): Promise<Post> {
      const before = await this.read(id);
      refuseStranger(before, principal);
      const row = { ...changes, ...(bytes && { image: readImage(bytes) }) };
      await authority.runAs(principal, { users: [before.user_id] }, async (trx, { caller }) => {
        refuseStranger(before, caller);
        if (!(await posts.update(trx, id, row))) notFound();
        const members = Object.keys(row).join(' ');
        await recordOfAnother(trx, 'post_changed', before, caller, from, { members });
      });
      return this.read(id);
    },

    /** Throws `not_found`, `forbidden`. */
    async remove(id: number, principal: Principal, from: RequestSource): Promise<void> {
      const post = await this.read(id);
      refuseStranger(post, principal);
      await authority.runAs(principal, {}, async (trx, { caller }) => {
        refuseStranger(post, caller);
        if (!(await posts.remove(trx, id))) notFound();
        await recordOfAnother(trx, 'post_deleted', post, caller, from);
      });
    },

    /** The post's image without its bytes. Throws `not_found` if it has none. */
    async imageOf(id: number): Promise<{ id: string; media_type: MediaType; size: number }> {
      const { image } = await this.read(id);
      const described = image === null ? undefined : await images.describe(image);
      return image !== null && described ? { id: image, ...described } : noImage();
    },

    /** The bytes of an image. Throws `not_found` if it was deleted meanwhile. */
    readImage: async (id: string): Promise<Buffer<ArrayBuffer>> => (await images.readBytes(id)) ?? noImage(),
  };

  /** Owners change their own posts without an event. */
  async function recordOfAnother(
    trx: Trx,
    event: 'post_changed' | 'post_deleted',
    { id, user_id }: Post,
    caller: Principal,
    from: RequestSource,
    more: { members?: string } = {},
  ): Promise<void> {
    if (user_id === caller.user_id) return;
    const detail = { post_id: id, ...more, by: caller.user_id };
    await record(trx, event, from, { user_id, session_id: caller.session_id, detail });
  }
}

function refuseStranger({ user_id: owner_id }: Post, caller: Principal): void {
  requireOwnerOrAdmin(owner_id, caller, 'Only the owner and admins may do this');
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such post');
}

function noImage(): never {
  throw new AppError('not_found', 'This post has no image');
}
