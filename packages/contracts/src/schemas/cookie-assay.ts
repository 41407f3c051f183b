import { z } from 'zod';

/**
 * The cookies of the assay, each named after the attribute in which it differs. `none`, `host-prefix-insecure` and
 * `too-long` are against RFC 6265bis, so browsers drop them; `deep-path` belongs to another path. `own` has the
 * attributes of the session's cookies; `own-token` and `own-refresh` have their names, on the path of the assay alone.
 */
export const AssayCookie = z.enum([
  'lax',
  'strict',
  'unspecified',
  'none-secure',
  'none',
  'lax-secure',
  'host-prefix',
  'host-prefix-insecure',
  'deep-path',
  'partitioned',
  'domain',
  'too-long',
  'expires',
  'max-age',
  'own',
  'own-token',
  'own-refresh',
]);
export type AssayCookie = z.infer<typeof AssayCookie>;

/** What came of the cookies of the assay: names and numbers, and no value. */
export const CookieAssay = z.strictObject({
  /** What the assay sets in this deployment. */
  set: z.array(AssayCookie),
  came: z.array(AssayCookie),
  /** The browser's word on page and API (Fetch Metadata Request Headers); absent for other callers. */
  site: z.enum(['same-origin', 'same-site', 'cross-site', 'none']).optional(),
  /** The cookies of the session, as this deployment sets them. */
  own: z.strictObject({
    token_name: z.string(),
    refresh_name: z.string(),
    same_site: z.enum(['lax', 'strict', 'none']),
    secure: z.boolean(),
  }),
  /** How many access cookies came; two of one name are two cookies. */
  tokens: z.int().nonnegative(),
});
export type CookieAssay = z.infer<typeof CookieAssay>;
