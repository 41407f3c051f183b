import { EventSourceParserStream } from 'eventsource-parser/stream';

type Reader = {
  /** Makes the event of its `data`, or throws. */
  readonly parse: (data: string) => unknown;
  /** What to throw when the connection breaks. */
  readonly toError: (cause: unknown) => unknown;
};

export type ReadEvents = typeof readEvents;

/**
 * The events of an answer (HTML standard, section 9.2), each parsed when it is asked for. The iteration ends
 * when the API ends the stream; leaving the loop closes the connection. It never reconnects.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { parse, toError }: Reader,
): AsyncGenerator<unknown, void, undefined> {
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw toError(cause);
      });
      if (done) return;
      yield parse(value.data);
    }
  } finally {
    // Rejects if the stream has already failed, which the loop has reported.
    await reader.cancel().catch(() => {});
  }
}
