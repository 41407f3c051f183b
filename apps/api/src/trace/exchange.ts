import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '@signet/contracts';
import type { RequestRecord, Step } from '../http/observe.ts';
import {
  askedHeaders,
  cookieNames,
  headerNames,
  mediaTypeIn,
  methodIn,
  namesInList,
  oneOf,
  originIn,
  queryNames,
  setCookieIn,
  tokenFormIn,
} from './facts.ts';

type Observed = {
  readonly id: string;
  /** When the head of the request had arrived. */
  readonly at: string;
  readonly record: RequestRecord;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** A name for a user agent: equal for equal ones, and without a meaning outside of this process. */
  readonly nameClient: (agent: string) => string;
  /** Milliseconds that statements took; undefined where they were not measured. */
  readonly databaseMs: number | undefined;
  /** The values of the access cookie, which only `auth/cookies.ts` knows by name. */
  readonly readTokens: (headers: IncomingHttpHeaders) => readonly string[];
};

/**
 * What one request and its answer were, without any value that a caller sent.
 *
 * Names, numbers and words of closed lists only, so that nothing in it can be a password, a token or
 * a cookie.
 */
export function toExchange(observed: Observed): Exchange {
  const { id, at, record, request, response, nameClient, databaseMs, readTokens } = observed;
  const { headers } = request;
  const grantedTo = response.getHeader('access-control-allow-origin');
  const agent = headers['user-agent'];
  const asked = headers['access-control-request-method'];
  const site = oneOf(['same-origin', 'same-site', 'cross-site', 'none'], headers['sec-fetch-site']);
  const modes = ['cors', 'no-cors', 'same-origin', 'navigate', 'websocket'] as const;
  const mode = oneOf(modes, headers['sec-fetch-mode']);
  const mediaType = mediaTypeIn(headers['content-type']);
  const token = tokenFormIn(headers.authorization, readTokens(headers)[0]);
  return {
    id,
    request_id: record.request_id,
    at,
    method: methodIn(record.method),
    ...(record.route !== undefined && { route: record.route }),
    status: record.status,
    ...(headers.origin !== undefined && { origin: originIn(headers.origin) }),
    ...(site && { fetch_site: site }),
    ...(mode && { fetch_mode: mode }),
    ...(agent !== undefined && {
      client: nameClient(agent),
    }),
    ...(record.method === 'OPTIONS' &&
      asked !== undefined && {
        preflight: {
          method: methodIn(asked),
          headers: askedHeaders(headers['access-control-request-headers']),
        },
      }),
    headers: headerNames(request.rawHeaders),
    cookies: cookieNames(headers.cookie),
    query: queryNames(request.url ?? ''),
    ...(mediaType !== undefined && { media_type: mediaType }),
    ...bytesOf('body_bytes', headers['content-length']),
    ...(token && { token }),
    decisions: record.decisions.map(({ step, outcome }) => ({ step, outcome })),
    ...(record.problem && {
      problem: { code: record.problem.code, ...(record.problem.rule && { rule: record.problem.rule }) },
    }),
    ...(grantedTo !== undefined && { grant: grantOf(String(grantedTo), response) }),
    vary: namesInList(response.getHeader('vary')),
    // The assay of cookies sets more than fit an exchange.
    set_cookies: [response.getHeader('set-cookie') ?? []]
      .flat()
      .slice(0, 10)
      .map((each) => setCookieIn(String(each))),
    ...bytesOf('answer_bytes', response.getHeader('content-length')),
    durations: durationsOf(record, databaseMs),
  };
}

function grantOf(origin: string, response: ServerResponse): Exchange['grant'] {
  const list = (name: string) => {
    const value = response.getHeader(name);
    return value === undefined ? undefined : namesInList(value);
  };
  const methods = list('access-control-allow-methods');
  const headers = list('access-control-allow-headers');
  const exposed = list('access-control-expose-headers');
  const maxAge = response.getHeader('access-control-max-age');
  return {
    origin,
    credentials: response.getHeader('access-control-allow-credentials') === 'true',
    ...(methods && { methods }),
    ...(headers && { headers }),
    ...(exposed && { exposed_headers: exposed }),
    ...(maxAge !== undefined && { max_age: Number(maxAge) }),
  };
}

function bytesOf<Name extends string>(name: Name, value: unknown): { [Key in Name]?: number } {
  const bytes = Number(value ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? ({ [name]: bytes } as { [Key in Name]?: number }) : {};
}

/**
 * Each step from the end of the one before it; the handler from the last decision to the end of the answer.
 */
function durationsOf(
  { decisions, ms }: RequestRecord,
  databaseMs: number | undefined,
): Exchange['durations'] {
  const endOf = (step: Step) => decisions.findLast((each) => each.step === step)?.ms;
  const guard = endOf('origin');
  const authentication = endOf('authentication');
  const last = decisions.at(-1);
  return {
    total: rounded(ms),
    ...(guard !== undefined && { guard: rounded(guard) }),
    ...(authentication !== undefined && { authentication: rounded(authentication - (guard ?? 0)) }),
    ...(databaseMs !== undefined && { database: rounded(databaseMs) }),
    ...(last?.outcome === 'granted' && { handler: rounded(ms - last.ms) }),
  };
}

/** To a hundredth: more digits would be noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
