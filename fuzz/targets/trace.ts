import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Exchange } from '@signet/contracts';
import { toExchange } from '../../apps/api/src/trace/exchange.ts';
import { readReport } from '../../apps/api/src/trace/nginx-report.ts';
import { promise, type Target } from '../target.ts';

const report = {
  id: 'abcdefgh',
  ended: '1700000000.250',
  seconds: '0.001',
  method: 'OPTIONS',
  path: '/api/posts',
  status: '204',
  problem: '',
  origin: 'http://localhost:4100',
  site: 'cross-site',
  mode: 'cors',
  agent: 'curl',
  asked_method: 'POST',
  asked_headers: 'authorization,content-type',
  headers: 'host,origin',
  cookies: '',
  body_bytes: '',
  granted_origin: 'http://localhost:4100',
  granted_credentials: 'true',
  granted_methods: 'GET, POST',
  granted_headers: 'Authorization',
  exposed_headers: '',
  max_age: '7200',
  vary: 'Origin',
};
const datagram = (members: object) => `<190>Nov 26 04:00:00 host signet: ${JSON.stringify(members)}`;
const nameClient = () => 'abcdef01';

/** What the seeds have where requests have secrets. As the name of a header it may come out, so no promise is about it. */
const value = 'hunter2secret';

/**
 * Reports of nginx, in datagrams that any program can send; and requests, whose headers are the lines of
 * the input.
 */
export const target: Target = {
  seeds: [
    datagram(report),
    datagram({ ...report, status: '502', problem: 'not_ready', asked_method: '' }),
    `Authorization: Bearer ${value}\nCookie: jwt=${value}; theme=${value}\nOrigin: http://localhost:4100`,
    `Content-Type: application/json; a=${value}\nContent-Length: 12\nSec-Fetch-Site: cross-site`,
    `Access-Control-Request-Method: PATCH\nAccess-Control-Request-Headers: authorization, x-a`,
    `?q=${value}&after=${value}\nUser-Agent: ${value}`,
  ],
  words: [
    '"status":"',
    '999',
    '","',
    value,
    `=${value}`,
    'Authorization: ',
    'Cookie: ',
    '; ',
    '\n',
    'Origin: null',
    '1e9',
  ],
  run(input) {
    const text = input.toString('utf8');
    const read = readReport(text, { now: 1_800_000_000_000, nameClient });
    if (read)
      promise(
        Exchange.safeParse({ id: 'abcdefgh.1', ...read }).success,
        'a report that is taken is an exchange',
      );
    const exchange = exchangeOf(input.toString('latin1').split('\n'));
    const parsed = Exchange.safeParse(exchange);
    promise(parsed.success, `an exchange has its schema: ${parsed.error?.message}`);
  },
};

function exchangeOf(lines: readonly string[]): Exchange {
  const headers: IncomingHttpHeaders = {};
  const rawHeaders: string[] = [];
  let query = '';
  for (const line of lines) {
    if (line.startsWith('?')) query = line;
    const [, name = '', content = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    rawHeaders.push(name, content);
    headers[name.toLowerCase()] = content;
  }
  const record = {
    request_id: 'id',
    caller_request_id: undefined,
    method: String(headers['x-method'] ?? 'OPTIONS'),
    route: undefined,
    path: '/',
    status: 200,
    ms: 1,
    origin: headers.origin,
    decisions: [],
    problem: undefined,
  };
  return toExchange({
    id: 'abcdefgh.1',
    at: new Date(0).toISOString(),
    record,
    request: { headers, rawHeaders, url: `/${query}` } as IncomingMessage,
    response: { getHeader: () => undefined } as unknown as ServerResponse, // The trace reads nothing else of it.
    nameClient,
    databaseMs: undefined,
    readTokens: () => [],
  });
}
