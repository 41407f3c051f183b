import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './calls.ts';

const heldSeconds = 10;

/**
 * Sends a request whose body (if it has one) is not complete, and then neither sends nor reads anything
 * for ten seconds. Resolves to the answer if one comes to a request with a body; the answer to another is
 * left unread.
 */
export async function holdRequest(
  port: number,
  requestLine: string,
  headers: Readonly<Record<string, string>>,
  body?: Buffer,
): Promise<Answer | undefined> {
  const began = performance.now();
  const socket = connect(port, '127.0.0.1');
  // The API may close the connection, and the other end sees that as an error.
  socket.on('error', () => {});
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`${requestLine} HTTP/1.1\r\n${lines.join('')}\r\n`);
  if (body) socket.write(body);
  const end = new AbortController();
  const { signal } = end;
  const over = delay(heldSeconds * 1000, undefined, { signal }).catch(() => undefined);
  const first = body ? once(socket, 'data', { signal }).catch(() => undefined) : over;
  const received = await Promise.race([first, over]);
  end.abort();
  socket.destroy();
  return Array.isArray(received)
    ? { ...readAnswer(String(received[0])), ms: performance.now() - began }
    : undefined;
}

function readAnswer(text: string): Pick<Answer, 'status' | 'headers' | 'text'> {
  const lines = text.split('\r\n\r\n', 1)[0]?.split('\r\n').slice(1) ?? [];
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), headers, text };
}
