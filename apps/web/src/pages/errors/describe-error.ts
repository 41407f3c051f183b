import { ApiError, type Issue, isLoopback, NetworkError, UnexpectedAnswerError } from '@signet/contracts';
import { fieldText, problemTexts } from './problem-texts.ts';

export type ErrorDescription = {
  title: string;
  detail: string;
  hint?: string;
  /** What only those who run the API can use. */
  forDevelopers?: string;
  requestId?: string;
};

type Place = { readonly apiUrl: string; readonly pageOrigin: string };

/** An error as text for the user: what happened, and what to do about it. */
export function describeError(
  error: unknown,
  { apiUrl, pageOrigin, isOffline }: Place & { isOffline: boolean },
): ErrorDescription {
  if (error instanceof ApiError) return describeProblem(error);
  // An API on this machine can be reached without a network.
  if (error instanceof NetworkError && isOffline && !isLoopback(apiUrl))
    return { title: 'You are offline', detail: 'Reconnect and try again.' };
  if (isUnreachable(error)) {
    return {
      title: 'The API cannot be reached',
      detail: `The API at ${apiUrl} did not respond, or the browser blocked the response (CORS). A page cannot tell which.`,
      forDevelopers: `Check that the API is running and that WEB_ORIGINS contains ${pageOrigin}.`,
    };
  }
  if (error instanceof UnexpectedAnswerError) {
    return {
      title: 'Unexpected response',
      detail: `Another program answered at ${apiUrl} (status ${error.status}).`,
      hint: 'A proxy may be in front of the API, or another program may be using its port.',
    };
  }
  return { title: 'Something went wrong', detail: '', hint: 'Reload the page and try again.' };
}

/** The error as a text for a report: what the box says, and which call of which page it is about. */
export function detailsOf(
  error: unknown,
  { title, detail, hint }: ErrorDescription,
  { apiUrl, pageOrigin }: Place,
): string {
  const { status, code, request_id } = error instanceof ApiError ? error.problem : {};
  return [
    title,
    detail,
    hint,
    code && `${code} (${status})`,
    request_id && `Request id: ${request_id}`,
    `API: ${apiUrl}`,
    `Page: ${pageOrigin}`,
    `Time: ${new Date().toISOString()}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** Whether no answer of the API came. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof NetworkError || isTimeout(error);
}

function describeProblem({ problem }: ApiError): ErrorDescription {
  const { title = problem.detail, hint = problem.hint } = problemTexts[problem.code] ?? {};
  return {
    title,
    detail: problem.issues?.map(describeIssue).join('. ') ?? '',
    ...(hint && { hint }),
    ...(problem.status >= 500 && { requestId: problem.request_id }),
  };
}

function describeIssue({ path, message }: Issue): string {
  const text = fieldText({ message }) ?? '';
  return path && !message.includes(path) ? `${path}: ${text}` : text;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
