import { randomBytes } from 'node:crypto';
import {
  type AssayCookie,
  type CookiePolicy,
  type CookieProfile,
  cookiePolicy,
  endpoints,
} from '@signet/contracts';
import { type CookieSerializeOptions, serialize } from 'cookie';

/** Long enough for the answer to come back, and gone soon after. */
const lifetimeSeconds = 60;

/** The path of the assay alone, so that no other call carries its cookies. */
const { path } = endpoints.readCookieAssay;

/** All values begin with this, so that a cookie of the session is told from one of the assay with its name. */
export const valueStart = 'assay-';

type Row = { readonly kind: AssayCookie; readonly name: string; readonly line: string };

/**
 * The cookies of the assay. `host` is where it was called: the value of Domain, if it can be one. `now` is in
 * milliseconds since 1970.
 */
export function assayCookies(profile: CookieProfile, { host, now }: { host: string; now: number }): Row[] {
  const { sameSite, secure, tokenName, refreshName }: CookiePolicy = cookiePolicy[profile];
  const lax = { sameSite: 'lax' } as const;
  const whole = { ...lax, path: '/' };
  const own = { sameSite, secure };
  const crossSite = { sameSite: 'none', secure: true } as const;
  const expires = new Date(now + lifetimeSeconds * 1000);
  // A name with a prefix needs Secure, so no Secure cookie can be in its way.
  const canBeBlocked = !tokenName.startsWith('__');
  return [
    cookie('lax', lax),
    cookie('strict', { sameSite: 'strict' }),
    cookie('unspecified', {}),
    cookie('none-secure', crossSite),
    cookie('none', { sameSite: 'none' }),
    cookie('lax-secure', { ...lax, secure: true }),
    cookie('host-prefix', { ...whole, secure: true }, '__Host-signet-assay'),
    cookie('host-prefix-insecure', whole, '__Host-signet-assay-insecure'),
    cookie('deep-path', { ...lax, path: '/api/doctor/deep' }),
    cookie('partitioned', { ...crossSite, partitioned: true }),
    ...(/^[a-z0-9.-]+$/i.test(host) ? [cookie('domain', { ...lax, domain: host })] : []),
    cookie('too-long', lax),
    cookie('expires', { ...lax, expires }),
    cookie('max-age', lax),
    cookie('own', own),
    ...(canBeBlocked ? [cookie('own-token', own, tokenName), cookie('own-refresh', own, refreshName)] : []),
  ];
}

function cookie(
  kind: AssayCookie,
  { expires, ...attributes }: CookieSerializeOptions,
  name = `signet-assay-${kind}`,
): Row {
  const value = `${valueStart}${randomBytes(8).toString('hex')}`;
  // Name and value together may have 4096 bytes (RFC 6265bis, section 5.7).
  const length = kind === 'too-long' ? 4097 - name.length : 0;
  // Max-Age would win over Expires.
  const life = expires ? { expires } : { maxAge: lifetimeSeconds };
  return {
    kind,
    name,
    line: serialize(name, value.padEnd(length, 'x'), { path, httpOnly: true, ...life, ...attributes }),
  };
}
