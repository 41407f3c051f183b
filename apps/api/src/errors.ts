import type { Issue, ProblemCode } from '@signet/contracts';

/** How much of a limit is left, for whoever tells the caller. */
export type Quota = {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
};

type AppErrorOptions = ErrorOptions & {
  readonly issues?: readonly Issue[];
  /** When it makes sense to try again. */
  readonly retryAfterSeconds?: number;
  /** The limit that was reached. */
  readonly quota?: Quota;
  /** The methods that would have been taken. */
  readonly allow?: readonly string[];
};

/**
 * A request that ends in a known problem. The message is for the caller, so it never holds anything secret; the
 * code decides the status, in the table of the contracts. Knows no HTTP.
 */
export class AppError extends Error {
  override name = 'AppError' as const;
  readonly code: ProblemCode;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly quota: Quota | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    { issues, retryAfterSeconds, quota, allow, ...options }: AppErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
    this.quota = quota;
    this.allow = allow;
  }
}
