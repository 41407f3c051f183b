import { isIP } from 'node:net';

/**
 * What is wrong with an origin of the configuration, and its fix. It must be spelled exactly as browsers serialise it, or it
 * would never equal what they send (Fetch, section 3.2).
 */
export function problemOfOrigin(origin: string): string | undefined {
  if (origin === '*')
    return 'with credentials, * is not possible and would let every site in. List the exact origins.';
  if (origin === 'null') return 'null is what every sandboxed page sends. List the exact origins.';
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    return 'it is no origin. Write scheme://host or scheme://host:port, with http or https.';
  if (
    url.username ||
    url.password ||
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    origin.endsWith('/')
  ) {
    return `an origin has no path, no trailing slash and no user. Write ${url.origin}.`;
  }
  if (url.origin !== origin) return `browsers spell it ${url.origin}. Write it so.`;
  if (url.hostname.includes('*'))
    return 'an origin is one host, and * stands for none. List the exact origins.';
  return isIP(withoutBrackets(url.hostname)) > 0 || isHostName(url.hostname)
    ? undefined
    : 'no host can have that name.';
}

/** Labels of letters, digits, - and _, with dots between them; what ends in a number would be an address. */
export function isHostName(text: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(text) && !/^\d+$/.test(text.split('.').at(-1) ?? '');
}

/** Whether only this machine can have opened a page of the origin. */
export function isLoopback(origin: string): boolean {
  const host = withoutBrackets(new URL(origin).hostname);
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
