import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { type CauseId, diagnose, type Report } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { freePorts } from '@signet/rig';
import cors from 'cors';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Breakage, change, type Line, remove, startProxy, startServer } from '../broken-proxy.ts';
import { startApi } from '../start-api.ts';

const page = 'http://localhost:4100';

async function examine(api: string, origin = page, call?: Parameters<typeof readTarget>[2]): Promise<Report> {
  return diagnose(await probe(readTarget(api, origin, call)));
}

const ids = ({ findings }: Report) => findings.map(({ id }) => id);

const isPreflight = ({ method }: { method?: string | undefined }) => method === 'OPTIONS';

const onCookies = (edit: (line: string) => string): Breakage => ({ toPage: change('set-cookie', edit) });

/** Each is a proxy before a right API. */
const proxies: { verdict: CauseId; of: string; broken: Breakage }[] = [
  {
    verdict: 'wildcard-with-credentials',
    of: 'a proxy that allows *',
    broken: { toPage: change('access-control-allow-origin', () => '*') },
  },
  {
    verdict: 'grant-doubled',
    of: 'a proxy that adds a second Access-Control-Allow-Origin',
    broken: { toPage: (lines) => [...lines, ['Access-Control-Allow-Origin', page]] },
  },
  {
    verdict: 'grant-list',
    of: 'a proxy that writes two origins into one value',
    broken: { toPage: change('access-control-allow-origin', (value) => `${value}, https://example.org`) },
  },
  {
    verdict: 'grant-for-another',
    of: 'a proxy that always names one origin',
    broken: { toPage: change('access-control-allow-origin', () => 'https://example.org') },
  },
  {
    verdict: 'origin-spelling',
    of: 'a proxy that adds a slash to the origin',
    broken: { toPage: change('access-control-allow-origin', (value) => `${value}/`) },
  },
  {
    verdict: 'no-cors-at-all',
    of: 'a proxy that removes every Access-Control header',
    broken: { toPage: (lines) => lines.filter(([name]) => !/^access-control-/i.test(name)) },
  },
  {
    verdict: 'credentials-not-granted',
    of: 'a proxy that writes True',
    broken: { toPage: change('access-control-allow-credentials', () => 'True') },
  },
  {
    verdict: 'preflight-needs-auth',
    of: 'authentication before CORS',
    broken: {
      answers: (request) =>
        isPreflight(request) ? { status: 401, lines: [['WWW-Authenticate', 'Basic']] } : undefined,
    },
  },
  {
    verdict: 'preflight-status',
    of: 'a proxy that does not know OPTIONS',
    broken: { answers: (request) => (isPreflight(request) ? { status: 405 } : undefined) },
  },
  {
    verdict: 'preflight-redirect-slash',
    of: 'a proxy that redirects preflights to a path with a slash',
    broken: {
      answers: (request) =>
        isPreflight(request) ? { status: 308, lines: [['Location', `${request.url}/`]] } : undefined,
    },
  },
  {
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
    verdict: 'method-not-granted',
    of: 'a preflight without DELETE',
    broken: { toPage: change('access-control-allow-methods', (value) => value.replace(',DELETE', '')) },
  },
  {
    verdict: 'header-not-granted',
    of: 'a preflight without Authorization',
    broken: {
      toPage: change('access-control-allow-headers', (value) => value.replace('Authorization,', '')),
    },
  },
  {
    verdict: 'header-wildcard',
    of: 'a preflight that allows the headers *',
    broken: { toPage: change('access-control-allow-headers', () => '*') },
  },
  {
    verdict: 'grant-syntax',
    of: 'a list of methods without commas',
    broken: { toPage: change('access-control-allow-methods', (value) => value.replaceAll(',', ' ')) },
  },
  {
    verdict: 'nginx-if',
    of: 'preflights that lack the permission of the GET',
    broken: {
      toPage: (lines, request) =>
        isPreflight(request) ? remove('access-control-allow-origin')(lines) : lines,
    },
  },
  {
    verdict: 'errors-without-grant',
    of: 'errors without Access-Control headers',
    broken: {
      toPage: (lines, _request, status) =>
        status >= 400 ? lines.filter(([name]) => !/^access-control-/i.test(name)) : lines,
    },
  },
  {
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
    verdict: 'none-without-secure',
    of: 'SameSite=None without Secure',
    broken: onCookies((line) => line.replace('SameSite=Lax', 'SameSite=None')),
  },
  {
    verdict: 'domain-attribute',
    of: 'a Domain that is another host',
    broken: onCookies((line) => `${line}; Domain=example.com`),
  },
  {
    verdict: 'too-long',
    of: 'a cookie of 4200 bytes',
    broken: onCookies((line) =>
      line.startsWith('jwt=') ? line.replace(/^jwt=([^;]*)/, (pair) => pair.padEnd(4200, 'x')) : line,
    ),
  },
  {
    verdict: 'prefix-rule',
    of: 'a name that begins with __Host- without Secure',
    broken: onCookies((line) => line.replace(/^jwt=/, '__Host-jwt=')),
  },
  {
    verdict: 'path-attribute',
    of: 'a Path that covers no call',
    broken: onCookies((line) => line.replace('Path=/;', 'Path=/elsewhere;')),
  },
  {
    verdict: 'set-cookie-syntax',
    of: 'an attribute that does not exist',
    broken: onCookies((line) => `${line}; SameSte=Lax`),
  },
  {
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
    verdict: 'not-cleared',
    of: 'cookies that are cleared on another path',
    broken: {
      toPage: (lines, { method }) =>
        method === 'DELETE' ? change('set-cookie', (line) => `${line}; Partitioned; Secure`)(lines) : lines,
    },
  },
  {
    verdict: 'set-cookie-lost',
    of: 'a proxy that removes Set-Cookie',
    broken: { toPage: remove('set-cookie') },
  },
  {
    verdict: 'authorization-stripped',
    of: 'a proxy that removes Authorization',
    broken: { toApi: remove('authorization') },
  },
  { verdict: 'origin-lost', of: 'a proxy that removes Origin', broken: { toApi: remove('origin') } },
  {
    verdict: 'origin-lost',
    of: 'a proxy that changes Origin',
    broken: { toApi: change('origin', () => 'http://127.0.0.1:4100') },
  },
];

describe('the doctor names one cause', () => {
  test.each(proxies)('For $of the doctor names $verdict, and nothing else.', async ({ verdict, broken }) => {
    const api = await startApi();
    const port = await startProxy(api.url, broken);
    const report = await examine(`http://localhost:${port}`);
    expect(ids(report)).toEqual([verdict]);
    expect(report.findings[0]?.evidence).not.toEqual([]);
  });

  test('The doctor names origin-not-listed where the API lists another origin, and is silent once it is added.', async () => {
    const api = await startApi({ env: { WEB_ORIGINS: 'http://localhost:5999' } });
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'));
    expect(ids(report)).toEqual(['origin-not-listed']);
    const line = report.findings[0]?.fix.find((each) => each.for === 'signet')?.line ?? '';
    const fixed = await startApi({ env: { WEB_ORIGINS: line.replace('WEB_ORIGINS=', '') } });
    expect(ids(await examine(fixed.url.replace('127.0.0.1', 'localhost')))).toEqual([]);
  });

  test('The doctor names loopback-names where the API lists the page under its other name.', async () => {
    const api = await startApi({ env: { WEB_ORIGINS: 'http://127.0.0.1:4100' } });
    expect(ids(await examine(api.url.replace('127.0.0.1', 'localhost')))).toEqual(['loopback-names']);
  });

  test('The doctor names loopback-names-cookie where the page is on 127.0.0.1 and the API on localhost.', async () => {
    const api = await startApi();
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1:4100');
    expect(ids(report)).toEqual(['loopback-names-cookie']);
    expect(report.findings[0]?.fix[0]?.line).toBe('http://localhost:4100');
  });

  test('The doctor names server-clocks where the clock of the API is ten minutes ahead.', async () => {
    const api = await startApi();
    api.advance(600);
    expect(ids(await examine(api.url.replace('127.0.0.1', 'localhost')))).toEqual(['server-clocks']);
  });

  test('The doctor names replicas-differ where two servers sign with different keys.', async () => {
    const [one, other] = [await startApi(), await startApi()];
    const port = await startProxy([one.url, other.url]);
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['replicas-differ']);
  });

  test('The doctor names api-not-running where nothing listens.', async () => {
    const [port = 0] = await freePorts(1);
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['api-not-running']);
  });

  test('The doctor names other-program where InfluxDB answers.', async () => {
    const port = await startServer((_request, response) => {
      response.writeHead(404, { 'Content-Type': 'application/json', 'X-Influxdb-Version': '2.7.1' });
      response.end('{"code":"not found","message":"path not found"}');
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['other-program']);
  });

  test('The doctor names page-server-answers where every path is the page.', async () => {
    const port = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><div id="root"></div>');
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['page-server-answers']);
  });

  test('The doctor names bound-inside-container where the port closes without a word.', async () => {
    const server = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['bound-inside-container']);
  });

  test('The doctor names no-cors-at-all where an API of another make has no CORS.', async () => {
    const port = await startServer(express().get('/{*path}', (_request, response) => void response.json({})));
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['no-cors-at-all']);
  });

  test('The doctor names preflight-needs-auth where another API authenticates before CORS.', async () => {
    const app = express()
      .use((request, response, next) =>
        request.headers.authorization ? next() : void response.status(401).json({}),
      )
      .use(cors({ origin: page, credentials: true }));
    expect(ids(await examine(`http://localhost:${await startServer(app)}`))).toEqual([
      'preflight-needs-auth',
    ]);
  });

  test('The doctor names not-http where the address has no scheme.', async () => {
    expect(ids(await examine('localhost:8086'))).toEqual(['not-http']);
  });
});

describe('the doctor is silent', () => {
  test('The doctor finds no fault in a right API.', async () => {
    const api = await startApi();
    const report = await examine(api.url.replace('127.0.0.1', 'localhost'));
    expect([ids(report), report.notices.map(({ id }) => id)]).toEqual([[], []]);
    expect(report.checked.filter(({ result }) => result !== 'right').map(({ check }) => check)).toEqual([
      'browser',
    ]);
  });

  test('The doctor finds no fault in a right API behind a proxy that changes nothing.', async () => {
    const api = await startApi();
    expect(ids(await examine(`http://localhost:${await startProxy(api.url)}`))).toEqual([]);
  });

  test('The doctor finds no fault where page and API have one origin.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url);
    const url = `http://localhost:${port}`;
    expect(ids(await examine(url, url))).toEqual([]);
  });

  test('The doctor finds no fault in an API of another make with cors and a cookie.', async () => {
    const app = express()
      .use(cors({ origin: [page, 'http://127.0.0.1:4100'], credentials: true }))
      .get('/', (_request, response) => {
        response.cookie('sid', 'x', { httpOnly: true, sameSite: 'lax' }).json({ ok: true });
      });
    const report = await examine(`http://localhost:${await startServer(app)}`);
    expect(ids(report)).toEqual([]);
  });

  test('The doctor finds no fault in an API of another make that only reads.', async () => {
    const port = await startServer((request, response) => {
      const lines: Line[] = [
        ['Access-Control-Allow-Origin', page],
        ['Vary', 'Origin'],
        ['Access-Control-Allow-Methods', 'GET'],
      ];
      response.writeHead(isPreflight(request) ? 204 : 200, lines.flat()).end();
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual([]);
  });
});

describe('two faults at once', () => {
  test('The doctor names both of two faults that break different calls.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url, {
      toPage: (lines) =>
        change(
          'set-cookie',
          (line) => `${line}; Domain=example.com`,
        )(change('access-control-allow-methods', (value) => value.replace(',DELETE', ''))(lines)),
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual([
      'method-not-granted',
      'domain-attribute',
    ]);
  });

  test('The doctor names the first of two faults that break the same calls, and lists the other beneath it.', async () => {
    const api = await startApi();
    const port = await startProxy(api.url, {
      toPage: (lines) =>
        change(
          'access-control-allow-credentials',
          () => 'True',
        )(change('access-control-allow-methods', (value) => value.replace(',DELETE', ''))(lines)),
    });
    const report = await examine(`http://localhost:${port}`);
    expect(ids(report)).toEqual(['credentials-not-granted']);
    expect(report.findings[0]?.consequences).toEqual(['method-not-granted']);
  });
});
