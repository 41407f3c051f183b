import { once } from 'node:events';
import { connect } from 'node:net';
import { Problem } from '@signet/contracts';
import { freePorts } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { ask, type Nginx, startNginx, testConfiguration } from './start-nginx.ts';

let api: Api;
let nginx: Nginx;
let origin: string;

beforeAll(async () => {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  origin = `http://localhost:${webPort}`;
  const env = { WEB_ORIGINS: origin };
  api = await startApi({ env: { ...env, TRUST_PROXY: '1' } });
  nginx = await startNginx({ webPort, apiPort, apiServers: `127.0.0.1:${api.port}`, env });
});

afterAll(async () => {
  await nginx?.stop();
  await api?.stop();
});

/** Sends exactly these bytes, which no HTTP client would send, and returns the answer. */
async function send(url: string, bytes: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  socket.write(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  const [head = '', ...rest] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const header = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return { status: Number(first.split(' ')[1]), header, body: rest.join('\r\n\r\n') };
}

const request = (method: string, path: string, headers: readonly string[] = []) =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

describe('The metrics', () => {
  test.each([
    '/metrics/',
    '//metrics',
    '/metrics//',
    '/METRICS',
    '/%6detrics',
    '/metrics?x=y',
    '/metrics#x',
    '/metrics%2f',
    '/%2fmetrics',
    '/metrics;a=b',
    '/metrics%20',
    '/metrics%00',
    '/./metrics',
    '/metrics/.',
    '/metrics/%2e',
    '/api/../metrics',
    '/api/%2e%2e/metrics',
    '/api/..%2fmetrics',
    '/token/..%2Fmetrics',
    '/api/..\\metrics',
    '\\metrics',
    'http://localhost/metrics',
    'http://localhost//metrics',
  ])('nginx does not serve the metrics at %s', async (path) => {
    for (const url of [nginx.apiUrl, nginx.webUrl]) {
      const { status, body } = await send(url, request('GET', path));
      // For an unknown page nginx answers with the app, which shows "not found" itself.
      const isApp = status === 200 && body.includes('<!doctype html>');
      expect(isApp ? 'the app' : status).toBeOneOf(['the app', 404, 400]);
      expect(body).not.toContain('signet_http_request_duration_seconds');
    }
  });
});

describe('A malformed request', () => {
  test.each<[name: string, status: number, bytes: string]>([
    ['a header that is too long', 431, request('GET', '/protected', [`X-Long: ${'x'.repeat(17_000)}`])],
    [
      'headers that are too many',
      431,
      request(
        'GET',
        '/protected',
        Array.from({ length: 20 }, (_, index) => `X-${index}: ${'x'.repeat(8000)}`),
      ),
    ],
    ['a method that nobody knows', 405, request('FOO', '/protected')],
    ['a method that only others know', 405, request('PROPFIND', '/protected')],
    ['TRACE', 405, request('TRACE', '/protected')],
    ['a method in small letters', 400, request('get', '/protected')],
    ['another version', 505, 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    ['no host', 400, 'GET /protected HTTP/1.1\r\n\r\n'],
    ['two hosts', 400, request('GET', '/protected', ['Host: evil.example'])],
    ['two lengths', 400, request('POST', '/token', ['Content-Length: 1', 'Content-Length: 2'])],
    [
      'a length beside chunks',
      400,
      `${request('POST', '/token', ['Content-Length: 5', 'Transfer-Encoding: chunked'])}0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n`,
    ],
    ['a coding that is not chunks', 501, request('POST', '/token', ['Transfer-Encoding: xchunked'])],
    ['a header with a NUL in it', 400, request('GET', '/protected', ['X-Nul: a\0b'])],
    [
      'a header with another control character in it',
      400,
      request('GET', '/protected', ['Origin: http://localhost\x0b']),
    ],
    ['a header on two lines', 400, request('GET', '/protected', [`Origin: ${'http://localhost'}`, ' more'])],
  ])('nginx refuses with a problem, before the API: %s: %i', async (_name, status, bytes) => {
    const answer = await send(nginx.apiUrl, bytes);
    expect(answer.status).toBe(status);
    expect(answer.header('content-type')).toEqual([expect.stringMatching(/^application\/problem\+json/)]);
    expect(answer.header('vary')).toEqual(['Origin']);
    expect(answer.header('x-request-id')).toHaveLength(1);
    expect(answer.header('server')).toEqual(['nginx']);
    expect(Problem.parse(JSON.parse(answer.body)).status).toBe(status);
  });

  test('nginx answers HTTP/1.0 without a Host header like any other request', async () => {
    expect((await send(nginx.apiUrl, 'GET /readyz HTTP/1.0\r\n\r\n')).status).toBe(200);
  });
});

test('An upload without a token is refused before it is complete, and nginx stores none of it', async () => {
  const head = request('POST', '/api/posts', [
    'Content-Type: multipart/form-data; boundary=b',
    'Content-Length: 5900000',
  ]);
  const socket = connect(Number(new URL(nginx.apiUrl).port), '127.0.0.1');
  socket.write(`${head}${'x'.repeat(50_000)}`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
  socket.destroy();
});

test('No line of the nginx log contains a query or a Referer', async () => {
  const headers = { referer: 'http://localhost/reset?code=private-code' };
  const answer = await ask(nginx.apiUrl, 'POST', '/token?q=private-query', {
    headers,
    body: 'x'.repeat(140_000),
  });
  expect(answer.status).toBe(413);
  await expect.poll(nginx.logged).toContain('"path":"/token","status":413');
  expect(nginx.logged()).not.toContain('private');
});

test.each([
  ['in capitals', () => origin.toUpperCase()],
  ['with a slash', () => `${origin}/`],
  ['with more after it', () => `${origin}.evil.example`],
  ['with another after it', () => `${origin}, http://evil.example`],
  ['null', () => 'null'],
  ['any', () => '*'],
])('Neither nginx nor the API grants anything to an origin %s', async (_name, of) => {
  for (const path of ['/metrics', '/protected']) {
    const { header } = await send(nginx.apiUrl, request('GET', path, [`Origin: ${of()}`]));
    for (const name of [
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'access-control-expose-headers',
    ])
      expect(header(name)).toEqual([]);
    expect(header('vary')).toEqual(['Origin']);
  }
});

test.each([
  'short',
  'x'.repeat(65),
  'with"quote--',
  'with\x01control',
  '../../../etc/passwd',
  'two, of them--',
  '{"json":true}',
])('nginx replaces a request id that could harm a log: %j', async (id) => {
  for (const path of ['/metrics', '/protected']) {
    const { header } = await send(nginx.apiUrl, request('GET', path, [`X-Request-Id: ${id}`]));
    expect(header('x-request-id').join()).not.toContain(id);
  }
  for (const line of nginx
    .logged()
    .split('\n')
    .filter((each) => each.startsWith('{')))
    expect(() => JSON.parse(line)).not.toThrow();
});

test.each([
  "evil.example;script-src'unsafe-inline'",
  'evil.example"',
  'evil.example;default-src *',
  '"><script>',
])('No header repeats an invalid Host: %s', async (host) => {
  const answer = await send(nginx.webUrl, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect([400, 421]).toContain(answer.status);
  expect(answer.header('content-security-policy').join()).not.toContain('evil');
  expect(answer.body).not.toContain('evil');
});

describe('a request for a host that is not on the list', () => {
  test.each(['/', '/index.html', '/api/users', '/token'])(
    'is answered host_unknown by nginx on both ports at %s',
    async (path) => {
      for (const url of [nginx.webUrl, nginx.apiUrl])
        for (const host of ['attacker.example', 'attacker.example:4100', '0.0.0.0', '[::]', '[0::0]']) {
          const answer = await send(
            url,
            `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
          );
          expect([host, answer.status]).toEqual([host, 421]);
          expect(Problem.parse(JSON.parse(answer.body)).code).toBe('host_unknown');
          expect(answer.header('access-control-allow-origin')).toEqual([origin]);
        }
    },
  );

  test.each([
    'localhost',
    'LOCALHOST.',
    'app.localhost:1',
    '127.0.0.1',
    '192.168.1.7:80',
    '[::1]',
    '[2001:db8::7]',
  ])('a request for a host that is not on the list is not one for %s', async (host) => {
    const bytes = `GET /docs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect((await send(nginx.apiUrl, bytes)).status).toBe(200);
  });

  test('a request for a host that is not on the list is answered at the paths of probes, and its preflight is answered', async () => {
    const probe = 'GET /healthz HTTP/1.1\r\nHost: web:8086\r\nConnection: close\r\n\r\n';
    expect((await send(nginx.apiUrl, probe)).status).toBe(200);
    const preflight = `OPTIONS /token HTTP/1.1\r\nHost: a.example\r\nOrigin: ${origin}\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`;
    expect((await send(nginx.apiUrl, preflight)).status).toBe(204);
  });
});

describe('A variable that would inject configuration', () => {
  test.each([
    ['WEB_ORIGINS', 'http://localhost:4100\n"; } evil'],
    ['WEB_ORIGINS', 'http://localhost:4100,'],
    ['WEB_ORIGINS', 'http://localhost:4100,,http://a.example'],
    ['WEB_ORIGINS', ' '],
    ['WEB_ORIGINS', 'http://localhost:99999'],
    ['WEB_ORIGINS', 'http://user@a.example'],
    ['WEB_ORIGINS', 'http://a.example http://b.example'],
    ['WEB_ORIGINS', '$host'],
    ['ALLOWED_HOSTS', 'a.example"; } evil'],
    ['ALLOWED_HOSTS', 'https://a.example'],
    ['ALLOWED_HOSTS', '*.example'],
    ['API_SERVERS', '127.0.0.1:1\nevil'],
    ['API_SERVERS', '127.0.0.1:1;'],
    ['TRUSTED_PROXIES', '10.0.0.0/8; evil'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['API_SECONDS', '30\n30'],
    ['API_SECONDS', '0'],
    ['SIGN_INS_PER_SECOND', '1.5'],
    ['WEB_PORT', '65536'],
    ['API_URL', 'https://a.example/"; evil'],
    ['API_URL', '//a.example'],
    ['API_URL', 'https://{host}'],
    ['API_URL', 'https://a.example:99999'],
    ['API_PORT', '4100'],
    ['WEB_ROOT', '/srv/a b'],
    ['MIME_TYPES', '/etc/nginx/mime.types; evil'],
    ['NGINX_USER', 'root; evil'],
    ['TLS_CERTIFICATE_FILE', '/tmp/a;b'],
  ])('A variable that would inject configuration start.sh refuses the variable %s=%j', (name, value) => {
    const { status, said } = testConfiguration({ [name]: value });
    expect(status).toBe(1);
    expect(said).toContain('nginx did not start. The configuration has problems:');
    expect(said).toContain(name);
  });
});
