import { Exchange, endpoints } from '@signet/contracts';
import { readEvents } from '@signet/contracts/event-stream';
import type { AuthClient } from '../session/auth-client.ts';

/** The build leaves the schema out of the table, because the first load of no page needs it. */
const listExchanges = {
  ...endpoints.listExchanges,
  answer: { kind: 'events', event: Exchange, id: 'id' },
} as const;

/**
 * What the API has in its trace now, the oldest first. Rejects with an ApiError where it has no trace, which is
 * everywhere but on one's own machine.
 */
export async function readTrace(callAs: AuthClient['callAs']): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const stream = await callAs(null, readEvents)(listExchanges, { query: { after: 'start' } });
  for await (const exchange of stream) exchanges.push(exchange);
  return exchanges;
}
