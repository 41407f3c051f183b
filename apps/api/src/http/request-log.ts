import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

declare module 'node:http' {
  interface IncomingMessage {
    /** What the caller, the log and every problem know this request by. */
    id: string;
  }
}

/** A request id from outside is taken only where it can do no harm in a log or a header. */
const acceptableId = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Gives every request an id (`X-Request-Id`, the caller's own if it is well formed) and every answer a line in the log.
 *
 * The line names method, path, status, time and origin. Query, body and the other headers are left out altogether: that
 * is where passwords, tokens and cookies travel.
 */
export function createRequestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const begin = performance.now();
    const given = request.headers['x-request-id'];
    request.id = typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', request.id);
    // An answer is closed once, also where its caller did not wait for the end of it.
    response.once('close', () => {
      const { statusCode } = response;
      const line = {
        request_id: request.id,
        origin: request.headers.origin,
        ms: Math.round(performance.now() - begin),
      };
      log[statusCode >= 500 ? 'warn' : 'info'](
        line,
        `${request.method} ${pathOf(request.originalUrl)} ${statusCode}`,
      );
    });
    next();
  };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
