import {
  type DetailedCode,
  type Issue,
  type ProblemCode,
  problems,
  type RefusalRule,
  type RuledCode,
  refusalRules,
} from '@signet/contracts';

/** How much of a limit is left; sent to the caller as RateLimit header fields. */
export type Quota = {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
};

type AppErrorOptions = ErrorOptions & {
  readonly issues?: readonly Issue[];
  /** After this time the same request may succeed. */
  readonly retryAfterSeconds?: number;
  /** The limit that was reached. */
  readonly quota?: Quota;
  /** The methods that the path has. */
  readonly allow?: readonly string[];
  readonly facts?: RefusalFacts;
};

/** The codes that have no rules. Refusals with rules are made by `refusal`. */
type FreeCode = Exclude<ProblemCode, RuledCode>;

/** What the audit log learns of a refusal beside its code. Never sent to the caller. */
export type RefusalFacts = {
  readonly user_id?: number;
  readonly detail?: Readonly<Record<string, string | number>>;
};

/**
 * A request that ends in a known problem. The code decides the status, in the table of the contracts, and the
 * detail where the table has one; a message given here is sent to the caller, so it must hold nothing secret.
 * Knows no HTTP.
 */
export class AppError extends Error {
  override name = 'AppError' as const;
  readonly code: ProblemCode;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly quota: Quota | undefined;
  readonly allow: readonly string[] | undefined;
  /** Set where more is known than where the error was thrown. */
  facts: RefusalFacts | undefined;
  /**
   * The rule that refused, for the trace. Never sent to the caller, because a forger could use it as a guide.
   */
  readonly rule: RefusalRule | undefined;

  constructor(code: DetailedCode & FreeCode, options?: AppErrorOptions);
  constructor(code: FreeCode, message: string, options?: AppErrorOptions);
  constructor(code: ProblemCode, message: string, options: AppErrorOptions & { rule: RefusalRule });
  constructor(
    code: ProblemCode,
    given: string | AppErrorOptions = {},
    more: AppErrorOptions & { rule?: RefusalRule } = {},
  ) {
    const [message, all] = typeof given === 'string' ? [given, more] : [detailOf(code), given];
    const { issues, retryAfterSeconds, quota, allow, facts, rule, ...options }: typeof more = all;
    super(message, options);
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
    this.quota = quota;
    this.allow = allow;
    this.facts = facts;
    this.rule = rule;
  }
}

/** The refusal of a token, a cookie, an origin, a host or a refresh by this rule, which decides its code. */
export function refusal(rule: RefusalRule, options: AppErrorOptions = {}): AppError {
  const row = refusalRules[rule];
  return new AppError(row.code, 'detail' in row ? row.detail : detailOf(row.code), { ...options, rule });
}

function detailOf(code: ProblemCode): string {
  const problem = problems[code];
  return 'detail' in problem ? problem.detail : problem.title;
}

/**
 * The code that the system, a database or its driver gives an error (`ENOENT`, `23505`), where there is one.
 */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
