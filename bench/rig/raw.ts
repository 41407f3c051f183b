import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What comes back for these bytes, as text, until the server closes or has sent nothing for `quietMs`. */
export async function sendRaw(port: number, bytes: string | Buffer, quietMs = 1000): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.on('error', () => {});
  let received = '';
  let last = performance.now();
  socket.on('data', (chunk: string) => {
    received += chunk;
    last = performance.now();
  });
  socket.write(bytes);
  while (!socket.closed && performance.now() - last < quietMs) await delay(20);
  socket.destroy();
  return received;
}

/**
 * Sends a request without the end of its body, and keeps the connection open. `finish` sends the end and
 * resolves to the answer as text.
 */
export async function openRequest(port: number, head: string, begun: string | Buffer) {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  socket.write(head);
  socket.write(begun);
  return {
    hasAnswer: () => received !== '',
    close: () => void socket.destroy(),
    async finish(end: string | Buffer): Promise<string> {
      socket.write(end);
      for (let waits = 0; received === '' && !socket.closed && waits < 500; waits += 1) await delay(20);
      socket.destroy();
      return received;
    },
  };
}

/** The status of an answer as text, and the code of its problem. */
export function outcomeOf(received: string): string {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 'no answer';
  const code = /^[45]/.test(status) ? /"code":"(\w+)"/.exec(received)?.[1] : undefined;
  return code === undefined ? status : `${status} ${code}`;
}
