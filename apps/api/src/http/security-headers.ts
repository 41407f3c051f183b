import type { RequestHandler } from 'express';

/** What browsers are told of every answer. The API's own pages need a style and nothing else. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  response.setHeader('Referrer-Policy', 'no-referrer');
  next();
};
