import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * The IP address in what a proxy wrote about its client: `192.0.2.43`, `192.0.2.43:47011`,
 * `[2001:db8::17]:47011`, each also in double quotes (RFC 7239, section 6), or an IPv6 address without
 * brackets. Undefined for anything else. An IPv6 zone (`%eth0`) is left out, because it means nothing
 * on another machine and has no maximum length.
 */
export function forwardedAddress(node = ''): string | undefined {
  const plain = /^"(.*)"$/.exec(node)?.[1] ?? node;
  const { bracketed, ipv4 } = nodeAndPort.exec(plain)?.groups ?? {};
  const [address = ''] = (bracketed ?? ipv4 ?? plain).split('%', 1);
  return isIP(address) ? address : undefined;
}

/** A port is digits, or an obfuscated name that begins with `_`. */
const nodeAndPort = /^(?:\[(?<bracketed>[^\]]+)\]|(?<ipv4>[\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/**
 * Warns once if a trusted proxy forwards no address of its client (`unknown`, say). Such clients are all
 * counted under the proxy's own address, so that ten failed sign-ins of one of them delay the others; an
 * operator must learn of it.
 */
export function createForwardedCheck(log: Pick<Logger, 'warn'>): RequestHandler {
  let hasWarned = false;
  return (request, _response, next) => {
    if (!hasWarned && forwardedAddress(request.ip) === undefined) {
      hasWarned = true;
      log.warn(
        'X-Forwarded-For holds something that is not an address. Such clients share the limits of the ' +
          "proxy's own address. Have the proxy write its client's address, or correct TRUST_PROXY.",
      );
    }
    next();
  };
}
