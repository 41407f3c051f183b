import { type Client, endpoints } from '@signet/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { useAuth } from '../session/auth-context.tsx';

type Call = Client['call'];

const usersPerPage = 25;
const postsPerPage = 20;
const playersPerPage = 50;
const auditEventsPerPage = 50;

/** Also written to, after a post was made or changed. */
export const postsKey = ['posts'] as const;

/** What the pages ask the API for, each under the one key that it is cached by. */
export const queries = {
  me: (call: Call) =>
    queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call(endpoints.readMe, { signal }) }),

  identity: (call: Call) =>
    queryOptions({
      queryKey: ['identity'],
      queryFn: ({ signal }) => call(endpoints.readProtected, { signal }),
    }),

  users: (call: Call, prefix: string) =>
    infiniteQueryOptions({
      queryKey: ['users', prefix],
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listUsers, {
          signal,
          query: { limit: usersPerPage, q: prefix || undefined, after: pageParam },
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),

  posts: (call: Call) =>
    infiniteQueryOptions({
      queryKey: postsKey,
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listPosts, { signal, query: { limit: postsPerPage, after: pageParam } }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),

  /** The bytes of an image. They never change: another image has another id. */
  postImage: (call: Call, postId: number, image: string) =>
    queryOptions({
      queryKey: ['post-image', postId, image],
      queryFn: ({ signal }) => call(endpoints.readPostImage, { signal, params: { id: postId } }),
      staleTime: Number.POSITIVE_INFINITY,
    }),

  players: (call: Call) =>
    infiniteQueryOptions({
      queryKey: ['players'],
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listPlayers, { signal, query: { limit: playersPerPage, after: pageParam } }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),

  sessions: (call: Call) =>
    infiniteQueryOptions({
      queryKey: ['sessions'],
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listSessions, { signal, query: { after: pageParam } }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),

  auditEvents: (call: Call) =>
    infiniteQueryOptions({
      queryKey: ['audit'],
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listAuditEvents, { signal, query: { limit: auditEventsPerPage, after: pageParam } }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),
};

export function useCall(): Call {
  return useAuth().call;
}
