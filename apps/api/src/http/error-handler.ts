import { endpoints, type Problem, type ProblemCode, pathOf, problems } from '@signet/contracts';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { AppError, type Quota } from '../errors.ts';

/**
 * Answers a request that failed with one problem (RFC 9457). For a 5xx it also logs one line with the cause.
 */
export function createErrorHandler({
  log,
  isUnavailable,
  onProblem,
  onRefusal,
}: {
  log: Logger;
  isUnavailable: (error: unknown) => boolean;
  onProblem: (code: ProblemCode) => void;
  /** Called before a refusal is sent, which waits for it. Must not reject. */
  onRefusal: (request: Request, refusal: AppError) => Promise<void>;
}): ErrorRequestHandler {
  return async (error: unknown, request, response, _next) => {
    const failure = toAppError(error, isUnavailable);
    onProblem(failure.code);
    request.problem = { code: failure.code, rule: failure.rule };
    const request_id = String(request.id);
    if (problems[failure.code].status >= 500) logFailure(log, error, { request_id, code: failure.code });
    if (response.headersSent) return void response.destroy();
    if (problems[failure.code].status < 500) await onRefusal(request, failure);
    // A handler may have set these before the failure; the problem must not carry them.
    for (const name of ['Set-Cookie', 'Location', 'Link', 'ETag', 'Content-Disposition'])
      response.removeHeader(name);
    setHeaders(response, failure);
    response
      .status(problems[failure.code].status)
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(failure, request_id)));
  };
}

/**
 * A refusal that we chose (overloaded, no room) has nothing to explain: without a stack, a flood cannot fill
 * the log.
 */
function logFailure(log: Logger, error: unknown, { request_id, code }: { request_id: string; code: string }) {
  if (error instanceof AppError && error.cause === undefined)
    log.warn({ request_id, detail: error.message }, code);
  else log.error({ err: error, request_id }, code);
}

/** RateLimit header fields (draft-ietf-httpapi-ratelimit-headers-10). */
export function setQuota(
  response: Response,
  { name, limit, windowSeconds, remaining, resetSeconds }: Quota,
): void {
  response.setHeader('RateLimit-Policy', `"${name}";q=${limit};w=${windowSeconds}`);
  response.setHeader('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
}

/** What the caller is told. The log is given the error itself. */
function toAppError(error: unknown, isUnavailable: (error: unknown) => boolean): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error))
    return new AppError('not_ready', 'The database does not answer at the moment', {
      retryAfterSeconds: 2,
    });
  // Express and its parsers throw errors with a 4xx status for a bad request. Their text may quote it, so
  // ours replaces it.
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  if (status === 413) return new AppError('body_too_large', 'The body is too large');
  if (status === 415)
    return new AppError('unsupported_media_type', 'The body is encoded in a way that is not read here');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError('invalid_request', 'The request is malformed');
  return new AppError('internal');
}

/** The 401s in which a token was given and refused (RFC 6750, section 3.1). */
const invalidTokenCodes = new Set<ProblemCode>([
  'token_invalid',
  'token_not_yet_valid',
  'token_expired',
  'session_ended',
]);

function setHeaders(response: Response, { code, allow, quota, retryAfterSeconds }: AppError): void {
  response.setHeader('Cache-Control', 'no-store');
  if (problems[code].status === 401) {
    const error = invalidTokenCodes.has(code) ? ', error="invalid_token"' : '';
    response.setHeader('WWW-Authenticate', `Bearer realm="signet"${error}`);
  }
  if (allow) response.setHeader('Allow', allow.join(', '));
  if (quota) setQuota(response, quota);
  if (retryAfterSeconds !== undefined)
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfterSeconds))));
}

/**
 * The body of the answer: RFC 9457's members, and the article's envelope (`message`, `data`, `error`) for
 * its clients.
 */
export function toProblem({ code, message, issues }: AppError, request_id: string): Problem {
  const { status, title, hint } = problems[code];
  return {
    type: pathOf(endpoints.readProblem, { code }),
    title,
    status,
    detail: message,
    code,
    request_id,
    hint,
    ...(issues && { issues: [...issues] }),
    message,
    data: null,
    error: title,
  };
}
