import { expect, test } from 'vitest';
import { type Endpoint, endpoints, Problem, problemCodes, problemCodesOf, problems } from '../src/index.ts';

const table: Record<string, Endpoint> = endpoints;

test('codes have the statuses that clients were promised', () => {
  expect(Object.fromEntries(problemCodes.map((code) => [code, problems[code].status]))).toMatchObject({
    invalid_request: 400,
    token_missing: 401,
    token_invalid: 401,
    token_expired: 401,
    session_ended: 401,
    refresh_invalid: 401,
    refresh_reused: 401,
    credentials_invalid: 401,
    forbidden: 403,
    origin_refused: 403,
    not_found: 404,
    method_not_allowed: 405,
    uid_taken: 409,
    last_admin: 409,
    body_too_large: 413,
    unsupported_media_type: 415,
    too_many_requests: 429,
    internal: 500,
    overloaded: 503,
    not_ready: 503,
  });
});

test.each(problemCodes)('%s says what it means and how to mend it, in sentences', (code) => {
  const { meaning, hint, title } = problems[code];
  expect(title).toMatch(/^[A-Z]/);
  for (const text of [meaning, hint]) expect(text).toMatch(/^[A-Z].*\.$/s);
});

test('problems of one status share its title', () => {
  const pairs = new Set(Object.values(problems).map(({ status, title }) => `${status} ${title}`));
  expect(pairs.size).toBe(new Set(Object.values(problems).map(({ status }) => status)).size);
});

test('every code but those of no endpoint is answered by some endpoint', () => {
  const answered = new Set(Object.values(table).flatMap(problemCodesOf));
  const unanswered = problemCodes.filter((code) => !answered.has(code));
  // Known paths with other methods belong to no endpoint.
  expect(unanswered.filter((code) => code !== 'method_not_allowed')).toEqual([]);
});

test('whoever needs a token can be told that it is missing, invalid, expired, or that its session has ended', () => {
  for (const endpoint of Object.values(table)) {
    const codes = problemCodesOf(endpoint);
    const expected = endpoint.access !== 'anyone';
    for (const code of ['token_missing', 'token_invalid', 'token_expired'] as const)
      expect(codes.includes(code)).toBe(expected);
  }
});

test('what takes a body refuses one that is too large, of another type or malformed', () => {
  const withBody = Object.values(table).filter(({ body }) => body);
  expect(withBody.length).toBeGreaterThan(5);
  for (const endpoint of withBody) {
    expect(problemCodesOf(endpoint)).toEqual(
      expect.arrayContaining(['invalid_request', 'body_too_large', 'unsupported_media_type']),
    );
  }
});

test('a problem carries the envelope of the lesson, and data is always null', () => {
  const problem = {
    type: '/problems/not_found',
    title: 'Not found',
    status: 404,
    detail: 'There is no such user',
    code: 'not_found',
    request_id: 'a-request',
    message: 'There is no such user',
    data: null,
    error: 'Not found',
  };
  expect(Problem.parse(problem)).toEqual(problem);
  expect(Problem.safeParse({ ...problem, code: 'teapot' }).success).toBe(false);
  expect(Problem.safeParse({ ...problem, data: {} }).success).toBe(false);
  const { request_id, ...anonymous } = problem;
  expect(Problem.safeParse(anonymous).success).toBe(false);
});
