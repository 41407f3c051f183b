import type { Request } from 'express';
import type { RequestSource } from './call.ts';
import { forwardedAddress } from './forwarded-address.ts';
import { remember } from './remember.ts';

/** Reads where a request comes from; `ip` is null where no part of it is an address. */
export function sourceOf(request: Request): RequestSource {
  const { 'user-agent': agent, 'x-forwarded-for': forwarded } = request.headers;
  const { remoteAddress = '' } = request.socket;
  // Express makes a list of addresses and asks for the trust in each, also where no proxy names one.
  const ip = forwarded === undefined ? remoteAddress : request.ip;
  return {
    // Read at once, because a socket has no address any more when its caller has left.
    ip: readAddress(ip ?? '') ?? readAddress(remoteAddress) ?? null,
    user_agent: agent === undefined ? null : readUserAgent(agent),
    request_id: request.id,
  };
}

const readAddress = remember(forwardedAddress);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * At most 255 code points, which is what the columns hold. Node reads header values
 * as Latin-1, so a value whose bytes are valid UTF-8 is decoded again (RFC 9110, section 5.5: UTF-8 is
 * obs-text). Control characters are replaced, because administrators read this text in terminals as well.
 */
const readUserAgent = remember((value: string): string => {
  const readable = decode(Buffer.from(value, 'latin1')).replace(/\p{Cc}/gu, '\ufffd');
  return Array.from(readable).slice(0, 255).join('');
});

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
