import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CauseId, diagnose, type Report } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { type Breakage, change, type Line, remove } from '@signet/rig';
import cors from 'cors';
import express, { type Express } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startProxy, startServer } from '../broken-proxy.ts';
import { listenForTest } from '../listen-for-test.ts';
import { startApi } from '../start-api.ts';

const page = 'http://localhost:4100';

/** So long an answer may take on a busy machine. */
const patientMs = 30_000;

async function examine(api: string, origin = page, call?: Parameters<typeof readTarget>[2]): Promise<Report> {
  return diagnose(await probe(readTarget(api, origin, call), { answerMs: patientMs }));
}

const ids = ({ findings }: Report) => findings.map(({ id }) => id);

const isPreflight = ({ method }: IncomingMessage) => method === 'OPTIONS';
const asks = (request: IncomingMessage, method: string) =>
  isPreflight(request) && request.headers['access-control-request-method'] === method;

/** Set-ups before Signet that the fault lab does not offer, because a browser shows nothing new there. */
const before: { of: string; verdict: CauseId; broken: Breakage }[] = [
  {
    of: 'a proxy that writes the origin without its scheme',
    verdict: 'origin-spelling',
    broken: { toPage: change('access-control-allow-origin', (value) => value.replace('http://', '')) },
  },
  {
    of: 'a proxy that allows the origin null',
    verdict: 'grant-for-another',
    broken: { toPage: change('access-control-allow-origin', () => 'null') },
  },
  {
    of: 'a gateway that refuses the preflight of a DELETE with 403',
    verdict: 'method-not-granted',
    broken: { answers: (request) => (asks(request, 'DELETE') ? { status: 403 } : undefined) },
  },
  {
    of: 'a gateway that answers the preflight of a DELETE with 204 and no permission',
    verdict: 'method-not-granted',
    broken: { answers: (request) => (asks(request, 'DELETE') ? { status: 204 } : undefined) },
  },
  {
    of: 'a gateway that refuses every preflight for Authorization',
    verdict: 'header-not-granted',
    broken: {
      answers: (request) =>
        isPreflight(request) &&
        `${request.headers['access-control-request-headers']}`.includes('authorization')
          ? { status: 403 }
          : undefined,
    },
  },
  {
    of: 'a server that knows no OPTIONS on one path',
    verdict: 'preflight-status',
    broken: {
      answers: (request) =>
        isPreflight(request) && request.url === '/api/users/1' ? { status: 404 } : undefined,
    },
  },
  {
    of: 'a proxy that redirects reads to a path with a slash',
    verdict: 'redirected-away',
    broken: {
      answers: (request) =>
        isPreflight(request) || request.url?.endsWith('/')
          ? undefined
          : { status: 301, lines: [['Location', `${request.url}/`]] },
    },
  },
  {
    of: 'a proxy that redirects every method to a path with a slash',
    verdict: 'preflight-redirect-slash',
    broken: {
      answers: (request) =>
        request.url?.endsWith('/') ? undefined : { status: 301, lines: [['Location', `${request.url}/`]] },
    },
  },
  {
    of: 'a proxy that passes /api on alone, before a server of pages',
    verdict: 'page-server-answers',
    broken: {
      answers: ({ url }) =>
        url?.startsWith('/api')
          ? undefined
          : { status: 200, lines: [['Content-Type', 'text/html']], body: '<!doctype html>' },
    },
  },
  {
    of: 'a proxy that passes /api on alone, and knows no other path',
    verdict: 'other-program',
    broken: { answers: ({ url }) => (url?.startsWith('/api') ? undefined : { status: 404 }) },
  },
  ...['GET', 'POST', 'OPTIONS'].map((method) => ({
    of: `a proxy that removes Origin from ${method} alone`,
    verdict: 'origin-lost' as const,
    broken: {
      toApi: (lines: Line[], request: IncomingMessage) =>
        request.method === method ? remove('origin')(lines) : lines,
    },
  })),
  ...['jwt=', 'jwt_refresh='].map((start) => ({
    of: `a proxy that removes the cookie ${start} alone`,
    verdict: 'set-cookie-lost' as const,
    broken: {
      toPage: (lines: Line[]) =>
        lines.filter(([name, value]) => !(/^set-cookie$/i.test(name) && value.startsWith(start))),
    },
  })),
  {
    of: 'a proxy that removes Cookie and the id of the answer',
    verdict: 'cookie-stripped',
    broken: { toApi: remove('cookie'), toPage: remove('x-request-id') },
  },
  {
    of: 'a server that redirects everything to https',
    verdict: 'preflight-redirect-https',
    broken: {
      answers: ({ headers, url }) => ({
        status: 301,
        lines: [['Location', `https://${headers.host}${url}`]],
      }),
    },
  },
  {
    of: 'a load balancer that answers a page with 502',
    verdict: 'api-not-running',
    broken: {
      answers: () => ({
        status: 502,
        lines: [['Content-Type', 'text/html']],
        body: '<h1>502 Bad Gateway</h1>',
      }),
    },
  },
  {
    of: 'a proxy that calls plain bodies gzip',
    verdict: 'undecodable',
    broken: {
      toPage: (lines) => [...remove('content-encoding')(lines), ['Content-Encoding', 'gzip']],
    },
  },
  {
    of: 'a proxy that asks the API under a name of its own',
    verdict: 'host-unknown',
    broken: { toApi: change('host', () => 'api.internal') },
  },
  {
    of: 'a server that answers 431',
    verdict: 'header-too-long',
    broken: { answers: () => ({ status: 431 }) },
  },
  {
    of: 'a proxy that puts credentials of its own in the place of Authorization',
    verdict: 'authorization-stripped',
    broken: { toApi: (lines) => [...remove('authorization')(lines), ['Authorization', 'Basic eDp5']] },
  },
  {
    of: 'a proxy that removes Cookie',
    verdict: 'cookie-stripped',
    broken: { toApi: remove('cookie') },
  },
  ...[true, false].map((showsTrace) => ({
    of: `a proxy that sets one Origin in every request${showsTrace ? '' : ', and passes no trace on'}`,
    verdict: 'origin-lost' as const,
    broken: {
      toApi: (lines: Line[]): Line[] => [...remove('origin')(lines), ['Origin', 'https://proxy.internal']],
      ...(!showsTrace && {
        answers: ({ url }: IncomingMessage) =>
          url?.startsWith('/api/exchanges') ? { status: 404 } : undefined,
        toPage: remove('x-request-id'),
      }),
    },
  })),
  {
    of: 'a proxy that removes the question of preflights',
    verdict: 'method-not-granted',
    broken: { toApi: remove('access-control-request-method') },
  },
  ...(['Bearer', 'doctor'] as const).map((rest) => ({
    of: `a proxy that leaves the word ${rest} of Authorization`,
    verdict: 'authorization-stripped' as const,
    broken: { toApi: change('authorization', () => rest) },
  })),
  {
    of: 'a rate limit that counts preflights',
    verdict: 'preflight-needs-auth',
    broken: { answers: (request) => (isPreflight(request) ? { status: 429 } : undefined) },
  },
  {
    of: 'a proxy that sets cookies on a path of its own',
    verdict: 'path-attribute',
    broken: { toPage: change('set-cookie', (line) => line.replace('Path=/', 'Path=/app/')) },
  },
  {
    of: 'credentials that are allowed twice',
    verdict: 'credentials-not-granted',
    broken: {
      toPage: (lines, { headers: { origin } }) =>
        origin === undefined ? lines : [...lines, ['Access-Control-Allow-Credentials', 'true'] as Line],
    },
  },
  {
    of: 'a password of a proxy before everything',
    verdict: 'preflight-needs-auth',
    broken: { answers: () => ({ status: 401, lines: [['WWW-Authenticate', 'Basic realm="staging"']] }) },
  },
  {
    of: 'a proxy that renames cookies',
    verdict: 'set-cookie-lost',
    broken: { toPage: change('set-cookie', (line) => `app_${line}`) },
  },
  {
    of: 'a proxy that writes two cookies into one line',
    verdict: 'set-cookie-syntax',
    broken: {
      toPage: (lines) => {
        const cookies = lines.filter(([name]) => /^set-cookie$/i.test(name)).map(([, value]) => value);
        return cookies.length > 1
          ? [...remove('set-cookie')(lines), ['Set-Cookie', cookies.join(', ')] as Line]
          : lines;
      },
    },
  },
  {
    of: 'cookies that are cleared on a smaller path',
    verdict: 'not-cleared',
    broken: {
      toPage: (lines, { method }) =>
        method === 'DELETE'
          ? change('set-cookie', (line) => line.replace('Path=/;', 'Path=/api;'))(lines)
          : lines,
    },
  },
];

/** An API of another make that allows the page, with credentials. */
function another(options: cors.CorsOptions = {}, add?: (app: Express) => void): RequestListener {
  const app = express().use(cors({ origin: [page], credentials: true, ...options }));
  add?.(app);
  return app.get('/', (_request, response) => void response.json({}));
}

const withCookie = (line: string) =>
  another({}, (app) =>
    app.get('/protected', (_request, response) => void response.set('Set-Cookie', line).json({})),
  );

/** Answers preflights by `allows`, and reads with the permission, as servers in other languages do. */
function plain(
  allows: (request: IncomingMessage) => [status: number, lines: Record<string, string>, body?: string],
  lines: Record<string, string> = { 'Access-Control-Allow-Origin': page, Vary: 'Origin' },
): RequestListener {
  return (request, response) => {
    const [status, own, body] = isPreflight(request) ? allows(request) : [200, lines, '{}'];
    response.writeHead(status, own).end(body);
  };
}

const broken: { of: string; verdict: CauseId; server: RequestListener }[] = [
  {
    of: 'cors with * and credentials',
    verdict: 'wildcard-with-credentials',
    server: another({ origin: '*' }),
  },
  {
    of: 'a server of pages that answers only those who accept anything, and knows no files',
    verdict: 'page-server-answers',
    server: ({ headers, url }, response) => {
      const isPage = headers.accept?.includes('*/*') && !/\.\w+$/.test(url ?? '');
      response.writeHead(isPage ? 200 : 404, { 'Content-Type': 'text/html' });
      response.end(isPage ? `<!doctype html><script nonce="${Math.random()}"></script>` : undefined);
    },
  },
  {
    of: 'cors with a constant that is another origin',
    verdict: 'grant-for-another',
    server: another({ origin: 'https://app.example.org' }),
  },
  {
    of: 'cors with a slash at the end of the origin',
    verdict: 'origin-spelling',
    server: another({ origin: `${page}/` }),
  },
  {
    of: 'cors with a comma list in one text',
    verdict: 'grant-list',
    server: another({ origin: `${page},http://localhost:3000` }),
  },
  {
    of: 'cors that lists the other name of this machine',
    verdict: 'loopback-names',
    server: another({ origin: ['http://127.0.0.1:4100'] }),
  },
  {
    of: 'Starlette without the origin',
    verdict: 'origin-not-listed',
    server: plain(() => [400, { Vary: 'Origin' }, 'Disallowed CORS origin'], {}),
  },
  {
    of: 'a CSRF check before CORS',
    verdict: 'preflight-needs-auth',
    server: plain(() => [403, {}, 'csrf']),
  },
  {
    of: 'errors that lose the permission',
    verdict: 'errors-without-grant',
    server: another({}, (app) =>
      app.get('/api/users', (_request, response) => {
        response.removeHeader('Access-Control-Allow-Origin');
        response.status(500).json({});
      }),
    ),
  },
  {
    of: 'cookies of a session without permission for credentials',
    verdict: 'credentials-not-granted',
    server: another({ credentials: false }, (app) =>
      app.get('/protected', (_request, response) => void response.cookie('sid', 'x').json({})),
    ),
  },
  {
    of: 'a cookie of another domain',
    verdict: 'domain-attribute',
    server: withCookie('sid=x; Path=/; Domain=example.com'),
  },
];

const sound: { of: string; server: RequestListener }[] = [
  { of: 'CORS on /api alone', server: onApiAlone() },
  { of: 'CORS on one public path', server: onePublicPath() },
  {
    of: 'Starlette that allows GET alone, and refuses other preflights with 400',
    server: plain(({ headers }) => {
      const isGet = headers['access-control-request-method'] === 'GET';
      const isRefused = !isGet || headers['access-control-request-headers'] !== undefined;
      return [
        isRefused ? 400 : 200,
        { 'Access-Control-Allow-Origin': page, 'Access-Control-Allow-Methods': 'GET' },
      ];
    }),
  },
  {
    of: 'Go’s rs/cors that allows GET alone, and is silent about other preflights',
    server: plain(({ headers }) => {
      const isGet = headers['access-control-request-method'] === 'GET';
      const isRefused = !isGet || headers['access-control-request-headers'] !== undefined;
      return [204, isRefused ? { Vary: 'Origin' } : { 'Access-Control-Allow-Origin': page, Vary: 'Origin' }];
    }),
  },
  {
    of: 'one origin for everybody, stored by caches',
    server: plain(
      () => [204, { 'Access-Control-Allow-Origin': page, 'Access-Control-Allow-Headers': 'authorization' }],
      {
        'Access-Control-Allow-Origin': page,
        'Cache-Control': 'max-age=60',
      },
    ),
  },
  {
    of: 'a public API behind a CDN with a cookie of its own',
    server: plain(() => [204, { 'Access-Control-Allow-Origin': '*' }], {
      'Access-Control-Allow-Origin': '*',
      'Set-Cookie': '__cf_bm=x; Path=/; HttpOnly; Secure; SameSite=None',
    }),
  },
  {
    of: 'PHP that deletes a cookie',
    server: withCookie('sess=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/'),
  },
  {
    of: 'Django that deletes a cookie',
    server: withCookie('sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'),
  },
  { of: 'Java with Version in a cookie', server: withCookie('JSESSIONID=A1; Version=1; Path=/; HttpOnly') },
  {
    of: 'a stream of events',
    server: another({}, (app) =>
      app.get('/healthz', (_request, response) => {
        response.set('Content-Type', 'text/event-stream').flushHeaders();
      }),
    ),
  },
];

function onApiAlone(): RequestListener {
  const app = express().get('/', (_request, response) => void response.status(403).end());
  app.use('/api', cors({ origin: [page], credentials: true }));
  return app.get('/api/users', (_request, response) => void response.json([]));
}

function onePublicPath(): RequestListener {
  return express().get('/', cors({ origin: page }), (_request, response) => void response.json({}));
}

describe('before Signet', () => {
  test.each(before)('For $of the doctor names $verdict, and nothing else.', async ({ verdict, broken }) => {
    const api = await startApi();
    const report = await examine(`http://localhost:${await startProxy(api.url, broken)}`);
    expect(ids(report)).toEqual([verdict]);
    expect(report.findings[0]?.evidence).not.toEqual([]);
  });

  test('The doctor names loopback-family where an address was named at which the API does not listen.', async () => {
    const server = createTcpServer(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    );
    const port = await listenForTest(server, '::1');
    expect(ids(await examine(`http://127.0.0.1:${port}`))).toEqual(['loopback-family']);
  });
});

describe('an API of another make', () => {
  test.each(broken)('For $of the doctor names $verdict, and nothing else.', async ({ verdict, server }) => {
    expect(ids(await examine(`http://localhost:${await startServer(server)}`))).toEqual([verdict]);
  });

  test.each(sound)('For $of the doctor finds no fault.', async ({ server }) => {
    expect(ids(await examine(`http://localhost:${await startServer(server)}`))).toEqual([]);
  });

  test('A preflight that a named call needs is a fault, and the same one of a guessed call is not.', async () => {
    const url = `http://localhost:${await startServer(another({ methods: ['GET'] }))}`;
    expect(ids(await examine(url))).toEqual([]);
    const call = { method: 'DELETE', path: '/items/1', headers: [] };
    expect(ids(await examine(url, page, call))).toEqual(['method-not-granted']);
  });

  test('A method that fetch writes in capitals may be named in small letters, and patch may not.', async () => {
    const url = `http://localhost:${await startServer(another({ methods: ['DELETE', 'PATCH'] }))}`;
    const call = { path: '/items/1', headers: [] };
    expect(ids(await examine(url, page, { ...call, method: 'delete' }))).toEqual([]);
    expect(ids(await examine(url, page, { ...call, method: 'patch' }))).toEqual(['method-case']);
  });

  test('For an address with a password the doctor names unsendable, and shows no password.', async () => {
    const port = await startServer(another());
    const report = await examine(`http://user:secret@localhost:${port}`);
    expect(ids(report)).toEqual(['unsendable']);
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  test('A server that knows none of the paths is judged as possible only, with what settles it.', async () => {
    const server = express().post('/graphql', (_request, response) => void response.json({}));
    const [finding, ...others] = (await examine(`http://localhost:${await startServer(server)}`)).findings;
    expect([finding?.id, finding?.certainty, others]).toEqual(['no-cors-at-all', 'possible', []]);
    expect(finding?.next).toContain('--path');
  });

  test('A public page and an API on this machine lead to a notice about the permission, and to no fault.', async () => {
    const origin = 'https://app.example.org';
    const report = await examine(
      `http://localhost:${await startServer(another({ origin: [origin] }))}`,
      origin,
    );
    expect(ids(report)).toEqual([]);
    expect(report.notices.map(({ id }) => id)).toContain('local-network');
  });
});

/** What a server does with a connection, and which cause that is. */
const sockets: { of: string; verdict: CauseId; answer: (socket: Socket) => void }[] = [
  {
    of: 'a port that closes after the request',
    verdict: 'bound-inside-container',
    answer: (socket) => socket.once('data', () => socket.destroy()),
  },
  {
    of: 'an answer that breaks off',
    verdict: 'closed-early',
    answer: (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{')),
  },
  {
    of: 'an answer that does not end',
    verdict: 'no-answer',
    answer: (socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')),
  },
  { of: 'a port that says nothing', verdict: 'no-answer', answer: () => undefined },
  {
    of: 'a program that speaks another protocol',
    verdict: 'other-program',
    answer: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  },
];

describe('below HTTP', () => {
  test.each(sockets)('For $of the doctor names $verdict, and nothing else.', async ({ verdict, answer }) => {
    const target = readTarget(`http://localhost:${await listenForTest(createTcpServer(answer))}`, page);
    // The silent ones would cost the whole patience of the doctor.
    expect(ids(diagnose(await probe(target, { answerMs: 500 })))).toEqual([verdict]);
  });

  test('For a preflight without an answer the doctor names closed-early, and nothing else.', async () => {
    const port = await startServer((request, response) => {
      if (isPreflight(request)) return void response.destroy();
      response.writeHead(200, { 'Access-Control-Allow-Origin': page, Vary: 'Origin' }).end('{}');
    });
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['closed-early']);
  });

  test('For http to a port of TLS the doctor names http-to-tls, and for https with its own certificate certificate.', async () => {
    const port = await listenForTest(
      createTlsServer(ownCertificate(), (_request, response) => void response.end()),
    );
    expect(ids(await examine(`http://localhost:${port}`))).toEqual(['http-to-tls']);
    expect(ids(await examine(`https://localhost:${port}`))).toEqual(['certificate']);
  });

  test('For https to a port of http the doctor names upgraded-to-https.', async () => {
    expect(ids(await examine(`https://localhost:${await startServer(another())}`))).toEqual([
      'upgraded-to-https',
    ]);
  });
});

function ownCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'signet-certificate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(
    ' ',
  );
  execFileSync('openssl', ['req', ...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
