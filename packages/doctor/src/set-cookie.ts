/** A Set-Cookie line, read as browsers read it, with what in it is not as it was meant. */
export type SetCookie = {
  readonly name: string;
  /** Bytes of name and value together. */
  readonly bytes: number;
  /** Whether the line deletes a cookie instead of setting one. */
  readonly deletes: boolean;
  readonly path?: string;
  readonly domain?: string;
  readonly sameSite?: 'lax' | 'strict' | 'none';
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly partitioned: boolean;
  /** Seconds. */
  readonly maxAge?: number;
  /** Milliseconds since 1970. */
  readonly expires?: number;
  readonly longestAttribute: number;
  /** What a strict reader objects to, as the rest of a sentence that begins with the name of the cookie. */
  readonly oddities: readonly string[];
};

const known = [
  'path',
  'domain',
  'samesite',
  'secure',
  'httponly',
  'partitioned',
  'max-age',
  'expires',
  'priority',
];

/** RFC 2109 and RFC 2965: old servers still send them, and nothing depends on them. */
const harmless = ['version', 'comment', 'commenturl', 'discard', 'port', 'sameparty'];

/** RFC 6265bis, section 5.6: browsers drop what they do not know; the strict reading says so. */
export function readSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(';');
  const separator = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, separator)).trim();
  const value = pair.slice(separator + 1).trim();
  const attributes = rest.map((each) => {
    const [key = '', ...others] = each.split('=');
    return { key: key.trim().toLowerCase(), value: others.join('=').trim() };
  });
  // The last of several counts (RFC 6265bis, section 5.7).
  const last = (key: string) => attributes.findLast((each) => each.key === key)?.value;
  const sameSite = (['lax', 'strict', 'none'] as const).find(
    (each) => each === last('samesite')?.toLowerCase(),
  );
  const maxAge = /^-?\d+$/.test(last('max-age') ?? '') ? Number(last('max-age')) : undefined;
  const expires = Date.parse(last('expires') ?? '');
  const path = last('path');
  const domain = last('domain');
  return {
    name,
    bytes: new TextEncoder().encode(name + value).length,
    deletes: value === '' || value === '""' || isLongAgo(expires) || value === 'deleted',
    ...(path?.startsWith('/') && { path }),
    ...(domain && { domain: domain.replace(/^\./, '').toLowerCase() }),
    ...(sameSite && { sameSite }),
    secure: last('secure') !== undefined,
    httpOnly: last('httponly') !== undefined,
    partitioned: last('partitioned') !== undefined,
    ...(maxAge !== undefined && { maxAge }),
    ...(Number.isFinite(expires) && { expires }),
    longestAttribute: Math.max(0, ...attributes.map((each) => each.value.length)),
    oddities: [
      ...(separator < 1 ? ['has no name'] : []),
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what is looked for.
      ...(/[\x00-\x08\x0a-\x1f\x7f]/.test(line) ? ['holds a control character, so browsers drop it'] : []),
      ...attributes
        .filter(({ key }) => key !== '' && !known.includes(key) && !harmless.includes(key))
        .map(({ key }) => `has the attribute "${nameOnly(key)}", which browsers do not know`),
      // The comma of a date is the only one that belongs there.
      ...(attributes.some(({ value: each }) => /,\s*[\w!#$%&'*+.^`|~-]+=/.test(each))
        ? ['holds a second cookie after a comma, and browsers read one cookie from a line']
        : []),
      ...(last('samesite') !== undefined && !sameSite
        ? ['has a SameSite that is neither Lax, Strict nor None, so browsers use Lax']
        : []),
    ],
  };
}

/** Servers delete a cookie by a date near the beginning of 1970. */
function isLongAgo(expires: number): boolean {
  return expires < Date.UTC(1990, 0);
}

/** What stands where an attribute belongs may be a value, so it is cut and cleaned. */
function nameOnly(text: string): string {
  return text.replace(/[^a-z0-9-]/g, '').slice(0, 20);
}

/** Whether a cookie of this Domain is sent to this host (RFC 6265bis, section 5.1.3). */
export function domainCovers(domain: string, host: string): boolean {
  const isAddress = /^[\d.]+$|:/.test(host.replace(/^\[|\]$/g, ''));
  return host === domain || (!isAddress && host.endsWith(`.${domain}`));
}

/** RFC 6265bis, section 5.1.4. */
export function pathCovers(path: string, requestPath: string): boolean {
  if (path === requestPath) return true;
  return requestPath.startsWith(path) && (path.endsWith('/') || requestPath[path.length] === '/');
}
