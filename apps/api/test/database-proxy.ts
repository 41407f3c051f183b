import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A way to PostgreSQL on which answers can be lost. `url` leads through it; it ends with the test.
 *
 * `loseCommit` lets the next COMMIT reach the server, and cuts its connection when the server answers. `hold` keeps
 * back all that is sent either way, until the function that it returns is called.
 */
export async function startDatabaseProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCommitLost = false;
  let held: (() => void)[] | undefined;
  const pass = (write: () => void) => (held ? held.push(write) : write());

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCutAtAnswer = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    }
    client.on('data', (bytes) => {
      if (isCommitLost && bytes.includes('COMMIT')) {
        isCommitLost = false;
        isCutAtAnswer = true;
      }
      pass(() => upstream.write(bytes));
    });
    upstream.on('data', (bytes) => {
      if (isCutAtAnswer) client.destroy();
      else pass(() => client.write(bytes));
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const url = new URL(databaseUrl);
  url.port = String(address.port);

  return {
    url: url.href,
    loseCommit: () => {
      isCommitLost = true;
    },
    hold: () => {
      held = [];
      return () => {
        const writes = held ?? [];
        held = undefined;
        for (const write of writes) write();
      };
    },
  };
}
