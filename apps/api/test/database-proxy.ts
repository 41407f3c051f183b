import { connect, createServer } from 'node:net';
import { listenForTest } from './listen-for-test.ts';

/**
 * A way to PostgreSQL on which answers can be lost. `url` leads through it; it ends with the test.
 *
 * `loseCommit` lets the next COMMIT reach the server, and cuts its connection when the server answers. `hold` keeps
 * back all that is sent either way, until the function that it returns is called. `pointTo` is where new connections
 * lead.
 */
export async function startDatabaseProxy(databaseUrl: string) {
  let target = new URL(databaseUrl);
  let isCommitLost = false;
  let held: (() => void)[] | undefined;
  const pass = (write: () => void) => (held ? held.push(write) : write());

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCutAtAnswer = false;
    upstream.on('error', () => undefined);
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
  const url = new URL(databaseUrl);
  url.port = String(await listenForTest(server));

  return {
    url: url.href,
    pointTo: (other: string) => {
      target = new URL(other);
    },
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
