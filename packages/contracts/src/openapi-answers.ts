import { type Endpoint, isLimitedWrite, problemCodesOf } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { answerExamples, csvExample, exampleOf } from './openapi-examples.ts';
import type { createComponents, Json } from './openapi-schemas.ts';
import { pathOf } from './paths.ts';
import { problems } from './problems.ts';
import { Problem, type ProblemCode, problemCodes } from './schemas/problem.ts';

type Components = ReturnType<typeof createComponents>;
type HeaderName = keyof typeof headers;

const text = { type: 'string' };
const requestId = 'fd9c8f0e-6a0b-4f0a-9d6e-0f6f2f0f7a11';
const header = (description: string, example: string | number, schema: Json = text) => ({
  description,
  schema,
  example,
});

/** Every header that some answer has and that a caller needs, once; answers refer to it by its name. */
const headers = {
  'X-Request-Id': header(
    'The id of this request, also in the log of the API and in `request_id` of a problem',
    requestId,
  ),
  Link: header(
    'The address of the next page, with rel="next" (RFC 8288); absent on the last page',
    '</api/posts?limit=20&after=WzIwXQ>; rel="next"',
  ),
  Location: header('The path of what was created', '/api/posts/5'),
  ETag: header(
    'Names these exact bytes; a request with If-None-Match is answered with 304',
    '"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"',
  ),
  'Set-Cookie': header(
    'Two cookies, one with the token and one with the refresh token. Their names and attributes depend on COOKIE_PROFILE.',
    'jwt=header.payload.signature; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax',
  ),
  'WWW-Authenticate': header(
    'How to authenticate (RFC 6750, section 3); `error="invalid_token"` if a token was given',
    'Bearer realm="signet", error="invalid_token"',
  ),
  'Retry-After': header('Seconds to wait before the next attempt', 2, { type: 'integer', minimum: 1 }),
  RateLimit: header(
    'What is left of a limit: `r` requests, and `t` seconds until there are more',
    '"writes";r=119;t=60',
  ),
  'RateLimit-Policy': header('The limit: `q` requests in a window of `w` seconds', '"writes";q=120;w=60'),
} as const;

/** Operations that set the cookies of a session, or clear them. */
const cookieOperations = new Set([
  'authenticateUser',
  'refreshSession',
  'changePassword',
  'endCurrentSession',
]);

/** What a problem says where `detail` is not the same every time. */
const exampleDetails: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'User ID is missing',
  credentials_invalid: 'Invalid user id or password',
  forbidden: 'Only an admin may do this',
  origin_refused: 'Requests from https://evil.example are not allowed here',
  quota_reached: 'One user may have 10000 posts',
  not_found: 'There is nothing at this path',
  method_not_allowed: 'PATCH is not possible here',
  body_too_large: 'The body is too large',
  unsupported_media_type: 'The body must be application/json',
  not_ready: 'The database does not answer at the moment',
};

/** The headers and the problems to which the answers of a table refer. */
export function answerComponents(table: Readonly<Record<string, Endpoint>>): Json {
  const used = new Set(Object.values(table).flatMap(problemCodesOf));
  const codes = problemCodes.filter((code) => used.has(code));
  return {
    headers,
    examples: Object.fromEntries(
      codes.map((code) => [code, { summary: problems[code].meaning, value: problemExample(code) }]),
    ),
  };
}

/** Every answer of an operation, by its status: success first, then the problems. */
export function answersOf(operationId: string, endpoint: Endpoint, components: Components): Json {
  const content = contentOf(operationId, endpoint, components);
  return {
    [endpoint.status]: {
      description: { 200: 'The request succeeded', 201: 'Created', 204: 'Done; the answer has no body' }[
        endpoint.status
      ],
      headers: refer(successHeaders(operationId, endpoint)),
      ...(content && { content }),
    },
    ...failures(endpoint, components),
  };
}

function successHeaders(operationId: string, endpoint: Endpoint): HeaderName[] {
  return [
    'X-Request-Id',
    ...(endpoint.answer.kind === 'page' ? (['Link'] as const) : []),
    ...(endpoint.status === 201 ? (['Location'] as const) : []),
    ...(endpoint.answer.kind === 'bytes' ? (['ETag'] as const) : []),
    ...(cookieOperations.has(operationId) ? (['Set-Cookie'] as const) : []),
    ...(isLimitedWrite(endpoint) ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
  ];
}

function refer(names: readonly HeaderName[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function contentOf(operationId: string, endpoint: Endpoint, components: Components): Json | undefined {
  const { answer } = endpoint;
  const example = exampleOf(answerExamples, operationId);
  switch (answer.kind) {
    case 'json':
      return { 'application/json': { schema: components.schemaOf(answer.schema, 'output'), ...example } };
    case 'page': {
      const items = components.schemaOf(answer.item, 'output');
      return {
        'application/json': { schema: { type: 'array', items }, ...example },
        ...(answer.csv && { 'text/csv': { schema: text, example: csvExample(endpoint) } }),
      };
    }
    case 'csv':
      return { 'text/csv': { schema: text } };
    case 'text':
      return { [answer.mediaType]: { schema: text, ...example } };
    case 'bytes':
      return Object.fromEntries(answer.mediaTypes.map((mediaType) => [mediaType, {}]));
    case 'events': {
      // OpenAPI 3.1 has no member for the items of a stream, so the schema of an event is in an extension.
      const data = components.schemaOf(answer.event, 'output');
      return { 'text/event-stream': { schema: text, ...example, 'x-event-data': data } };
    }
    case 'none':
      return undefined;
    default:
      return answer satisfies never;
  }
}

const failureHeaders: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

function failures(endpoint: Endpoint, components: Components): Record<string, Json> {
  const answers: Record<string, Json> = {};
  const codes = problemCodesOf(endpoint);
  for (const status of new Set(codes.map((code) => problems[code].status))) {
    const here = codes.filter((code) => problems[code].status === status);
    const examples = Object.fromEntries(
      here.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
    );
    answers[status] = {
      description: here.map((code) => `\`${code}\``).join(', '),
      headers: refer(['X-Request-Id', ...(failureHeaders[status] ?? [])]),
      content: {
        'application/problem+json': { schema: components.schemaOf(Problem, 'output'), examples },
      },
    };
  }
  return answers;
}

function problemExample(code: ProblemCode): Problem {
  const { status, title, hint, ...row } = problems[code];
  const detail = 'detail' in row ? row.detail : (exampleDetails[code] ?? title);
  return {
    type: pathOf(endpoints.readProblem, { code }),
    title,
    status,
    detail,
    code,
    request_id: requestId,
    hint,
    ...(code === 'invalid_request' && { issues: [{ path: 'uid', message: detail }] }),
    message: detail,
    data: null,
    error: title,
  };
}
