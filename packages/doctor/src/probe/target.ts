import { isLoopback } from '@signet/contracts';
import { getDomain, getPublicSuffix } from 'tldts';
import { bare } from '../bare.ts';
import type { Target } from '../facts.ts';

/** Page and API, and whether they are one site. Private suffixes such as github.io separate sites as well. */
export function readTarget(api: string, origin: string, call?: Target['call']): Target {
  const suffix = URL.canParse(api) ? getPublicSuffix(hostOf(api), { allowPrivateDomains: true }) : null;
  return {
    api,
    origin,
    site: siteOf(api, origin),
    ...(suffix !== null && !isLoopback(api) && { publicSuffix: suffix }),
    ...(call && { call: { ...call, method: normalized(call.method) } }),
  };
}

/** Fetch, section 2.2.1: browsers write these methods in capitals, and no others. */
function normalized(method: string): string {
  const capitals = method.toUpperCase();
  return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(capitals) ? capitals : method;
}

/** RFC 6265bis, section 5.2: one scheme, and one registrable domain or one host without any. */
function siteOf(api: string, origin: string): Target['site'] {
  if (!URL.canParse(api) || !URL.canParse(origin)) return 'cross-site';
  const [server, page] = [new URL(api), new URL(origin)];
  if (server.origin === page.origin && server.origin !== 'null') return 'same-origin';
  if (server.protocol !== page.protocol) return 'cross-site';
  return siteHostOf(api) === siteHostOf(origin) ? 'same-site' : 'cross-site';
}

function siteHostOf(url: string): string {
  const host = hostOf(url);
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}

function hostOf(url: string): string {
  return bare(new URL(url).hostname);
}
