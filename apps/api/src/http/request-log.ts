import type { Logger } from 'pino';
import type { Subscriber } from './observe.ts';

/** Writes one line for every answer: method, path, status, time and origin. */
export function createRequestLog(log: Logger): Subscriber {
  return ({ request_id, caller_request_id, origin, ms, method, path, status }) => {
    const line = { request_id, caller_request_id, origin, ms: Math.round(ms) };
    log[status >= 500 ? 'warn' : 'info'](line, `${method} ${path} ${status}`);
  };
}
