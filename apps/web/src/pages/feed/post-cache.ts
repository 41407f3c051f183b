import type { Page, Post } from '@signet/contracts';
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryKeys } from '../queries.ts';

type Posts = InfiniteData<Page<Post>, string | undefined>;

/** Updates the cached pages from the API's answer, so that they need not all be fetched again. */
export function usePostCache() {
  const queryClient = useQueryClient();
  return useMemo(() => createPostCache(queryClient), [queryClient]);
}

function createPostCache(queryClient: QueryClient) {
  const change = (changeItems: (items: Post[], page: number) => Post[]) =>
    queryClient.setQueryData<Posts>(
      queryKeys.posts,
      (posts) =>
        posts && {
          ...posts,
          pages: posts.pages.map((page, index) => ({ ...page, items: changeItems(page.items, index) })),
        },
    );
  return {
    add: (post: Post) => change((items, page) => (page === 0 ? [post, ...items] : items)),
    replace(post: Post) {
      change((items) => items.map((item) => (item.id === post.id ? post : item)));
      queryClient.setQueryData([...queryKeys.post, post.id], post);
    },
    remove: (id: number) => change((items) => items.filter((item) => item.id !== id)),
  };
}
