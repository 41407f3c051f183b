import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports of loopback that were free a moment ago.
 *
 * They are below 32768, where Linux begins to choose ports for programs that ask for any free one: such a
 * program cannot take one of them before the caller's server listens, or while that server is stopped.
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
