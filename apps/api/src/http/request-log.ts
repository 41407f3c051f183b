import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/** A request id from outside is taken only where it can do no harm in a log or a header. */
const acceptableId = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Gives every request an id (`X-Request-Id`, the caller's own if it is well formed) and every answer a line in the log.
 *
 * The line names method, path, status and time. Headers, query and body are left out altogether: that is where
 * passwords, tokens and cookies travel.
 */
export function createRequestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId(request, response) {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'ms' },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessMessage: (request, response) => `${request.method} ${pathOf(request.url)} ${response.statusCode}`,
    customErrorMessage: (request, response) => `${request.method} ${pathOf(request.url)} ${response.statusCode}`,
    serializers: {
      req: ({ raw }: { raw: { headers: { origin?: string } } }) => ({ origin: raw.headers.origin }),
      res: () => undefined,
      err: () => undefined,
    },
  });
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
