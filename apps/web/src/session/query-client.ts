import { ApiError } from '@signet/contracts';
import { QueryClient } from '@tanstack/react-query';
import type { AuthClient } from './auth-client.ts';

/** The cache of server state. It is cleared when the user changes, so that no user sees another one's data. */
export function createQueryClient(auth: AuthClient): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // The API may be on the same machine, so being offline does not mean that it cannot be reached.
        networkMode: 'always',
        // With networkMode `always` the library would leave a failed page as it is when the network is back.
        refetchOnReconnect: true,
        staleTime: 10_000,
        retry: (failures, error) =>
          failures < 1 && (!(error instanceof ApiError) || error.problem.status >= 500),
        retryDelay: 500,
      },
      mutations: { networkMode: 'always' },
    },
  });
  let ownerId = ownerIdOf(auth);
  auth.subscribe(() => {
    if (ownerIdOf(auth) === ownerId) return;
    ownerId = ownerIdOf(auth);
    client.clear();
  });
  return client;
}

function ownerIdOf(auth: AuthClient): string | null {
  const state = auth.state();
  return state.status === 'signed-in' ? state.stored.ownerId : null;
}
