/**
 * Whether only this machine is meant by a host name or an address, or can have opened a page of a URL or
 * an origin.
 *
 * Of URLs only http and https qualify, because in another scheme the host is a name that the app chose:
 * `capacitor://localhost` is on every phone with the app.
 */
export function isLoopback(hostOrUrl: string): boolean {
  const url = hostOrUrl.includes('://') ? hostOrUrl : `http://${bracketed(hostOrUrl)}`;
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return webSchemes.has(protocol) && /^((.+\.)?localhost\.?|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

const webSchemes = new Set(['http:', 'https:']);

/** In a URL the colons of an IPv6 address stand in brackets (RFC 3986, section 3.2.2). */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
