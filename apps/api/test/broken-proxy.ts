import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type Breakage, createBrokenProxy } from '@signet/rig';
import { onTestFinished } from 'vitest';

/**
 * A proxy before an API, on a free port of loopback; returns its port. It ends with the test. Of several
 * addresses it asks each in turn.
 */
export function startProxy(apiUrls: string | readonly string[], broken: Breakage = {}): Promise<number> {
  return startChangingProxy(apiUrls, () => broken);
}

/** As `startProxy`; `broken` is asked at each request. */
export function startChangingProxy(
  apiUrls: string | readonly string[],
  broken: () => Breakage,
): Promise<number> {
  return listen(createBrokenProxy([apiUrls].flat(), broken));
}

/** A server on a free port of loopback, which ends with the test. */
export function startServer(listener: RequestListener): Promise<number> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
