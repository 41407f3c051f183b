import { type Exchange, endpoints } from '@signet/contracts';
import { readEvents } from '@signet/contracts/event-stream';
import type { AuthClient } from '../session/auth-client.ts';

/**
 * What the API has in its trace now, the oldest first. Rejects with an ApiError where it has no trace, which is
 * everywhere but on one's own machine.
 */
export async function readTrace(callAs: AuthClient['callAs']): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const stream = await callAs(null, readEvents)(endpoints.listExchanges, { query: { after: 'start' } });
  for await (const exchange of stream) exchanges.push(exchange);
  return exchanges;
}
