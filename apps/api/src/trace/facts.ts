import { corsPolicy, type Exchange } from '@signet/contracts';
import { remember } from '../http/remember.ts';

/** So many names of one kind are kept of a request; a caller can send thousands. */
const mostNames = 40;

/**
 * A name from outside in characters that are safe to show, cut to 64: a caller chooses it, and might put
 * anything there.
 */
export function nameIn(text: string): string {
  return text.slice(0, 64).replace(/[^\w!#$%&'*+.^`|~-]/g, '_') || '_';
}

/** The names in a comma list, which is how CORS headers name methods and headers. */
export function namesInList(list: unknown): string[] {
  return list === undefined ? [] : splitList(String(list));
}

const splitList = remember((list) => namesOf(list.split(',')));

/** The names of the header fields, as they came. `rawHeaders` has name and value in turn. */
export function headerNames(rawHeaders: readonly string[]): string[] {
  const names: string[] = [];
  for (let index = 0; index < rawHeaders.length && names.length < mostNames; index += 2)
    names.push(headerName(rawHeaders[index] ?? ''));
  return names;
}

const headerName = remember((name) => nameIn(name.toLowerCase()));

/** A pair without `=` may be a value in the place of a name, so it is only counted. */
export function cookieNames(header: string | undefined): string[] {
  if (header === undefined) return [];
  return namesOf(header.split(';').map(nameOfPair));
}

export function queryNames(url: string): string[] {
  const begin = url.indexOf('?');
  if (begin < 0) return [];
  const query = url.slice(begin + 1);
  return namesOf(query.split('&').map(nameOfPair));
}

function nameOfPair(pair: string): string {
  const end = pair.indexOf('=');
  return end < 0 && pair.trim() ? '_' : pair.slice(0, Math.max(0, end));
}

/**
 * The header names that a preflight asks for. Browsers write them in lower case (Fetch, section 4.8); a name
 * that is written otherwise, and does not belong to the API's list, may be anything.
 */
export function askedHeaders(list: unknown): string[] {
  return namesInList(list).map((name) => {
    const isOurs = corsPolicy.headers.some((each) => each.toLowerCase() === name.toLowerCase());
    return isOurs || /^[a-z][a-z0-9-]*$/.test(name) ? name.toLowerCase() : '_';
  });
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** A method that the API knows, or `OTHER`: a preflight can ask for any word. */
export function methodIn(text: string): Exchange['method'] {
  return methods.find((each) => each === text) ?? 'OTHER';
}

/** An origin as browsers serialize it, or `invalid`: a header of this name can hold anything. */
export function originIn(header: string): string {
  return header.length <= 255 && /^(null|[a-z][a-z0-9+.-]*:\/\/[a-z0-9._:[\]-]+)$/.test(header)
    ? header
    : 'invalid';
}

const mediaTypes = [
  'application/json',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'text/plain',
] as const;

export function mediaTypeIn(header: string | undefined): Exchange['media_type'] {
  return oneOf(mediaTypes, header?.split(';', 1)[0]?.trim().toLowerCase());
}

/** The value, if it is one of the known ones; `other` for any other; undefined without a value. */
export function oneOf<Known extends string>(
  known: readonly Known[],
  value: unknown,
): Known | 'other' | undefined {
  return value === undefined ? undefined : (known.find((each) => each === value) ?? 'other');
}

/**
 * A cookie of the answer without its value. Only the API's own cookies are here, written
 * by `auth/cookies.ts`.
 */
export function setCookieIn(header: string): Exchange['set_cookies'][number] {
  const [pair = '', ...rest] = header.split('; ');
  const attributes = new Map(
    rest.map((each): [string, string] => {
      const [name = '', value = ''] = each.split('=', 2);
      return [name, value];
    }),
  );
  const sameSite = (['Lax', 'Strict', 'None'] as const).find((each) => each === attributes.get('SameSite'));
  const path = attributes.get('Path');
  const maxAge = attributes.get('Max-Age');
  return {
    name: nameIn(pair.split('=', 1)[0] ?? ''),
    ...(path !== undefined && { path }),
    ...(sameSite && { same_site: sameSite }),
    secure: attributes.has('Secure'),
    http_only: attributes.has('HttpOnly'),
    partitioned: attributes.has('Partitioned'),
    ...(maxAge !== undefined && { max_age: Number(maxAge) }),
  };
}

/** The form of what a header or a cookie has where a token belongs. */
export function tokenFormIn(
  authorization: string | undefined,
  cookie: string | undefined,
): Exchange['token'] {
  if (authorization === undefined)
    return cookie === undefined ? undefined : formOf({ carrier: 'cookie', scheme: 'none', text: cookie });
  const [first = '', ...rest] = authorization.trim().split(/ +/);
  if (rest.length === 0) return formOf({ carrier: 'bearer', scheme: 'none', text: first });
  const scheme = oneOf(['bearer', 'basic'], first.toLowerCase()) ?? 'other';
  return formOf({ carrier: 'bearer', scheme, text: rest.join(' ') });
}

type Carried = Pick<NonNullable<Exchange['token']>, 'carrier' | 'scheme'> & { readonly text: string };

function formOf({ carrier, scheme, text }: Carried): Exchange['token'] {
  const isQuoted = /^(".*"|'.*')$/.test(text);
  const placeholder = placeholderIn(isQuoted ? text.slice(1, -1) : text);
  return {
    carrier,
    scheme,
    bytes: Buffer.byteLength(text),
    parts: text.split('.').length,
    ...(placeholder && { placeholder }),
    is_quoted: isQuoted,
  };
}

function placeholderIn(text: string): NonNullable<Exchange['token']>['placeholder'] {
  if (text === 'undefined' || text === 'null') return text;
  if (text === '[object Object]') return 'object';
  return /^(\{\{.*\}\}|\$\{?\w+\}?|<.*>)$/.test(text) ? 'variable' : undefined;
}

function namesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => (text.trim() ? [nameIn(text.trim())] : [])).slice(0, mostNames);
}
