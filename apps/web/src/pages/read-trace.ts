import { Exchange, endpoints } from '@signet/contracts';
import type { ReadEvents } from '@signet/contracts/event-stream';
import { nextTask } from '../browser/pauses.ts';
import type { AuthClient } from '../session/auth-client.ts';

/** The build leaves the schema out of the table, because the first load of no page needs it. */
const listExchanges = {
  ...endpoints.listExchanges,
  answer: { kind: 'events', event: Exchange, id: 'id' },
} as const;

/**
 * What the API has in its trace after the exchange of this id, the oldest first. Rejects with an ApiError where it has no
 * trace, which is everywhere but on one's own machine.
 */
export async function readTrace(callAs: AuthClient['callAs'], after = 'start'): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const stream = await callAs(null, readWhole)(listExchanges, { query: { after } });
  for await (const exchange of stream) exchanges.push(exchange);
  return exchanges;
}

/** So many exchanges are checked without a pause. */
const burst = 50;

/** With `after` the answer ends, and it has one line of data for each exchange: a parser of streams would be more script. */
const readWhole: ReadEvents = async function* (body, { parse, toError }) {
  const text = await new Response(body).text().catch((cause: unknown) => {
    throw toError(cause);
  });
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  for (const [index, line] of lines.entries()) {
    if (index % burst === burst - 1) await nextTask();
    yield parse(line.slice(6));
  }
};
