import { isIP } from 'node:net';
import type { Request } from 'express';
import type { RequestSource } from './call.ts';

/** Reads where a request comes from; `ip` is null where no part of it is an address. */
export function sourceOf(request: Request): RequestSource {
  return {
    ip: addressIn(request.ip) ?? addressIn(request.socket.remoteAddress) ?? null,
    user_agent: request.headers['user-agent']?.slice(0, 255) ?? null,
    request_id: String(request.id),
  };
}

/** A proxy may write any text. An IPv6 zone (`%eth0`) means nothing on another machine and has no maximum length. */
function addressIn(text = ''): string | undefined {
  const [address = ''] = text.split('%', 1);
  return isIP(address) ? address : undefined;
}
