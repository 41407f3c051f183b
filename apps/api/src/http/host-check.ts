import { createHostCheck, endpoints } from '@signet/contracts';
import type { Request, RequestHandler } from 'express';
import { AppError, refusal } from '../errors.ts';
import { countOf } from './raw-headers.ts';
import { remember } from './remember.ts';

/** The paths that answer under every host name, with and without a trailing slash. */
const exempt = new Set(
  Object.values(endpoints).flatMap((endpoint) =>
    'anyHost' in endpoint ? [endpoint.path, `${endpoint.path}/`] : [],
  ),
);

/**
 * Refuses requests for a host whose name is not on the list (421, RFC 9110, section 15.5.20). `localhost` and
 * IP addresses need not be listed; `createHostCheck` says why.
 *
 * Behind a trusted proxy the host is the one that the proxy names. HTTP/1.0 requests may come without a Host;
 * no browser sends them. Throws `host_unknown`, and `invalid_request` where the host is missing or ambiguous.
 */
export function createHostGuard(hosts: readonly string[]): RequestHandler {
  const isAllowed = remember(createHostCheck(hosts));

  return (request, _response, next) => {
    refuseUnclearHost(request);
    // Express asks for the trust in the proxy first, also where no proxy names a host.
    const isForwarded = request.headers['x-forwarded-host'] !== undefined;
    const host = isForwarded ? request.host : request.headers.host || undefined;
    if (host !== undefined && !isAllowed(host) && !exempt.has(request.path)) throw refusal('host-name');
    next();
  };
}

/**
 * RFC 9112, section 3.2: exactly one Host. Node keeps the first of several, and a proxy may have
 * read another.
 */
function refuseUnclearHost({ rawHeaders, httpVersionMajor, httpVersionMinor, hasUnclearTarget }: Request) {
  const given = countOf(rawHeaders, 'host');
  const needsHost = httpVersionMajor === 1 && httpVersionMinor === 1;
  if (hasUnclearTarget || given > 1 || (given === 0 && needsHost))
    throw new AppError('invalid_request', 'The request does not name exactly one host');
}
