import { ApiError, NetworkError, UnexpectedAnswerError } from '@signet/contracts';

export type ErrorDescription = { title: string; detail: string; hint?: string; requestId?: string };

/** An error in words for whoever sits in front of it: what happened, and what to do about it. */
export function describeError(
  error: unknown,
  { apiUrl, pageOrigin }: { apiUrl: string; pageOrigin: string },
): ErrorDescription {
  if (error instanceof ApiError) return describeProblem(error);
  if (error instanceof NetworkError || isTimeout(error)) {
    return {
      title: 'The API cannot be reached',
      detail: `The API at ${apiUrl} did not answer, or the browser withheld its answer (CORS). From inside a page the two look alike.`,
      hint: `Is the API running? And is this page's origin, ${pageOrigin}, listed in its WEB_ORIGINS?`,
    };
  }
  if (error instanceof UnexpectedAnswerError) {
    return {
      title: 'Something else answered',
      detail: `What answered at ${apiUrl} (status ${error.status}) does not speak as the API does.`,
      hint: 'Perhaps a proxy stands in front of it, or another program has taken its port.',
    };
  }
  return {
    title: 'This did not work',
    detail: 'The page met an error that it does not know.',
    hint: 'Reload the page and try again.',
  };
}

function describeProblem({ problem, retryAfterSeconds }: ApiError): ErrorDescription {
  const wait = retryAfterSeconds === undefined ? undefined : `Try again in ${inWords(retryAfterSeconds)}.`;
  const hint = wait ?? problem.hint;
  return {
    title: problem.detail,
    detail:
      problem.issues
        ?.map(({ path, message }) => (path && !message.includes(path) ? `${path}: ${message}` : message))
        .join('. ') ?? '',
    ...(hint && { hint }),
    ...(problem.status >= 500 && { requestId: problem.request_id }),
  };
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
