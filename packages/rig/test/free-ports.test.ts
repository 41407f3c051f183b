import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePorts } from '../src/index.ts';

test('Free ports are distinct, can be listened on, and are below the range from which Linux assigns ports', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    server.close();
  }
});
