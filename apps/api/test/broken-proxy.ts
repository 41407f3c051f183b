import { createServer, type RequestListener } from 'node:http';
import { type Breakage, createBrokenProxy } from '@signet/rig';
import { listenForTest } from './listen-for-test.ts';

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
  return listenForTest(createBrokenProxy([apiUrls].flat(), broken));
}

/** A server on a free port of loopback, which ends with the test. */
export function startServer(listener: RequestListener): Promise<number> {
  return listenForTest(createServer(listener));
}
