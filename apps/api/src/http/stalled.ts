import type { Server, ServerResponse } from 'node:http';

/** nginx waits as long for a reader (`send_timeout`). */
const patienceMs = 30_000;

/**
 * Cuts the connection of a reader who takes nothing of a finished answer for 30 s, because the answer stays
 * in memory until it is read. One who reads slowly is not cut: a socket's timeout starts again while its
 * queue gets shorter. A stream of events is not a finished answer until its last event.
 */
export function cutStalledReaders(server: Server, afterMs = patienceMs): void {
  // Emitted when the whole answer is with the socket. What the system took at once leaves nothing to
  // wait for.
  function watch(this: ServerResponse): void {
    const { socket } = this.req;
    if (!this.socket || socket.writableLength > 0) socket.setTimeout(afterMs);
  }
  // Before the app, which ends some answers at once. One function serves all responses, and is not made
  // for each.
  server.prependListener('request', (_request, response) => void response.on('prefinish', watch));
}
