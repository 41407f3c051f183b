/** The names and attributes of the cookies, which depend on where the page and the API are. */
export type CookiePolicy = {
  readonly tokenName: string;
  readonly refreshName: string;
  readonly deviceName: string;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly secure: boolean;
};

export const cookiePolicy = {
  // Without Secure, because Postman and Safari send no Secure cookie to http://localhost.
  local: {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    deviceName: 'signet_device',
    sameSite: 'lax',
    secure: false,
  },
  // The prefixes make the browser refuse such a cookie from a subdomain or over http (RFC 6265bis,
  // section 4.1.3).
  'same-origin': {
    tokenName: '__Host-jwt',
    refreshName: '__Secure-jwt_refresh',
    deviceName: '__Secure-signet_device',
    sameSite: 'strict',
    secure: true,
  },
  'same-site': {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    deviceName: 'signet_device',
    sameSite: 'lax',
    secure: true,
  },
  'cross-site': {
    tokenName: 'jwt',
    refreshName: 'jwt_refresh',
    deviceName: 'signet_device',
    sameSite: 'none',
    secure: true,
  },
} as const satisfies Record<string, CookiePolicy>;

export type CookieProfile = keyof typeof cookiePolicy;

export const cookieProfiles = Object.keys(cookiePolicy) as CookieProfile[];

/**
 * Every endpoint reads the token; only those below `refresh` read the refresh token; only the sign-in reads
 * which users have signed in on this device.
 */
export const cookiePaths = {
  token: '/',
  refresh: '/api/sessions',
  device: '/api/users/authenticate',
} as const;
