import type { IncomingMessage } from 'node:http';
// By its path, because vite leaves imports by name to Node, and Node 20 loads no TypeScript.
import { isLoopback } from '../../packages/contracts/src/policy/loopback.ts';

/**
 * Whether a page of this server sent the request, in a browser of this machine. `Host` is checked against DNS rebinding;
 * `Sec-Fetch-Site`, and `Origin` for browsers without it, against foreign pages.
 */
export function isFromOwnPage({ headers }: IncomingMessage): boolean {
  const { host = '', 'sec-fetch-site': site, origin } = headers;
  const isOwnPage = site === undefined ? origin === undefined : site === 'same-origin' || site === 'none';
  return isLoopback(`http://${host}`) && isOwnPage;
}
