/** The names and attributes of the two cookies, which depend on where the page and the API are. */
export type CookiePolicy = {
  readonly tokenName: string;
  readonly refreshName: string;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly secure: boolean;
};

export const cookiePolicy = {
  // Without Secure, because Postman and Safari send no Secure cookie to http://localhost.
  local: {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    sameSite: 'lax',
    secure: false,
  },
  // The prefixes make the browser refuse such a cookie from a subdomain or over http (RFC 6265bis, section 4.1.3).
  'same-origin': {
    tokenName: '__Host-jwt',
    refreshName: '__Secure-jwt_refresh',
    sameSite: 'strict',
    secure: true,
  },
  'same-site': {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    sameSite: 'lax',
    secure: true,
  },
  'cross-site': {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    sameSite: 'none',
    secure: true,
  },
} as const satisfies Record<string, CookiePolicy>;

export type CookieProfile = keyof typeof cookiePolicy;

export const cookieProfiles = Object.keys(cookiePolicy) as CookieProfile[];

/** Every endpoint reads the token; only those below `refresh` read the refresh token. */
export const cookiePaths = { token: '/', refresh: '/api/sessions' } as const;
