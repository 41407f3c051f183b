import { type Client, endpoints } from '@signet/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { useSessions } from '../session/session-context.tsx';

type Call = Client['call'];

const usersPerPage = 25;
const auditEventsPerPage = 50;

/** What the pages ask the API for, each under the one key that it is cached by. */
export const queries = {
  me: (call: Call) => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call(endpoints.readMe, { signal }) }),

  identity: (call: Call) => queryOptions({ queryKey: ['identity'], queryFn: ({ signal }) => call(endpoints.readProtected, { signal }) }),

  users: (call: Call, prefix: string) =>
    infiniteQueryOptions({
      queryKey: ['users', prefix],
      queryFn: ({ signal, pageParam }) =>
        call(endpoints.listUsers, { signal, query: { limit: usersPerPage, q: prefix || undefined, after: pageParam } }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next,
    }),

  sessions: (call: Call) =>
    infiniteQueryOptions({
      queryKey: ['sessions'],
      queryFn: ({ signal, pageParam }) => call(endpoints.listSessions, { signal, query: { after: pageParam } }),
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
  return useSessions().call;
}
