import type { Logger } from 'pino';
import type { Subscriber } from './observe.ts';

/** The longest path and origin in a line of the log. */
const maxLength = 255;

/** What browsers send as `Origin` (RFC 6454, section 7): a scheme, a host and perhaps a port, or `null`. */
const originForm = /^(null|[a-z][a-z0-9+.-]*:\/\/[^\s/?#\\]+)$/i;

/**
 * Writes one line for every answer: method, path, status, time and origin. The caller chooses all but two
 * of them.
 */
export function createRequestLog(log: Logger): Subscriber {
  return ({ request_id, caller_request_id, origin, ms, method, path, status }) => {
    const line = { request_id, caller_request_id, origin: originIn(origin), ms: Math.round(ms) };
    log[status >= 500 ? 'warn' : 'info'](line, `${method} ${begin(path)} ${status}`);
  };
}

function originIn(header: string | undefined): string | undefined {
  if (header === undefined || originForm.test(header)) return header && begin(header);
  return '(not an origin)';
}

function begin(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
