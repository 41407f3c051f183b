import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { corsPolicy } from '@signet/contracts';
import cors from 'cors';
import type { Request, RequestHandler, Response } from 'express';
import { refusal } from '../errors.ts';
import { addHeader } from './head.ts';

/**
 * Cross-origin resource sharing (Fetch, section 3.3) for an exact list of origins.
 *
 * A listed origin gets its grant on every answer; any other gets no `Access-Control-*` header at all, and its
 * preflights 403. `Vary: Origin` is on every answer, so that no cache hands one origin's grant to another.
 */
export function createCors(origins: readonly string[]): RequestHandler {
  // The package sends Allow-Credentials to refused origins and no Vary with a refusal, so it only gets
  // listed ones.
  const grant = cors({
    origin: true,
    credentials: true,
    methods: [...corsPolicy.methods],
    allowedHeaders: [...corsPolicy.headers],
    exposedHeaders: [...corsPolicy.exposedHeaders],
    maxAge: corsPolicy.maxAgeSeconds,
  });

  // What the package grants depends on the origin alone, so it is asked once for each.
  const grants = new Map(origins.map((origin) => [origin, headersOf(grant, origin)]));

  return (request, response, next) => {
    // No step before this one sets it; `response.vary` would look for earlier values.
    addHeader(response, 'Vary', 'Origin');
    const { origin } = request.headers;
    const granted = origin === undefined ? undefined : grants.get(origin);
    if (isPreflight(request)) {
      response.vary('Access-Control-Request-Method, Access-Control-Request-Headers');
      if (!granted) throw refusal('preflight-origin');
      return grant(request, response, next);
    }
    if (granted) for (const [name, value] of granted) addHeader(response, name, value);
    next();
  };
}

/**
 * The headers of the package's grant, without `Vary`. It takes every OPTIONS for a preflight, so it gets
 * a GET.
 */
function headersOf(grant: ReturnType<typeof cors>, origin: string): readonly (readonly [string, string])[] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  grant({ method: 'GET', headers: { origin } } as Request, response as Response, () => {});
  response.removeHeader('Vary');
  return response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]);
}

/** Fetch, section 3.3.2: OPTIONS with both of these headers; any other OPTIONS is an ordinary request. */
function isPreflight({ method, headers }: Request): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
