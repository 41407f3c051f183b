import type { IncomingMessage } from 'node:http';

declare module 'node:http' {
  interface IncomingMessage {
    /** The request line holds an absolute URL that cannot be read. */
    hasUnclearTarget?: boolean;
  }
}

/**
 * Reads a request target in absolute form (`GET http://host/path`) as the origin form that the app expects.
 * Its host replaces the Host header, because RFC 9112, section 3.2.2, has a server ignore the header then:
 * otherwise the host check would judge another name than the one that is asked for.
 *
 * An unreadable URL becomes the path `/` with a mark, because Express would answer it past every handler
 * of ours.
 */
export function readTarget(request: IncomingMessage): void {
  const { url = '' } = request;
  if (url.startsWith('/') || url === '*') return;
  const target = /^https?:\/\//i.test(url) ? parseUrl(url) : undefined;
  if (!target || target.username || target.password) {
    request.hasUnclearTarget = true;
    request.url = '/';
    return;
  }
  request.headers.host = target.host;
  request.url = `${target.pathname}${target.search}`;
}

/** `URL.canParse` is not asked first: on Node 20 it takes some texts for URLs that the constructor refuses. */
function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
