import { isAddress, isHostName } from './origins.ts';

/**
 * A closed list of the host names under which a server answers. It protects against DNS rebinding: a page at
 * `http://attacker.example` whose name is made to point at this machine is same-origin with the API, so no
 * other check stops it. Its requests still name `attacker.example` in `Host` (RFC 9110, section 7.2).
 *
 * Answers whether the value of a `Host` header names an allowed host. Port, case and one trailing dot do not
 * matter. IP addresses are always allowed, because rebinding needs a name; so are `localhost` and
 * `*.localhost`, which browsers resolve to this machine without DNS. The unspecified addresses are not,
 * because no machine has them as its address.
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const allowed = new Set(names.map(toHostName));
  return (host) => {
    const name = hostNameOf(host);
    if (name === undefined) return false;
    return isReachableAddress(name) || /^(.+\.)?localhost$/.test(name) || allowed.has(name);
  };
}

/** What is wrong with a name of the list, and how to fix it; undefined if nothing is. */
export function problemOfHost(name: string): string | undefined {
  if (name.includes('*')) return 'each name is one host, so * is not possible in it. List the exact names.';
  const url = URL.canParse(`http://${name}`) ? new URL(`http://${name}`) : undefined;
  // Of a URL the scheme is read as a host here, and the rest as its path.
  if (url && (url.port || url.pathname !== '/'))
    return 'it must be a name alone, without a scheme, a port or a path, such as api.example.org.';
  if (isHostName(toHostName(name)) || isReachableAddress(toHostName(name))) return undefined;
  if (url && isHostName(url.hostname)) return `browsers send it as ${url.hostname}. Write that.`;
  return 'no host can have that name.';
}

/** The host of a URL or of an origin, as it is compared; undefined where the text has none. */
export function hostOfUrl(text: string): string | undefined {
  const name = URL.canParse(text) ? toHostName(new URL(text).hostname) : '';
  return isHostName(name) || isAddress(name) ? name : undefined;
}

/** The host without its port; undefined where the text is no `Host` (RFC 9110, section 7.2). */
function hostNameOf(host: string): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{0,5})?$/i.exec(host) ?? [];
  return name === undefined ? undefined : toHostName(name);
}

/** In lower case, and without the dot that marks a name as complete (RFC 1034, section 3.1). */
function toHostName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether it is an IP address in the form that browsers send, and not an unspecified one. */
function isReachableAddress(name: string): boolean {
  if (!isAddress(name) || !URL.canParse(`http://${name}`)) return false;
  const { hostname } = new URL(`http://${name}`);
  if (name.startsWith('[')) return !['[::]', '[::ffff:0:0]'].includes(hostname);
  return hostname === name && hostname !== '0.0.0.0';
}
