import type { Client } from '@signet/contracts';
import type { QueryClient } from '@tanstack/react-query';
import type { PageName } from './page-modules.ts';
import { queries } from './pages/queries.ts';

/** Asks the API for what this page of a signed-in user shows first, so that the answer travels beside the page's script. */
export function beginFirstQueries(page: PageName, { call }: Pick<Client, 'call'>, client: QueryClient): void {
  void client.prefetchQuery(queries.me(call));
  if (page === 'feed') void client.prefetchInfiniteQuery(queries.posts(call));
  if (page === 'players') void client.prefetchInfiniteQuery(queries.players(call));
  if (page === 'account') void client.prefetchInfiniteQuery(queries.sessions(call));
}
