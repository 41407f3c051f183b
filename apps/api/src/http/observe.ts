import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ProblemCode, RefusalRule } from '@signet/contracts';
import type { Request, RequestHandler, Response } from 'express';
import { addHeader } from './head.ts';

/** What is asked about a request before its handler runs, in this order. */
export type Step = 'origin' | 'authentication' | 'role';

/** `failed`: the step came to no judgement, because the database was away, for example. */
export type Outcome = 'granted' | 'failed' | ProblemCode;

/** `ms`: milliseconds from the head of the request to the decision. */
export type Decision = { readonly step: Step; readonly outcome: Outcome; readonly ms: number };

/**
 * One request, once its answer is closed.
 *
 * It has no query, no body and no header but `Origin`: passwords, tokens and cookies travel in those.
 */
export type RequestRecord = {
  readonly request_id: string;
  /** The id that the caller sent, where it is well formed and did not become the request's own. */
  readonly caller_request_id: string | undefined;
  /**
   * As it was sent: a caller can invent methods and paths, so neither may become the label of a metric. Both
   * are `-` where the head of the request could not be read.
   */
  readonly method: string;
  /** The path as the contract has it; undefined where no endpoint has this path. */
  readonly route: string | undefined;
  readonly path: string;
  /** 499, as in nginx's log, where the caller did not wait for the end of the answer. */
  readonly status: number;
  /** Milliseconds from the head of the request to the end of the answer. */
  readonly ms: number;
  readonly origin: string | undefined;
  readonly decisions: readonly Decision[];
  /** The problem that was the answer, and the rule that refused, where there is one. */
  readonly problem: RecordedProblem | undefined;
};

export type RecordedProblem = { readonly code: ProblemCode; readonly rule: RefusalRule | undefined };

/** A subscriber takes facts and names from the exchange, and never a value that the caller sent. */
export type Subscriber = (record: RequestRecord, exchange?: Exchanged) => void;

type Exchanged = { readonly request: Request; readonly response: Response };

declare module 'node:http' {
  interface IncomingMessage {
    /** The name of this request for the caller, in the log and in every problem. */
    id: string;
    /** When its head had arrived, by `performance.now()`. */
    begin: number;
    decisions: Decision[];
    /** Set by the error handler. */
    problem?: RecordedProblem;
    /** The status of the answer that `answerClientError` gave while a handler still waited for the body. */
    brokenWith?: number;
  }
}

/** An id from outside is accepted only in this form, because it is written to the log and into a header. */
const acceptableId = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * Gives every request an id (`X-Request-Id`) and, once its answer is closed, hands one record of it to
 * each subscriber.
 *
 * Only a trusted proxy may choose the id. A caller could otherwise choose the id of another user's request,
 * and the two would look like one in the log and in the audit log.
 */
export function createObserver(
  subscribers: readonly Subscriber[],
  { trustsProxy }: { trustsProxy: boolean },
): RequestHandler {
  return (request, response, next) => {
    request.begin = performance.now();
    const given = request.headers['x-request-id'];
    const acceptable = typeof given === 'string' && acceptableId.test(given) ? given : undefined;
    request.id = (trustsProxy ? acceptable : undefined) ?? randomUUID();
    request.decisions = [];
    addHeader(response, 'X-Request-Id', request.id);
    // `finish` would miss the answers whose caller left before the end.
    response.on('close', () => {
      const route: unknown = request.route?.path;
      const record = {
        request_id: request.id,
        caller_request_id: trustsProxy ? undefined : acceptable,
        method: request.method,
        route: typeof route === 'string' ? route : undefined,
        path: pathIn(request.originalUrl),
        status: request.brokenWith ?? (response.writableFinished ? response.statusCode : 499),
        ms: performance.now() - request.begin,
        origin: request.headers.origin,
        decisions: request.decisions,
        problem: request.problem,
      };
      const exchange = { request, response };
      for (const subscriber of subscribers) subscriber(record, exchange);
    });
    next();
  };
}

function pathIn(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Notes what a step decided about the request, and when. */
export function recordDecision({ decisions, begin }: IncomingMessage, step: Step, outcome: Outcome): void {
  decisions.push({ step, outcome, ms: performance.now() - begin });
}
