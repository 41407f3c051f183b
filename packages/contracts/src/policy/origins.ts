/**
 * Schemes with a host whose pages have no origin of that scheme: browsers send `null` for them, or open no
 * page at all.
 */
const schemesWithoutPages = new Set(['file:', 'ftp:', 'ws:', 'wss:']);

/**
 * What is wrong with an origin of the configuration, and how to fix it; undefined if nothing is.
 *
 * An origin must be written exactly as browsers serialize it, because it is compared with their
 * `Origin` header as text (Fetch, section 3.2). Apps that run in a web view have origins of their own
 * schemes (`capacitor://localhost`).
 */
export function problemOfOrigin(origin: string): string | undefined {
  if (origin === '*')
    return 'with credentials, * is not possible and would admit every site. List the exact origins.';
  if (origin === 'null') return 'null is what every sandboxed page sends. List the exact origins.';
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!url?.hostname || schemesWithoutPages.has(url.protocol))
    return 'it is not an origin. Write scheme://host or scheme://host:port, such as https://app.example.org.';
  const serialized = `${url.protocol}//${url.host.toLowerCase()}`;
  if (!isBare(url) || origin.endsWith('/'))
    return `an origin has no path, no trailing slash and no user. Write ${serialized}.`;
  if (serialized !== origin) return `browsers send it as ${serialized}. Write that.`;
  if (url.hostname.includes('*'))
    return 'an origin is one host, so * is not possible in it. List the exact origins.';
  // A browser keeps the dot of a complete name (RFC 1034, section 3.1), so that it is another origin.
  return isAddress(url.hostname) || isHostName(url.hostname.replace(/\.$/, ''))
    ? undefined
    : 'no host can have that name.';
}

/** Whether a URL is an origin and nothing more: no user, no path, no query and no fragment. */
export function isBare({ username, password, pathname, search, hash }: URL): boolean {
  return /^\/?$/.test(pathname) && `${username}${password}${search}${hash}` === '';
}

/**
 * Labels of letters, digits, `-` and `_`, separated by dots. A name that ends in a number would be
 * an address.
 */
export function isHostName(text: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text) && !/(^|\.)\d+$/.test(text);
}

/**
 * Whether the host of a parsed URL is an IP address. The URL parser has refused the brackets around
 * anything else.
 */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname);
}
