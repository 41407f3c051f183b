import type { IncomingMessage } from 'node:http';
import { type Breakage, change, remove } from './broken-proxy.ts';

/** What a fault breaks, for a list of them. */
export type FaultKind = 'reach' | 'permission' | 'preflight' | 'cookie' | 'request';

/** A way in which the set-up before a right API is broken, and the one cause that the doctor must name. */
export type Fault = {
  readonly id: string;
  readonly kind: FaultKind;
  /** The id of the cause, as the catalogue of the doctor has it. */
  readonly verdict: string;
  /** What is broken, as words that follow "for". */
  readonly of: string;
  readonly broken: Breakage;
};

/**
 * The broken set-ups that are a proxy before a right API: the only list of them, for the tests of the doctor and for the
 * fault lab.
 */
export const faults: readonly Fault[] = [
  {
    id: 'other-program',
    kind: 'reach',
    verdict: 'other-program',
    of: 'a port on which InfluxDB answers',
    broken: {
      answers: () => ({
        status: 404,
        lines: [
          ['Content-Type', 'application/json'],
          ['X-Influxdb-Version', '2.7.1'],
        ],
        body: '{"code":"not found","message":"path not found"}',
      }),
    },
  },
  {
    id: 'page-server-answers',
    kind: 'reach',
    verdict: 'page-server-answers',
    of: 'a server that answers every path with the page',
    broken: {
      answers: () => ({
        status: 200,
        lines: [['Content-Type', 'text/html']],
        body: '<!doctype html><div id="root"></div>',
      }),
    },
  },
  {
    id: 'wildcard-with-credentials',
    kind: 'permission',
    verdict: 'wildcard-with-credentials',
    of: 'a proxy that allows *',
    broken: { toPage: change('access-control-allow-origin', () => '*') },
  },
  {
    id: 'grant-doubled',
    kind: 'permission',
    verdict: 'grant-doubled',
    of: 'a proxy that adds a second Access-Control-Allow-Origin',
    broken: {
      toPage: (lines, { headers: { origin } }) =>
        origin === undefined ? lines : [...lines, ['Access-Control-Allow-Origin', origin]],
    },
  },
  {
    id: 'grant-list',
    kind: 'permission',
    verdict: 'grant-list',
    of: 'a proxy that writes two origins into one value',
    broken: { toPage: change('access-control-allow-origin', (value) => `${value}, https://example.org`) },
  },
  {
    id: 'grant-for-another',
    kind: 'permission',
    verdict: 'grant-for-another',
    of: 'a proxy that always names one origin',
    broken: { toPage: change('access-control-allow-origin', () => 'https://example.org') },
  },
  {
    id: 'origin-spelling',
    kind: 'permission',
    verdict: 'origin-spelling',
    of: 'a proxy that adds a slash to the origin',
    broken: { toPage: change('access-control-allow-origin', (value) => `${value}/`) },
  },
  {
    id: 'no-cors-at-all',
    kind: 'permission',
    verdict: 'no-cors-at-all',
    of: 'a proxy that removes every Access-Control header',
    broken: { toPage: (lines) => lines.filter(([name]) => !/^access-control-/i.test(name)) },
  },
  {
    id: 'credentials-not-granted',
    kind: 'permission',
    verdict: 'credentials-not-granted',
    of: 'a proxy that writes True',
    broken: { toPage: change('access-control-allow-credentials', () => 'True') },
  },
  {
    id: 'preflight-needs-auth',
    kind: 'preflight',
    verdict: 'preflight-needs-auth',
    of: 'authentication before CORS',
    broken: {
      answers: (request) =>
        isPreflight(request) ? { status: 401, lines: [['WWW-Authenticate', 'Basic']] } : undefined,
    },
  },
  {
    id: 'preflight-status',
    kind: 'preflight',
    verdict: 'preflight-status',
    of: 'a proxy that does not know OPTIONS',
    broken: { answers: (request) => (isPreflight(request) ? { status: 405 } : undefined) },
  },
  {
    id: 'preflight-redirect-slash',
    kind: 'preflight',
    verdict: 'preflight-redirect-slash',
    of: 'a proxy that redirects preflights to a path with a slash',
    broken: {
      answers: (request) =>
        isPreflight(request) ? { status: 308, lines: [['Location', `${request.url}/`]] } : undefined,
    },
  },
  {
    id: 'preflight-redirect-https',
    kind: 'preflight',
    verdict: 'preflight-redirect-https',
    of: 'a proxy that redirects preflights to https',
    broken: {
      answers: ({ method, headers, url }) =>
        method === 'OPTIONS'
          ? { status: 301, lines: [['Location', `https://${headers.host}${url}`]] }
          : undefined,
    },
  },
  {
    id: 'preflight-to-sign-in',
    kind: 'preflight',
    verdict: 'preflight-to-sign-in',
    of: 'a tunnel that wants a person to sign in',
    broken: {
      answers: (request) =>
        isPreflight(request)
          ? { status: 302, lines: [['Location', 'https://login.example.org/start']] }
          : undefined,
    },
  },
  {
    id: 'method-not-granted',
    kind: 'preflight',
    verdict: 'method-not-granted',
    of: 'a preflight without DELETE',
    broken: { toPage: change('access-control-allow-methods', (value) => value.replace(',DELETE', '')) },
  },
  {
    id: 'header-not-granted',
    kind: 'preflight',
    verdict: 'header-not-granted',
    of: 'a preflight without Authorization',
    broken: {
      toPage: change('access-control-allow-headers', (value) => value.replace('Authorization,', '')),
    },
  },
  {
    id: 'header-wildcard',
    kind: 'preflight',
    verdict: 'header-wildcard',
    of: 'a preflight that allows the headers *',
    broken: { toPage: change('access-control-allow-headers', () => '*') },
  },
  {
    id: 'grant-syntax',
    kind: 'preflight',
    verdict: 'grant-syntax',
    of: 'a list of methods without commas',
    broken: { toPage: change('access-control-allow-methods', (value) => value.replaceAll(',', ' ')) },
  },
  {
    id: 'nginx-if',
    kind: 'preflight',
    verdict: 'nginx-if',
    of: 'preflights that lack the permission of the GET',
    broken: {
      toPage: (lines, request) =>
        isPreflight(request) ? remove('access-control-allow-origin')(lines) : lines,
    },
  },
  {
    id: 'errors-without-grant',
    kind: 'permission',
    verdict: 'errors-without-grant',
    of: 'errors without Access-Control headers',
    broken: {
      toPage: (lines, _request, status) =>
        status >= 400 ? lines.filter(([name]) => !/^access-control-/i.test(name)) : lines,
    },
  },
  {
    id: 'vary-missing',
    kind: 'permission',
    verdict: 'vary-missing',
    of: 'a GET that caches store, without Vary',
    broken: {
      toPage: (lines, { url }) => {
        const rest = remove('vary')(lines);
        return url === '/api/users'
          ? [...remove('cache-control')(rest), ['Cache-Control', 'max-age=60']]
          : rest;
      },
    },
  },
  {
    id: 'none-without-secure',
    kind: 'cookie',
    verdict: 'none-without-secure',
    of: 'SameSite=None without Secure',
    broken: onCookies((line) => line.replace('SameSite=Lax', 'SameSite=None')),
  },
  {
    id: 'domain-attribute',
    kind: 'cookie',
    verdict: 'domain-attribute',
    of: 'a Domain that is another host',
    broken: onCookies((line) => `${line}; Domain=example.com`),
  },
  {
    id: 'too-long',
    kind: 'cookie',
    verdict: 'too-long',
    of: 'a cookie of 4200 bytes',
    broken: onCookies((line) =>
      line.startsWith('jwt=') ? line.replace(/^jwt=([^;]*)/, (pair) => pair.padEnd(4200, 'x')) : line,
    ),
  },
  {
    id: 'prefix-rule',
    kind: 'cookie',
    verdict: 'prefix-rule',
    of: 'a name that begins with __Host- without Secure',
    broken: onCookies((line) => line.replace(/^jwt=/, '__Host-jwt=')),
  },
  {
    id: 'path-attribute',
    kind: 'cookie',
    verdict: 'path-attribute',
    of: 'a Path that covers no call',
    broken: onCookies((line) => line.replace('Path=/;', 'Path=/elsewhere;')),
  },
  {
    id: 'set-cookie-syntax',
    kind: 'cookie',
    verdict: 'set-cookie-syntax',
    of: 'an attribute that does not exist',
    broken: onCookies((line) => `${line}; SameSte=Lax`),
  },
  {
    id: 'born-expired',
    kind: 'cookie',
    verdict: 'born-expired',
    of: 'a cookie that expires before it arrives',
    broken: {
      toPage: (lines, { method }) =>
        method === 'POST'
          ? change('set-cookie', (line) =>
              line
                .replace(/Max-Age=\d+/, 'Expires=Thu, 01 Jan 2026 00:00:00 GMT')
                .replace(/; Expires=[^;]*(?=.*Expires)/, ''),
            )(lines)
          : lines,
    },
  },
  {
    id: 'not-cleared',
    kind: 'cookie',
    verdict: 'not-cleared',
    of: 'cookies that are cleared on another path',
    broken: {
      toPage: (lines, { method }) =>
        method === 'DELETE' ? change('set-cookie', (line) => `${line}; Partitioned; Secure`)(lines) : lines,
    },
  },
  {
    id: 'set-cookie-lost',
    kind: 'cookie',
    verdict: 'set-cookie-lost',
    of: 'a proxy that removes Set-Cookie',
    broken: { toPage: remove('set-cookie') },
  },
  {
    id: 'authorization-stripped',
    kind: 'request',
    verdict: 'authorization-stripped',
    of: 'a proxy that removes Authorization',
    broken: { toApi: remove('authorization') },
  },
  {
    id: 'origin-lost',
    kind: 'request',
    verdict: 'origin-lost',
    of: 'a proxy that removes Origin',
    broken: { toApi: remove('origin') },
  },
  {
    id: 'origin-changed',
    kind: 'request',
    verdict: 'origin-lost',
    of: 'a proxy that changes Origin',
    broken: { toApi: change('origin', otherName) },
  },
];

function isPreflight({ method }: IncomingMessage): boolean {
  return method === 'OPTIONS';
}

function onCookies(edit: (line: string) => string): Breakage {
  return { toPage: change('set-cookie', edit) };
}

/** The same page under the other of this machine's two names. */
function otherName(origin: string): string {
  return origin.includes('localhost')
    ? origin.replace('localhost', '127.0.0.1')
    : origin.replace('127.0.0.1', 'localhost');
}
