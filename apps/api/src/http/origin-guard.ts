import type { Request } from 'express';
import { AppError } from '../errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of a foreign origin makes a browser send (cross-site request forgery).
 *
 * It looks at unsafe methods that come with one of our cookies, and at endpoints that make a session. `Origin`
 * decides where it is present; else `Sec-Fetch-Site` does; a request with neither is not a browser's, and no
 * browser's user is behind it to be tricked.
 */
export function createOriginGuard({
  origins,
  hasSessionCookie,
}: {
  origins: readonly string[];
  hasSessionCookie: (request: Request) => boolean;
}) {
  const listed = new Set(origins);

  return function guardOrigin(request: Request, guarded: boolean): void {
    if (safeMethods.has(request.method)) return;
    if (!guarded && !hasSessionCookie(request)) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined) {
      // A browser's Host header is the host it really talks to, so this is the page that the API itself served.
      if (listed.has(origin) || origin === `${request.protocol}://${request.host}`) return;
    } else if (site === undefined || site === 'same-origin' || site === 'none') return;
    throw new AppError('origin_refused', 'The request comes from a page whose origin is not on the list');
  };
}
