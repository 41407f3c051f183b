/** The methods that a page may send to another origin without asking first (Fetch, section 2.2.1). */
export const safelistedMethods: readonly string[] = ['GET', 'HEAD', 'POST'];

/**
 * What a listed origin may do (Fetch, section 3.3). The API answers by these lists, and nginx answers
 * preflights by its own copy of them, which a test compares.
 */
export const corsPolicy = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  headers: [
    'Authorization',
    'Content-Type',
    'X-Requested-With',
    'X-Origin',
    'X-Request-Id',
    'Accept',
    'Origin',
  ],
  exposedHeaders: [
    'Link',
    'Location',
    'Retry-After',
    'WWW-Authenticate',
    'X-Request-Id',
    'RateLimit',
    'RateLimit-Policy',
  ],
  /** How long a browser may keep the answer to a preflight. */
  maxAgeSeconds: 7200,
} as const;
