import { randomUUID } from 'node:crypto';
import type { ProblemCode } from '@signet/contracts';
import type { RequestHandler } from 'express';

/** What is asked about a request before its handler runs, in this order. */
export type Step = 'origin' | 'authentication' | 'role';

/** `failed`: the step came to no judgement, because the database was away, for example. */
export type Outcome = 'granted' | 'failed' | ProblemCode;

export type Decision = { readonly step: Step; readonly outcome: Outcome };

/**
 * One request, once its answer is closed.
 *
 * It has no query, no body and no header but `Origin`: passwords, tokens and cookies travel in those.
 */
export type RequestRecord = {
  readonly request_id: string;
  /** As it was sent: a caller can invent methods and paths, so neither may become the label of a metric. */
  readonly method: string;
  /** The path as the contract has it; undefined where no endpoint has this path. */
  readonly route: string | undefined;
  readonly path: string;
  /** 499, as in nginx's log, where the caller did not wait for the end of the answer. */
  readonly status: number;
  readonly ms: number;
  readonly origin: string | undefined;
  readonly decisions: readonly Decision[];
};

export type Subscriber = (record: RequestRecord) => void;

declare module 'node:http' {
  interface IncomingMessage {
    /** The name of this request for the caller, in the log and in every problem. */
    id: string;
    decisions: Decision[];
  }
}

/**
 * An id from the caller is accepted only in this form, because it is written to the log and into a header.
 */
const acceptableId = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Gives every request an id (`X-Request-Id`; the caller's own if it is well formed) and, once its answer is
 * closed, hands one record of it to each subscriber.
 */
export function createObserver(subscribers: readonly Subscriber[]): RequestHandler {
  return (request, response, next) => {
    const begin = performance.now();
    const given = request.headers['x-request-id'];
    request.id = typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
    request.decisions = [];
    response.setHeader('X-Request-Id', request.id);
    // `finish` would miss the answers whose caller left before the end.
    response.once('close', () => {
      const route: unknown = request.route?.path;
      const record = {
        request_id: request.id,
        method: request.method,
        route: typeof route === 'string' ? route : undefined,
        path: request.originalUrl.split('?', 1)[0] ?? '',
        status: response.writableFinished ? response.statusCode : 499,
        ms: performance.now() - begin,
        origin: request.headers.origin,
        decisions: request.decisions,
      };
      for (const subscriber of subscribers) subscriber(record);
    });
    next();
  };
}
