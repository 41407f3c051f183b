import type { RequestHandler } from 'express';
import { addHeader } from './head.ts';

/**
 * Headers of every answer that restrict what browsers do with it. The API's own pages need a style and
 * nothing else.
 */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  addHeader(response, 'X-Content-Type-Options', 'nosniff');
  addHeader(
    response,
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  // A foreign page must not embed an image by the user's cookie and learn from it whether they are signed in
  // (Fetch, section 3.7). Our own page asks with CORS, to which this header does not apply.
  addHeader(response, 'Cross-Origin-Resource-Policy', 'same-origin');
  addHeader(response, 'Referrer-Policy', 'no-referrer');
  next();
};
