import type { RequestHandler } from 'express';

type Observe = (labels: { method: string; route: string; status: number }, seconds: number) => void;

/** What stands for the status of an answer that its caller did not wait for, as in nginx's log. */
const abandoned = 499;

/** Measures every request from its head to the end of its answer. */
export function createRequestMetrics(observe: Observe): RequestHandler {
  return (request, response, next) => {
    const begin = process.hrtime.bigint();
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
      // The path as the contract has it: as it was sent, everybody could make a new one each time.
      const route: unknown = request.route?.path;
      const status = response.writableFinished ? response.statusCode : abandoned;
      observe(
        {
          method: knownMethods.has(request.method) ? request.method : 'other',
          route: typeof route === 'string' ? route : 'none',
          status,
        },
        seconds,
      );
    });
    next();
  };
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
