import type { Problem } from './schemas/problem.ts';

/** The API answered with a problem. */
export class ApiError extends Error {
  override name = 'ApiError' as const;
  readonly problem: Problem;
  /** Seconds to wait before another attempt, from `Retry-After`; undefined if the API did not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * No answer arrived, or the browser withheld it: the API is down, the connection broke, or CORS refused
 * the page. Script cannot tell these apart.
 */
export class NetworkError extends Error {
  override name = 'NetworkError' as const;
}

/** The answer is not one of the contract: it is a proxy's HTML page, or another service uses the port. */
export class UnexpectedAnswerError extends Error {
  override name = 'UnexpectedAnswerError' as const;
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`The answer (status ${status}) is not one that the API gives`, options);
    this.status = status;
  }
}
