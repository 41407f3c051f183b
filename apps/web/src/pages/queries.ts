import {
  type AuditEventName,
  type Client,
  endpoints,
  type Page,
  type UserFilter,
  type UserSort,
} from '@signet/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { useAuth } from '../session/auth-context.tsx';

type Call = Client['call'];

const usersPerPage = 25;
const postsPerPage = 20;
const playersPerPage = 50;
/** More than a user has by default, so that the first page counts them. */
const sessionsPerPage = 500;
const auditEventsPerPage = 50;
/** How many new events are counted; for more the page says "20+". */
export const mostNewEvents = 20;
const newEventsMilliseconds = 15_000;

/**
 * What each answer is cached by. A longer key that begins with one of
 * these is found, and invalidated, by it too.
 */
export const queryKeys = {
  me: ['me'],
  identity: ['identity'],
  users: ['users'],
  posts: ['posts'],
  post: ['post'],
  postImages: ['post-images'],
  players: ['players'],
  sessions: ['sessions'],
  auditEvents: ['audit-events'],
} as const;

/** What the pages ask the API for. */
export const queries = {
  me: (call: Call) =>
    queryOptions({ queryKey: queryKeys.me, queryFn: ({ signal }) => call(endpoints.readMe, { signal }) }),

  identity: (call: Call) =>
    queryOptions({
      queryKey: queryKeys.identity,
      queryFn: ({ signal }) => call(endpoints.readProtected, { signal }),
    }),

  users: (call: Call, filter: UserListFilter) =>
    pagedQuery(
      [...queryKeys.users, 'list', filter],
      ({ signal, query }) => call(endpoints.listUsers, { signal, query: { ...query, ...filter } }),
      usersPerPage,
    ),

  userCount: (call: Call, filter: UserFilter) =>
    queryOptions({
      queryKey: [...queryKeys.users, 'count', filter],
      queryFn: ({ signal }) => call(endpoints.countUsers, { signal, query: filter }),
    }),

  user: (call: Call, id: number) =>
    queryOptions({
      queryKey: [...queryKeys.users, 'one', id],
      queryFn: ({ signal }) => call(endpoints.readUser, { signal, params: { id } }),
    }),

  userActivity: (call: Call, id: number) =>
    queryOptions({
      queryKey: [...queryKeys.users, 'activity', id],
      queryFn: ({ signal }) => call(endpoints.readUserActivity, { signal, params: { id } }),
    }),

  posts: (call: Call) => pagedQuery(queryKeys.posts, (page) => call(endpoints.listPosts, page), postsPerPage),

  post: (call: Call, id: number) =>
    queryOptions({
      queryKey: [...queryKeys.post, id],
      queryFn: ({ signal }) => call(endpoints.readPost, { signal, params: { id } }),
    }),

  /** The bytes of an image. They never change: another image has another id. */
  postImage: (call: Call, postId: number, image: string) =>
    queryOptions({
      queryKey: [...queryKeys.postImages, postId, image],
      queryFn: ({ signal }) => call(endpoints.readPostImage, { signal, params: { id: postId } }),
      staleTime: Number.POSITIVE_INFINITY,
    }),

  players: (call: Call) =>
    pagedQuery(queryKeys.players, (page) => call(endpoints.listPlayers, page), playersPerPage),

  sessions: (call: Call) =>
    pagedQuery(queryKeys.sessions, (page) => call(endpoints.listSessions, page), sessionsPerPage),

  auditEvents: (call: Call, filter: AuditFilter) =>
    pagedQuery(
      [...queryKeys.auditEvents, 'list', filter],
      ({ signal, query }) => call(endpoints.listAuditEvents, { signal, query: { ...query, ...filter } }),
      auditEventsPerPage,
    ),

  /** The newest events that the filter finds, asked for again while the page is open. */
  newestAuditEvents: (call: Call, filter: AuditFilter) =>
    queryOptions({
      queryKey: [...queryKeys.auditEvents, 'newest', filter],
      queryFn: ({ signal }) =>
        call(endpoints.listAuditEvents, { signal, query: { limit: mostNewEvents, ...filter } }),
      refetchInterval: newEventsMilliseconds,
    }),
};

export type UserListFilter = UserFilter & { sort?: UserSort | undefined };

/** `user` is an id; `from` and `to` are ISO 8601. */
export type AuditFilter = {
  event?: AuditEventName[] | undefined;
  user?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

type PageRequest = { signal: AbortSignal; query: { limit: number; after: string | undefined } };

/** A list that the API answers in pages of `limit`, each with the cursor of the next. */
function pagedQuery<Item>(
  queryKey: readonly unknown[],
  readPage: (request: PageRequest) => Promise<Page<Item>>,
  limit: number,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ signal, pageParam }) => readPage({ signal, query: { limit, after: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

export function useCall(): Call {
  return useAuth().call;
}
