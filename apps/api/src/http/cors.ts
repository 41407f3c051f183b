import { corsPolicy } from '@signet/contracts';
import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import { refusal } from '../errors.ts';

/**
 * Cross-origin resource sharing (Fetch, section 3.3) for an exact list of origins.
 *
 * A listed origin gets its grant on every answer; any other gets no `Access-Control-*` header at all, and its
 * preflights 403. `Vary: Origin` is on every answer, so that no cache hands one origin's grant to another.
 */
export function createCors(origins: readonly string[]): RequestHandler {
  const listed = new Set(origins);
  // The package sends Allow-Credentials to refused origins and no Vary with a refusal, so it only gets listed
  // ones.
  const grant = cors({
    origin: true,
    credentials: true,
    methods: [...corsPolicy.methods],
    allowedHeaders: [...corsPolicy.headers],
    exposedHeaders: [...corsPolicy.exposedHeaders],
    maxAge: corsPolicy.maxAgeSeconds,
  });

  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    const granted = origin !== undefined && listed.has(origin);
    if (isPreflight(request)) {
      response.vary('Access-Control-Request-Method, Access-Control-Request-Headers');
      if (!granted) throw refusal('preflight-origin');
      return grant(request, response, next);
    }
    if (!granted) return next();
    // The package takes every OPTIONS for a preflight. Given a GET, it adds the grant and passes the request
    // on.
    return grant({ method: 'GET', headers: request.headers } as Request, response, next);
  };
}

/** Fetch, section 3.3.2: OPTIONS with both of these headers; any other OPTIONS is an ordinary request. */
function isPreflight({ method, headers }: Request): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
