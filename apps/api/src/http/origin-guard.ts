import type { Request } from 'express';
import { refusal } from '../errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a page of a foreign origin makes a browser send (cross-site request forgery).
 *
 * It checks unsafe methods that come with one of our cookies, and endpoints that are marked as guarded.
 * `Origin` decides if it is present, otherwise `Sec-Fetch-Site`. A request with neither does not come from a
 * browser, so no browser adds a user's cookies to it.
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
    if (!guarded && (safeMethods.has(request.method) || !hasSessionCookie(request))) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined) {
      // A page cannot change the Host header that its browser sends, and the host check has let only the
      // API's own names pass, so an equal origin is a page of the API itself.
      if (listed.has(origin) || origin === `${request.protocol}://${request.host}`) return;
      throw refusal('origin-unlisted');
    }
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refusal('fetch-site');
  };
}
