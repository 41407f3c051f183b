import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Problem } from '@signet/contracts';
import { freePorts } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { type Answer, ask, type Nginx, startNginx, testConfiguration } from './start-nginx.ts';

const assets = fileURLToPath(new URL('../../web/dist/assets', import.meta.url));
const foreign = 'https://foreign.example';

let api: Api;
let nginx: Nginx;
let origin: string;
let token: string;
let post: { id: number; image: string };
let adminToken: string;

beforeAll(async () => {
  const [webPort, apiPort] = await ports(2);
  origin = `http://localhost:${webPort}`;
  api = await startApi({ env: { WEB_ORIGINS: `${origin},http://127.0.0.1:${webPort}`, TRUST_PROXY: '1' } });
  nginx = await startNginx({
    webPort,
    apiPort,
    apiServers: `127.0.0.1:${api.port}`,
    env: { WEB_ORIGINS: `${origin},http://127.0.0.1:${webPort}` },
  });
  token = await signIn('niko');
  adminToken = await signIn('toby');
  const posts = JSON.parse(
    (await ask(nginx.apiUrl, 'GET', '/api/posts', { headers: { authorization: `Bearer ${token}` } })).text,
  );
  post = posts.find(({ image }: { image: string | null }) => image !== null);
});

afterAll(async () => {
  await nginx?.stop();
  await api?.stop();
});

async function ports(count: number): Promise<[number, number]> {
  const [first = 0, second = 0] = await freePorts(count);
  return [first, second];
}

async function signIn(username: string): Promise<string> {
  const { text } = await ask(nginx.apiUrl, 'POST', '/token', {
    body: JSON.stringify({ username, password: `123${username}` }),
  });
  return JSON.parse(text).token;
}

const preflight = (from: string) => ({
  origin: from,
  'access-control-request-method': 'DELETE',
  'access-control-request-headers': 'authorization',
});
const bearer = () => ({ authorization: `Bearer ${token}` });

/** Requests of every kind, with the status of their answers. */
const requests: [
  name: string,
  status: number,
  method: string,
  path: () => string,
  options?: () => Parameters<typeof ask>[3],
][] = [
  ['an answer', 200, 'GET', () => '/protected', () => ({ headers: bearer() })],
  [
    'headers that are long together',
    200,
    'GET',
    () => '/protected',
    () => ({
      headers: {
        ...bearer(),
        'x-one': 'x'.repeat(15_000),
        'x-two': 'x'.repeat(15_000),
        'x-three': 'x'.repeat(15_000),
      },
    }),
  ],
  [
    'something made',
    201,
    'POST',
    () => '/api/posts',
    () => ({ headers: bearer(), body: '{"note":"By way of nginx"}' }),
  ],
  ['nothing to say', 204, 'DELETE', () => '/api/sessions/current'],
  ['an OPTIONS that is no preflight', 204, 'OPTIONS', () => '/api/users'],
  [
    'an image that the caller has',
    304,
    'GET',
    () => `/api/posts/${post.id}/image`,
    () => ({ headers: { ...bearer(), 'if-none-match': `"${post.image}"` } }),
  ],
  ['a body that is no JSON', 400, 'POST', () => '/token', () => ({ body: '{' })],
  ['no token', 401, 'GET', () => '/protected'],
  ['a role that is missing', 403, 'GET', () => '/api/audit', () => ({ headers: bearer() })],
  ['a path that is not there', 404, 'GET', () => '/nothing'],
  ['the metrics', 404, 'GET', () => '/metrics'],
  ['the metrics, with an encoded path', 404, 'GET', () => '//%6Detrics/'],
  ['a method that the path does not take', 405, 'PATCH', () => '/token'],
  ['a method that nginx does not take', 405, 'TRACE', () => '/protected'],
  [
    'a body that is too large for the API',
    413,
    'POST',
    () => '/token',
    () => ({ body: 'x'.repeat(120_000) }),
  ],
  ['a body that is too large for nginx', 413, 'POST', () => '/token', () => ({ body: 'x'.repeat(140_000) })],
  [
    'an image that is too large for nginx',
    413,
    'POST',
    () => '/api/posts',
    () => ({ headers: bearer(), body: Buffer.alloc(7_000_000) }),
  ],
  [
    'another media type',
    415,
    'POST',
    () => '/token',
    () => ({ headers: { 'content-type': 'text/plain' }, body: '{}' }),
  ],
];

/**
 * The CORS headers that every answer must have for a listed origin, for
 * another origin, and without an origin.
 */
function expectCors(answer: Answer, from: string | undefined): void {
  const isListed = from === origin;
  expect(answer.count('access-control-allow-origin')).toBe(isListed ? 1 : 0);
  expect(answer.headers['access-control-allow-origin']).toBe(isListed ? origin : undefined);
  expect(answer.count('access-control-allow-credentials')).toBe(isListed ? 1 : 0);
  expect(answer.count('access-control-expose-headers')).toBe(isListed ? 1 : 0);
  expect(answer.count('cross-origin-resource-policy')).toBe(1);
  expect(answer.count('vary')).toBe(1);
  expect(answer.headers.vary).toMatch(/\bOrigin\b/);
  expect(answer.count('x-request-id')).toBe(1);
  expect(answer.headers.server).toBe('nginx');
}

function expectProblem({ status, headers, text }: Answer): Problem {
  expect(headers['content-type']).toMatch(/^application\/problem\+json\b/);
  const problem = Problem.parse(JSON.parse(text));
  expect(problem.status).toBe(status);
  expect(problem.request_id).toBe(headers['x-request-id']);
  return problem;
}

describe('CORS headers', () => {
  test.each(requests)(
    'A listed origin gets each CORS header once, and others get none: %s: %i',
    async (_name, status, method, path, options) => {
      for (const from of [origin, foreign, undefined]) {
        const { headers, ...rest } = options?.() ?? {};
        const answer = await ask(nginx.apiUrl, method, path(), {
          ...rest,
          headers: { ...headers, ...(from && { origin: from }) },
        });
        // The API's origin guard refuses sign-ins from a foreign page.
        const isGuarded =
          from === foreign && path() === '/token' && method === 'POST' && (rest.body?.length ?? 0) < 130_000;
        expect(answer.status).toBe(isGuarded ? 403 : status);
        expectCors(answer, from);
        if (status >= 400) expectProblem(answer);
      }
    },
  );

  test('nginx answers an unreadable request with a problem and without a CORS grant', async () => {
    for (const [status, path, headers] of [
      [400, '/protected', { host: 'a b' }],
      [414, `/${'x'.repeat(70_000)}`, {}],
    ] as const) {
      const answer = await ask(nginx.apiUrl, 'GET', path, { headers });
      expect(answer.status).toBe(status);
      expectCors(answer, undefined);
      expect(expectProblem(answer).code).toBe('invalid_request');
    }
  });

  test.each(['/protected', '/api/users/1', '/metrics', '/nothing'])(
    'nginx answers a preflight of %s with 204 for a listed origin, and with 403 for others',
    async (path) => {
      const granted = await ask(nginx.apiUrl, 'OPTIONS', path, { headers: preflight(origin) });
      expect(granted.status).toBe(204);
      expect(granted.count('access-control-allow-origin')).toBe(1);
      const { headers: direct } = await ask(api.url, 'OPTIONS', path, { headers: preflight(origin) });
      for (const name of Object.keys(direct).filter((each) => /^access-control-|^vary$/.test(each))) {
        expect([name, granted.headers[name]]).toEqual([name, direct[name]]);
      }
      const refused = await ask(nginx.apiUrl, 'OPTIONS', path, { headers: preflight(foreign) });
      expect(refused.status).toBe(403);
      expectCors(refused, foreign);
      expect(expectProblem(refused).code).toBe('origin_refused');
    },
  );

  test('nginx compares an origin byte for byte', async () => {
    for (const near of [
      origin.toUpperCase(),
      `${origin}/`,
      `${origin}0`,
      `x${origin}`,
      origin.replace('localhost', 'localhostx'),
      'null',
    ]) {
      expect((await ask(nginx.apiUrl, 'OPTIONS', '/token', { headers: preflight(near) })).status).toBe(403);
      expect(
        (await ask(nginx.apiUrl, 'GET', '/metrics', { headers: { origin: near } })).count(
          'access-control-allow-origin',
        ),
      ).toBe(0);
    }
  });

  test('Preflights never reach the API, on either port', async () => {
    for (const [index, url] of [nginx.apiUrl, nginx.webUrl].entries()) {
      for (const from of [origin, foreign])
        await ask(url, 'OPTIONS', '/api/posts', { headers: preflight(from) });
      // The log has its lines in order and in batches: once this one is there, those before it are, too.
      await ask(url, 'GET', '/api/healthz-is-not-here');
      await expect.poll(() => api.countRequests('GET', '/api/healthz-is-not-here')).toBe(index + 1);
    }
    const answered = api.requests().filter(({ method }) => method === 'OPTIONS');
    // The API has logged only those that the tests above sent to it directly.
    expect(answered.filter(({ path }) => path === '/api/posts')).toEqual([]);
  });
});

describe('A flood of sign-ins', () => {
  test('nginx refuses a flood of sign-ins before it reaches the API, and says when to retry', async () => {
    const wrong = JSON.stringify({ username: 'nobody-at-all', password: 'not the password' });
    const before = api.countRequests('POST', '/token');
    const answers = await Promise.all(
      Array.from({ length: 120 }, () =>
        ask(nginx.apiUrl, 'POST', '/token', { headers: { origin }, body: wrong }),
      ),
    );
    const refused = answers.filter(
      ({ headers }) => headers.ratelimit === undefined && headers['retry-after'] === '5',
    );
    expect(refused.length).toBeGreaterThan(20);
    for (const answer of refused) {
      expect(answer.status).toBe(429);
      expectCors(answer, origin);
      expect(expectProblem(answer).code).toBe('too_many_requests');
    }
    await expect
      .poll(() => api.countRequests('POST', '/token'))
      .toBe(before + answers.length - refused.length);
    // All other requests still work.
    expect((await ask(nginx.apiUrl, 'GET', '/protected', { headers: bearer() })).status).toBe(200);
  });
});

describe('An API that fails', () => {
  test.each([
    ['is not there', 502, undefined],
    ['does not answer', 504, () => undefined],
    ['hangs up', 502, (socket: { destroy(): void }) => socket.destroy()],
  ] as const)('The page can read the problem of an API that fails: %s: %i', async (_name, status, behave) => {
    const [webPort, apiPort] = await ports(2);
    const upstream = behave && (await listen((request) => behave(request.socket)));
    const upstreamPort = upstream ? portOf(upstream) : (await ports(1))[0];
    const own = await startNginx({
      webPort,
      apiPort,
      apiServers: `127.0.0.1:${upstreamPort}`,
      env: { WEB_ORIGINS: origin, API_SECONDS: '1' },
    });
    try {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        for (const from of [origin, foreign]) {
          const answer = await ask(own.apiUrl, method, '/api/users/1', { headers: { origin: from } });
          expect([method, answer.status]).toEqual([method, status]);
          expectCors(answer, from);
          expect(expectProblem(answer).code).toBe('not_ready');
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        }
      }
    } finally {
      await own.stop();
      upstream?.closeAllConnections();
      upstream?.close();
    }
  });
});

describe('What nginx passes to the API', () => {
  test('nginx sets X-Forwarded-* itself, and passes the request id through', async () => {
    const told: Record<string, unknown>[] = [];
    const upstream = await listen((request, response) => {
      told.push(request.headers);
      response.end('{}');
    });
    const [webPort, apiPort] = await ports(2);
    const own = await startNginx({ webPort, apiPort, apiServers: `127.0.0.1:${portOf(upstream)}` });
    try {
      const forged = {
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
        forwarded: 'for=6.6.6.6',
        'x-real-ip': '6.6.6.6',
      };
      await ask(own.apiUrl, 'DELETE', '/api/users/%31?a=%2F', {
        headers: { ...forged, 'x-request-id': 'an-id-of-mine' },
      });
      await ask(own.apiUrl, 'GET', '/', { headers: { 'x-request-id': 'bad id "' } });
      expect(told[0]).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': `localhost:${apiPort}`,
        host: `localhost:${apiPort}`,
        'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(told[0]).not.toHaveProperty('forwarded');
      expect(told[0]).not.toHaveProperty('x-real-ip');
      expect(told[1]?.['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
      // nginx writes its log line after it has sent the answer.
      await expect.poll(own.logged).toContain('"caller_request_id":"an-id-of-mine"');
      expect(own.logged()).toContain('"path":"/api/users/%31"');
    } finally {
      await own.stop();
      upstream.close();
    }
  });
});

describe('nginx behind another proxy', () => {
  test.each([
    [
      'behind a proxy in TRUSTED_PROXIES is the last address that is not such a proxy',
      '127.0.0.1, 10.0.0.0/8',
      '203.0.113.9',
      /^id-of-the-proxy$/,
    ],
    [
      'behind any other proxy is that proxy, which does not choose the request id',
      '10.0.0.0/8',
      '127.0.0.1',
      /^[0-9a-f]{32}$/,
    ],
  ])('nginx behind another proxy: the caller %s', async (_name, TRUSTED_PROXIES, caller, id) => {
    const told: unknown[] = [];
    const ids: unknown[] = [];
    const upstream = await listen((request, response) => {
      ids.push(request.headers['x-request-id']);
      told.push(request.headers['x-forwarded-for']);
      response.end('{}');
    });
    const [webPort, apiPort] = await ports(2);
    const own = await startNginx({
      webPort,
      apiPort,
      apiServers: `127.0.0.1:${portOf(upstream)}`,
      env: { TRUSTED_PROXIES },
    });
    try {
      for (const method of ['GET', 'DELETE'])
        await ask(own.apiUrl, method, '/api/users/1', {
          headers: {
            'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3',
            'x-request-id': 'id-of-the-proxy',
          },
        });
      expect(told).toEqual([caller, caller]);
      expect(ids).toEqual([expect.stringMatching(id), expect.stringMatching(id)]);
      await expect.poll(own.logged).toContain(`"address":"${caller}"`);
    } finally {
      await own.stop();
      upstream.close();
    }
  });
});

test('nginx counts the sign-ins of one IPv6 /64 network as those of one caller', async () => {
  const upstream = await listen((_request, response) => response.end('{}'));
  const [webPort, apiPort] = await ports(2);
  const own = await startNginx({
    webPort,
    apiPort,
    apiServers: `127.0.0.1:${portOf(upstream)}`,
    env: { TRUSTED_PROXIES: '127.0.0.1', SIGN_INS_PER_SECOND: '1' },
  });
  try {
    const statusesFrom = async (addresses: readonly string[]) => {
      const answers = addresses.map((address) =>
        ask(own.apiUrl, 'POST', '/token', { headers: { 'x-forwarded-for': address } }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    const hundredOf = (network: string) =>
      Array.from({ length: 100 }, (_, index) => `${network}${index + 1}`);
    for (const network of ['2001:db8:1:2:3::', '2001:db8::']) {
      const statuses = await statusesFrom(hundredOf(network));
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
    }
    for (const network of ['203.0.113.', '::ffff:198.51.100.'])
      expect(new Set(await statusesFrom(hundredOf(network)))).toEqual(new Set([200]));
    expect(await statusesFrom(['2001:db8:1:3::1', '2001:db8:0:1::1'])).toEqual([200, 200]);
  } finally {
    await own.stop();
    upstream.close();
  }
});

describe('The app behind nginx', () => {
  const policies = [
    'content-security-policy',
    'cross-origin-opener-policy',
    'x-content-type-options',
    'referrer-policy',
    'permissions-policy',
  ];

  test.each(['/', '/users', '/assets/', '/config.json', '/start.js', '/favicon.svg'])(
    'The app has its security headers on %s',
    async (path) => {
      const { headers, status } = await ask(nginx.webUrl, 'GET', path);
      if (status < 400)
        for (const name of policies) expect([name, headers[name]]).not.toEqual([name, undefined]);
      expect(headers['content-security-policy'] ?? "script-src 'self';").toMatch(/script-src 'self';/);
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );

  test('Browsers keep hashed files for a year and revalidate all others', async () => {
    const [script = ''] = readdirSync(assets).filter((name) => name.endsWith('.js'));
    const compressed = await ask(nginx.webUrl, 'GET', `/assets/${script}`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(compressed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.headers.vary).toContain('Accept-Encoding');
    for (const path of ['/', '/index.html', '/users/7', '/start.js']) {
      expect([path, (await ask(nginx.webUrl, 'GET', path)).headers['cache-control']]).toEqual([
        path,
        'no-cache',
      ]);
    }
    const configuration = await ask(nginx.webUrl, 'GET', '/config.json');
    expect(configuration.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(configuration.text)).toEqual({ api_url: null });
    for (const path of ['/assets/gone-12345678.js', '/.env', '/users/.git/config']) {
      const missing = await ask(nginx.webUrl, 'GET', path);
      expect([path, missing.status, missing.headers['cache-control']]).toEqual([path, 404, 'no-store']);
    }
    const part = await ask(nginx.webUrl, 'GET', '/favicon.svg', { headers: { range: 'bytes=100000-' } });
    expect([part.status, part.count('cache-control')]).toEqual([200, 1]);
  });

  test('The picture for previews of a link has a whole address, and browsers still revalidate the page', async () => {
    const page = await ask(nginx.webUrl, 'GET', '/feed');
    expect(page.text).toContain(`content="${nginx.webUrl}/og-image.png"`);
    expect((await ask(nginx.webUrl, 'GET', '/og-image.png')).headers['content-type']).toBe('image/png');
    const again = await ask(nginx.webUrl, 'GET', '/feed', {
      headers: { 'if-modified-since': page.headers['last-modified'] ?? '' },
    });
    expect(again.status).toBe(304);
  });

  test('The port of the app serves the API too, without compression', async () => {
    const answer = await ask(nginx.webUrl, 'GET', '/api/users', {
      headers: { ...bearer(), 'accept-encoding': 'gzip' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect((await ask(nginx.webUrl, 'GET', '/metrics')).status).toBe(404);
    const admins = await ask(nginx.webUrl, 'GET', '/api/audit', {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(admins.status).toBe(200);
    // The audit log has the caller's address as nginx saw it.
    expect(JSON.parse(admins.text)[0].ip).toBe('127.0.0.1');
  });
});

test('start.sh refuses an invalid environment, and names every fault in it', () => {
  const { status, said } = testConfiguration({
    WEB_ORIGINS: '*,null,https://a.example/,HTTP://b.example,https://c.example:443,x"; }',
    WEB_PORT: 'x',
    API_URL: 'ftp://y',
  });
  expect(status).toBe(1);
  for (const wrong of [
    '"*"',
    '"null"',
    '"https://a.example/"',
    '"HTTP://b.example"',
    '"https://c.example:443"',
    'x"; }',
    'WEB_PORT=x',
    'API_URL=ftp://y',
  ]) {
    expect(said).toContain(wrong);
  }
});

type Behaviour = Parameters<typeof createServer>[1] & {};

async function listen(behave: Behaviour): Promise<Server> {
  const server = createServer(behave);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
