import type { Request } from 'express';
import type { RequestSource } from './call.ts';
import { forwardedAddress } from './forwarded-address.ts';

/** Reads where a request comes from; `ip` is null where no part of it is an address. */
export function sourceOf(request: Request): RequestSource {
  return {
    ip: forwardedAddress(request.ip) ?? forwardedAddress(request.socket.remoteAddress) ?? null,
    user_agent: readUserAgent(request.headers['user-agent']),
    request_id: String(request.id),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * At most 255 code points, which is what the columns hold; null without the header. Node reads header values
 * as Latin-1, so a value whose bytes are valid UTF-8 is decoded again (RFC 9110, section 5.5: UTF-8 is
 * obs-text). Control characters are replaced, because administrators read this text in terminals as well.
 */
function readUserAgent(value: string | undefined): string | null {
  if (value === undefined) return null;
  const readable = decode(Buffer.from(value, 'latin1')).replace(/\p{Cc}/gu, '\ufffd');
  return Array.from(readable).slice(0, 255).join('');
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
