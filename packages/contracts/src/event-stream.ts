import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { z } from 'zod';
import { NetworkError, UnexpectedAnswerError } from './client-errors.ts';

/**
 * The events of an answer (HTML standard, section 9.2), each parsed by `schema` when it is asked for. The iteration
 * ends when the API ends the stream; leaving the loop closes the connection. It never reconnects.
 *
 * Throws {@link NetworkError} if the connection breaks, the abort's own reason if `signal` aborts, and
 * {@link UnexpectedAnswerError} for an event that the schema does not allow.
 */
export async function* readEvents(
  response: Response,
  schema: z.ZodType,
  signal: AbortSignal,
): AsyncGenerator<unknown, void, undefined> {
  if (!response.body) return;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (signal.aborted) throw cause;
        throw new NetworkError('The stream of events broke off', { cause });
      });
      if (done) return;
      const event = schema.safeParse(readJson(value.data));
      if (!event.success) throw new UnexpectedAnswerError(response.status, { cause: event.error });
      yield event.data;
    }
  } finally {
    // Rejects if the stream has already failed, which the loop has reported.
    await reader.cancel().catch(() => {});
  }
}

/** Undefined for text that is not JSON, which no schema of an event allows. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
