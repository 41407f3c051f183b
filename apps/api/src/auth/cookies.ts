import type { IncomingHttpHeaders } from 'node:http';
import { type CookiePolicy, type CookieProfile, cookiePaths, cookiePolicy } from '@signet/contracts';
import { type CookieSerializeOptions, parse, serialize } from 'cookie';
import { refusal } from '../errors.ts';

/** Browsers keep no cookie for longer than 400 days (RFC 6265bis, section 5.5). */
const deviceSeconds = 400 * 24 * 60 * 60;

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
 * The cookies of the cookie flow, as the profile has them: `jwt` with the access token for every path,
 * `jwt_refresh` for the session endpoints alone, and `signet_device` for the sign-in alone. All HttpOnly, so
 * that no script reads them (RFC 6265bis, section 5.6.6).
 */
export function createCookies({ profile, partitioned, tokenSeconds, refreshSeconds }: CookieOptions) {
  const { tokenName, refreshName, deviceName, sameSite, secure }: CookiePolicy = cookiePolicy[profile];
  const common: CookieSerializeOptions = {
    sameSite,
    secure,
    httpOnly: true,
    ...(profile === 'cross-site' && partitioned && { partitioned }),
  };
  const jwt: CookieSerializeOptions = {
    ...common,
    path: cookiePaths.token,
    maxAge: tokenSeconds,
  };
  const refresh: CookieSerializeOptions = { ...common, path: cookiePaths.refresh, maxAge: refreshSeconds };
  const device: CookieSerializeOptions = { ...common, path: cookiePaths.device, maxAge: deviceSeconds };
  // A browser removes a cookie only when name, path and the other attributes are those it was set with.
  const gone = { maxAge: 0, expires: new Date(0) };

  return {
    /** `Set-Cookie` values for a new pair of tokens. */
    set: (token: string, refreshToken: string): string[] => [
      serialize(tokenName, token, jwt),
      serialize(refreshName, refreshToken, refresh),
    ],

    /**
     * The `Set-Cookie` value by which a browser is recognised at the next sign-in. A sign-out does not
     * remove it.
     */
    setDevice: (value: string): string => serialize(deviceName, value, device),

    readDevices: (headers: IncomingHttpHeaders): string[] => valuesOf(headers, deviceName),

    /** `Set-Cookie` values that remove both. */
    clear: (): string[] => [
      serialize(tokenName, '', { ...jwt, ...gone }),
      serialize(refreshName, '', { ...refresh, ...gone }),
    ],

    /**
     * The access token in its cookie. Throws `cookies_ambiguous` if there are
     * two, because either may be an attacker's.
     */
    readToken({ headers, cookies }: CookieRequest): string | undefined {
      if (valuesOf(headers, tokenName).length > 1) throw refusal('two-cookies');
      const value = cookies[tokenName];
      return typeof value === 'string' ? value : undefined;
    },

    /** Every token in the header under either name. */
    readAll: (headers: IncomingHttpHeaders) => ({
      tokens: valuesOf(headers, tokenName),
      refreshTokens: valuesOf(headers, refreshName),
    }),

    arePresent: (headers: IncomingHttpHeaders): boolean =>
      valuesOf(headers, tokenName).length + valuesOf(headers, refreshName).length > 0,
  };
}

/** All values of a name, where cookie-parser keeps the first of equal names. */
function valuesOf({ cookie = '' }: IncomingHttpHeaders, name: string): string[] {
  return cookie.split(';').flatMap((pair) => parse(pair)[name] ?? []);
}
