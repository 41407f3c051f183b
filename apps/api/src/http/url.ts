import type { AddressInfo } from 'node:net';

/**
 * Addresses on which a request to `localhost` arrives. The unspecified ones are nothing that a browser
 * could open.
 */
const reachedByLocalhost = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/**
 * The URL of a listening server, for people to open. An IPv6 address stands in brackets (RFC 3986,
 * section 3.2.2).
 */
export function urlOf(listening: AddressInfo | string | null): string {
  if (typeof listening !== 'object' || listening === null) return String(listening);
  const { address, family, port } = listening;
  if (reachedByLocalhost.has(address)) return `http://localhost:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
