import { once } from 'node:events';
import type { Request, Response } from 'express';
import type { z } from 'zod';

/** Shorter than the time for which our nginx, and most proxies, wait for the next byte of an answer. */
const heartbeatMs = 15_000;

type Stream = {
  readonly schema: z.ZodType;
  /** The member that is the id of an event, if events have ids. */
  readonly id: string | undefined;
  readonly events: AsyncIterable<unknown>;
  /** Aborted when the caller has left or the process drains: the stream ends then. */
  readonly ended: AbortSignal;
};

/**
 * Streams server-sent events (HTML standard, section 9.2) until the iteration or the connection ends, or
 * `ended` aborts. Each event is parsed by the schema before it leaves, as every answer is. The next event is
 * asked for only when the connection has taken the last one, so a slow reader holds one event in memory and
 * not a queue of them.
 *
 * Rejects with a ZodError for an event that breaks the schema, and with what the iteration throws. The
 * connection is cut then, because the status has left already.
 */
export async function sendEvents(
  request: Request,
  response: Response,
  { schema, id, events, ended }: Stream,
): Promise<void> {
  response.setHeader('Content-Type', 'text/event-stream');
  // nginx would collect events until a buffer is full.
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  if (request.method === 'HEAD') return void response.end();
  const iterator = events[Symbol.asyncIterator]();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, heartbeatMs);
  try {
    while (!ended.aborted) {
      const next = await unless(ended, iterator.next());
      if (!next || next.done) break;
      const event = schema.parse(next.value);
      const line = id === undefined ? '' : `id: ${(event as Record<string, unknown>)[id]}\n`;
      const isTaken = response.write(`${line}data: ${JSON.stringify(event)}\n\n`);
      if (!isTaken) await once(response, 'drain', { signal: ended }).catch(() => {});
    }
    response.end();
  } finally {
    clearInterval(heartbeat);
    // Not awaited: a generator that waits for its next event returns only after it.
    iterator.return?.().catch(() => {});
  }
}

/** Aborted when the connection closes, or when the process drains. */
export function endOf(response: Response, draining: AbortSignal): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return AbortSignal.any([draining, closed.signal]);
}

/**
 * What the work resolves to, or undefined once the signal aborts. `Promise.race` would keep a reaction for
 * each event.
 */
function unless<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
