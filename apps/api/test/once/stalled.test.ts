import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { cutStalledReaders } from '../../src/http/stalled.ts';

const size = 24 * 1024 * 1024;

/** A server of answers that are larger than what the system takes at once, with a short patience. */
async function startServer() {
  const server = createServer((_request, response) => void response.end(Buffer.alloc(size)));
  cutStalledReaders(server, 1500);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, open };
}

async function ask(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return socket;
}

test('a reader who takes nothing of an answer is cut', async () => {
  const { port, open } = await startServer();
  await ask(port);
  await expect.poll(() => open.size).toBe(1);
  await expect.poll(() => open.size).toBe(0);
});

test('a reader who pipelines requests and takes nothing is cut, too', async () => {
  const { port, open } = await startServer();
  const socket = await ask(port);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
  await expect.poll(() => open.size).toBe(1);
  await expect.poll(() => open.size).toBe(0);
});

test('a reader who takes a little now and then, for longer than the patience, gets the whole answer', async () => {
  const { port } = await startServer();
  const socket = await ask(port);
  let bytes = 0;
  const begin = performance.now();
  for (;;) {
    const chunk = socket.read(512 * 1024) ?? socket.read();
    if (chunk) bytes += chunk.length;
    if (bytes >= size || socket.readableEnded || socket.destroyed) break;
    await delay(200);
  }
  expect(performance.now() - begin).toBeGreaterThan(3000);
  expect(bytes).toBeGreaterThanOrEqual(size);
});
