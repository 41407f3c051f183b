import type { Carrier } from '@signet/contracts';
import { refusal } from '../errors.ts';
import type { Principal } from '../http/call.ts';
import { countOf } from '../http/raw-headers.ts';
import { isPending } from '../pending.ts';
import type { CookieRequest, Cookies } from './cookies.ts';
import type { Tokens } from './tokens.ts';

type TokenRequest = CookieRequest & { readonly rawHeaders: readonly string[] };
type Carried = { readonly carrier: Carrier; readonly token: string };

type AuthenticateDeps = {
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly cookies: Pick<Cookies, 'readToken'>;
  /** The live session with its user, or undefined if either is gone. Called on every request. */
  readonly findPrincipal: (session_id: string) => Principal | undefined | Promise<Principal | undefined>;
};

/**
 * Request → principal: find the token, verify it, and look up its live session and user. The principal is there
 * at once where `findPrincipal` has it at once; a refusal is then thrown, otherwise the promise rejects.
 */
export function createAuthenticate({ tokens, cookies, findPrincipal }: AuthenticateDeps) {
  return function authenticate(request: TokenRequest): Principal | Promise<Principal> {
    const { carrier, token } = findToken(request, cookies);
    const { sid, sub } = tokens.verify(token);
    const found = findPrincipal(sid);
    return isPending(found)
      ? found.then((principal) => requireMatch(principal, carrier, sub))
      : requireMatch(found, carrier, sub);
  };
}

function requireMatch(principal: Principal | undefined, carrier: Carrier, sub: string): Principal {
  if (!principal) throw refusal('session');
  // A cookie's token in a header (or the reverse) was stolen from its place, and a token of another
  // subject does not belong to this session.
  if (principal.carrier !== carrier) throw refusal('carrier');
  if (String(principal.user_id) !== sub) throw refusal('sub');
  return principal;
}

/**
 * The two places, in order. A header that is present decides alone: an invalid one must not fall back to a
 * cookie that the browser added.
 *
 * Throws `token_missing`, `invalid_request`, `cookies_ambiguous`.
 */
function findToken(request: TokenRequest, cookies: Pick<Cookies, 'readToken'>): Carried {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    // Node keeps the first of several, and a proxy may have read another.
    if (countOf(request.rawHeaders, 'authorization') > 1) throw refusal('two-authorizations');
    const token = readBearer(authorization);
    if (token === undefined) throw refusal('scheme');
    return { carrier: 'bearer', token };
  }
  const token = cookies.readToken(request);
  if (token === undefined) throw refusal('no-token');
  return { carrier: 'cookie', token };
}

/**
 * As `readBearer`, but undefined also where that throws: for calls that do not fail because of a bad header.
 */
export function findBearer(header = ''): string | undefined {
  try {
    return readBearer(header);
  } catch {
    return undefined;
  }
}

/**
 * The token in `Authorization: Bearer TOKEN` (RFC 6750, section 2.1), or undefined for another scheme. Throws
 * `invalid_request` if the scheme is Bearer and anything but one token follows.
 */
function readBearer(header: string): string | undefined {
  const [scheme = '', ...rest] = header.trim().split(/ +/);
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const [token, ...more] = rest;
  if (token === undefined || more.length > 0 || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw refusal('bearer-syntax');
  return token;
}
