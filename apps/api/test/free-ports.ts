import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * As many ports of loopback as are asked for, none of them in use a moment ago.
 *
 * They are below those that Linux gives to whoever asks for any (32768 and up): nobody else gets one by chance before its
 * server listens, or while that server is away.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
