import { ApiError } from '@signet/contracts';
import { QueryClient } from '@tanstack/react-query';
import type { Sessions } from './sessions.ts';

/** The cache of server state. It holds nothing of one sign-in by the time that another one, or none, begins. */
export function createQueryClient(sessions: Sessions): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // The API may be on this very machine: being offline says nothing about it.
        networkMode: 'always',
        staleTime: 10_000,
        retry: (failures, error) =>
          failures < 1 && (!(error instanceof ApiError) || error.problem.status >= 500),
        retryDelay: 500,
      },
      mutations: { networkMode: 'always' },
    },
  });
  let signInId = signInIdOf(sessions);
  sessions.subscribe(() => {
    if (signInIdOf(sessions) === signInId) return;
    signInId = signInIdOf(sessions);
    client.clear();
  });
  return client;
}

function signInIdOf(sessions: Sessions): string | null {
  const state = sessions.state();
  return state.status === 'signed-in' ? state.held.signInId : null;
}
