import { endpoints, type MediaType, pathOf } from '@signet/contracts';
import type { Handlers } from '../http/call.ts';
import { fittingLimit, maxPageBytes, numbersInCursor, pageOf } from '../http/page.ts';
import type { PostService } from './service.ts';
import type { PostStore } from './store.ts';

type PostHandlers = Pick<
  Handlers,
  'listPosts' | 'createPost' | 'readPost' | 'updatePost' | 'deletePost' | 'readPostImage'
>;

/** The handlers of `/api/posts`. The rules are the service's; the list is read straight from the store. */
export function createPostHandlers({
  service,
  posts,
}: {
  service: PostService;
  posts: PostStore;
}): PostHandlers {
  return {
    async listPosts({ query: { limit, after } }) {
      const [before] = numbersInCursor(after);
      const rows = await posts.list({ limit: limit + 1, before, maxBytes: maxPageBytes });
      return pageOf(rows, fittingLimit(rows, limit), ({ id }) => id);
    },

    async createPost({ body, image, principal }, reply) {
      const post = await service.create(body, image, principal);
      reply.location(pathOf(endpoints.readPost, { id: post.id }));
      return post;
    },

    readPost: ({ params }) => service.read(params.id),

    updatePost: ({ params, body, image, principal, from }) =>
      service.update(params.id, body, image, principal, from),

    async deletePost({ params, principal, from }) {
      await service.remove(params.id, principal, from);
      return undefined;
    },

    async readPostImage({ params }, reply) {
      const { id, media_type, size } = await service.imageOf(params.id);
      // Browsers may store it and must revalidate, because access is checked on every request.
      reply.cacheControl('private, no-cache');
      reply.inertFile(`${id}.${extensions[media_type]}`);
      if (reply.etag(id)) return undefined;
      return { mediaType: media_type, size, read: () => service.readImage(id) };
    },
  };
}

const extensions: Record<MediaType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};
