import { expect, test } from 'vitest';
import { type Endpoint, endpoints, Problem, problemCodes, problemCodesOf, problems } from '../src/index.ts';

const table: Record<string, Endpoint> = endpoints;

test('every code has the status that is promised to clients', () => {
  expect(Object.fromEntries(problemCodes.map((code) => [code, problems[code].status]))).toMatchObject({
    invalid_request: 400,
    token_missing: 401,
    token_invalid: 401,
    token_not_yet_valid: 401,
    token_expired: 401,
    session_ended: 401,
    refresh_invalid: 401,
    refresh_reused: 401,
    cookies_ambiguous: 401,
    credentials_invalid: 401,
    forbidden: 403,
    origin_refused: 403,
    quota_reached: 403,
    not_found: 404,
    method_not_allowed: 405,
    uid_taken: 409,
    last_admin: 409,
    refresh_elsewhere: 409,
    host_unknown: 421,
    body_too_large: 413,
    unsupported_media_type: 415,
    too_many_requests: 429,
    internal: 500,
    overloaded: 503,
    not_ready: 503,
  });
});

test.each(problemCodes)('%s says what it means and how to fix it, in sentences', (code) => {
  const { meaning, hint, title } = problems[code];
  expect(title).toMatch(/^[A-Z]/);
  for (const text of [meaning, hint]) expect(text).toMatch(/^[A-Z].*\.$/s);
});

test('problems of one status share its title', () => {
  const pairs = new Set(Object.values(problems).map(({ status, title }) => `${status} ${title}`));
  expect(pairs.size).toBe(new Set(Object.values(problems).map(({ status }) => status)).size);
});

test('every code is answered by an endpoint, except for the codes of requests that no endpoint gets', () => {
  const answered = new Set(Object.values(table).flatMap(problemCodesOf));
  const unanswered = problemCodes.filter((code) => !answered.has(code));
  // Known paths with other methods belong to no endpoint.
  expect(unanswered.filter((code) => code !== 'method_not_allowed')).toEqual([]);
});

test("an endpoint that needs a user's token can answer that it is missing, invalid or expired, and no other can", () => {
  for (const [key, endpoint] of Object.entries(table)) {
    // Its token is the operator's, which has no lifetime.
    if (key === 'readMetrics') continue;
    const codes = problemCodesOf(endpoint);
    const expected = endpoint.access !== 'anyone';
    for (const code of ['token_missing', 'token_invalid', 'token_expired'] as const)
      expect(codes.includes(code)).toBe(expected);
  }
});

test('an endpoint with a body can answer that it is too large, of another media type, or malformed', () => {
  const withBody = Object.values(table).filter(({ body }) => body);
  expect(withBody.length).toBeGreaterThan(5);
  for (const endpoint of withBody) {
    expect(problemCodesOf(endpoint)).toEqual(
      expect.arrayContaining(['invalid_request', 'body_too_large', 'unsupported_media_type']),
    );
  }
});

test("a problem has the members of the article's errors, with data always null", () => {
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
