import type { IncomingHttpHeaders } from 'node:http';
import { type CookieSerializeOptions, parse, serialize } from 'cookie';
import { AppError } from '../errors.ts';

export const cookieProfiles = ['local', 'same-origin', 'same-site', 'cross-site'] as const;
export type CookieProfile = (typeof cookieProfiles)[number];

type CookieOptions = {
  readonly profile: CookieProfile;
  readonly partitioned: boolean;
  readonly tokenSeconds: number;
  readonly refreshSeconds: number;
};

/** A request as cookie-parser leaves it. It makes objects of values that begin with `j:`, hence unknown. */
export type CookieRequest = {
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Record<string, unknown>;
};

export type Cookies = ReturnType<typeof createCookies>;

/**
 * The two cookies of the cookie flow, as the profile has them: `jwt` with the access token for every path, and
 * `jwt_refresh` for the session endpoints alone. Both HttpOnly, so that no script reads them (RFC 6265bis, section 5.6.6).
 */
export function createCookies({ profile, partitioned, tokenSeconds, refreshSeconds }: CookieOptions) {
  const { attributes, jwtName, refreshName, jwtHasMaxAge } = profiles[profile];
  const common: CookieSerializeOptions = {
    ...attributes,
    httpOnly: true,
    ...(profile === 'cross-site' && partitioned && { partitioned }),
  };
  const jwt: CookieSerializeOptions = { ...common, path: '/', ...(jwtHasMaxAge && { maxAge: tokenSeconds }) };
  const refresh: CookieSerializeOptions = { ...common, path: '/api/sessions', maxAge: refreshSeconds };
  // A browser removes a cookie only when name, path and the other attributes are those it was set with.
  const gone = { maxAge: 0, expires: new Date(0) };

  return {
    /** `Set-Cookie` values for a new pair of tokens. */
    set: (token: string, refreshToken: string): string[] => [
      serialize(jwtName, token, jwt),
      serialize(refreshName, refreshToken, refresh),
    ],

    /** `Set-Cookie` values that remove both. */
    clear: (): string[] => [
      serialize(jwtName, '', { ...jwt, ...gone }),
      serialize(refreshName, '', { ...refresh, ...gone }),
    ],

    /** The access token in its cookie. Throws `token_invalid` where there are two: no telling whose the other is. */
    readToken: (request: CookieRequest) => readOne(request, jwtName, () => new AppError('token_invalid')),

    readRefreshToken: (request: CookieRequest) =>
      readOne(request, refreshName, () => new AppError('refresh_invalid')),

    /** Every token in the header under either name, for a sign-out that leaves none behind. */
    readAll: (headers: IncomingHttpHeaders) => ({
      tokens: valuesOf(headers, jwtName),
      refreshTokens: valuesOf(headers, refreshName),
    }),

    arePresent: (headers: IncomingHttpHeaders): boolean =>
      valuesOf(headers, jwtName).length + valuesOf(headers, refreshName).length > 0,
  };
}

const profiles: Record<
  CookieProfile,
  { attributes: CookieSerializeOptions; jwtName: string; refreshName: string; jwtHasMaxAge: boolean }
> = {
  // Without Secure, since Postman and Safari send no Secure cookie to http://localhost.
  local: { attributes: { sameSite: 'lax' }, jwtName: 'jwt', refreshName: 'jwt_refresh', jwtHasMaxAge: true },
  // The prefixes have the browser itself refuse a cookie of that name from a subdomain or over http (RFC 6265bis, section 4.1.3).
  'same-origin': {
    attributes: { secure: true, sameSite: 'strict' },
    jwtName: '__Host-jwt',
    refreshName: '__Secure-jwt_refresh',
    jwtHasMaxAge: false,
  },
  'same-site': {
    attributes: { secure: true, sameSite: 'lax' },
    jwtName: 'jwt',
    refreshName: 'jwt_refresh',
    jwtHasMaxAge: false,
  },
  'cross-site': {
    attributes: { secure: true, sameSite: 'none' },
    jwtName: 'jwt',
    refreshName: 'jwt_refresh',
    jwtHasMaxAge: true,
  },
};

function readOne(
  { headers, cookies }: CookieRequest,
  name: string,
  ambiguous: () => AppError,
): string | undefined {
  if (valuesOf(headers, name).length > 1) throw ambiguous();
  const value = cookies[name];
  return typeof value === 'string' ? value : undefined;
}

/** All values of a name, where cookie-parser keeps the first of equal names. */
function valuesOf({ cookie = '' }: IncomingHttpHeaders, name: string): string[] {
  return cookie.split(';').flatMap((pair) => parse(pair)[name] ?? []);
}
