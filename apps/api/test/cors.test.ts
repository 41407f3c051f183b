import { describe, expect, test } from 'vitest';
import { startApi, webOrigin } from './start-api.ts';

const unlisted = [
  'https://evil.example',
  'http://localhost:41000',
  'http://localhost:4100.evil.example',
  'http://localhost:4100/',
  'https://localhost:4100',
  'HTTP://LOCALHOST:4100',
  'http://localhost',
  'http://sub.localhost:4100',
  'http://localhost:4100, http://localhost:4100',
  'null',
  '*',
  '',
];

const preflight = {
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization',
};

const grants = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith('access-control-'));

/** One request for each kind of answer. */
async function answers() {
  const api = await startApi();
  const { token } = await api.signIn();
  const broken = await startApi();
  await broken.db.schema.dropTable('audit_events');
  await broken.db.schema.dropTable('limits');
  return [
    {
      status: 200,
      ask: (origin?: string) =>
        api.send('GET', '/protected', { token, ...(origin !== undefined && { origin }) }),
    },
    {
      status: 401,
      ask: (origin?: string) => api.send('GET', '/protected', { ...(origin !== undefined && { origin }) }),
    },
    {
      status: 404,
      ask: (origin?: string) => api.send('GET', '/nowhere', { ...(origin !== undefined && { origin }) }),
    },
    {
      status: 405,
      ask: (origin?: string) => api.send('PUT', '/token', { ...(origin !== undefined && { origin }) }),
    },
    {
      status: 413,
      ask: (origin?: string) =>
        api.send('PATCH', '/api/users/2', {
          token,
          body: { name: 'x'.repeat(200_000) },
          ...(origin !== undefined && { origin }),
        }),
    },
    {
      status: 400,
      ask: (origin?: string) =>
        api.send('PATCH', '/api/users/2', { token, body: '{', ...(origin !== undefined && { origin }) }),
    },
    {
      status: 500,
      ask: (origin?: string) =>
        broken.send('POST', '/token', {
          headers: { ...(origin !== undefined && { origin }) },
          body: { username: 'toby', password: '123toby' },
        }),
    },
  ];
}

describe('an answer', () => {
  test('an answer of any status to a listed origin has its grant exactly once', async () => {
    for (const { status, ask } of await answers()) {
      const { headers, status: answered } = await ask(webOrigin);
      expect(answered).toBe(status);
      expect(headers.get('access-control-allow-origin')).toBe(webOrigin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-expose-headers')).toBe(
        'Link,Location,Retry-After,WWW-Authenticate,X-Request-Id,RateLimit,RateLimit-Policy',
      );
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  test.each(unlisted)('an answer of any status to the unlisted origin %j has no grant', async (origin) => {
    for (const { ask } of await answers()) {
      const { headers } = await ask(origin);
      expect(grants(headers)).toEqual([]);
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  test('an answer to a request without Origin has no grant, and has Vary: Origin', async () => {
    for (const { status, ask } of await answers()) {
      const { headers, status: answered } = await ask();
      expect([answered, grants(headers), headers.get('vary')]).toEqual([status, [], 'Origin']);
    }
  });

  test('each origin gets its own grant when 200 requests are interleaved', async () => {
    const api = await startApi({
      env: { WEB_ORIGINS: 'http://localhost:4100,http://127.0.0.1:4100,http://localhost:5000' },
    });
    const origins = [
      'http://localhost:4100',
      'http://127.0.0.1:4100',
      'http://localhost:5000',
      'https://evil.example',
      undefined,
    ];
    const asked = Array.from({ length: 200 }, (_, index) => origins[index % origins.length]);
    const answered = await Promise.all(
      asked.map((origin) => api.send('GET', '/healthz', { ...(origin !== undefined && { origin }) })),
    );
    const granted = answered.map(({ headers }) => headers.get('access-control-allow-origin') ?? undefined);
    expect(granted).toEqual(asked.map((origin) => (origin === 'https://evil.example' ? undefined : origin)));
  });
});

describe('a preflight', () => {
  test.each(['/protected', '/api/users/1', '/nowhere'])(
    'a preflight from a listed origin for %s is 204, without authentication',
    async (path) => {
      const api = await startApi();
      const { status, headers, text } = await api.send('OPTIONS', path, {
        origin: webOrigin,
        headers: preflight,
      });
      expect([status, text]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe(webOrigin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS');
      expect(headers.get('access-control-allow-headers')).toBe(
        'Authorization,Content-Type,X-Requested-With,X-Origin,X-Request-Id,Accept,Origin',
      );
      expect(headers.get('access-control-max-age')).toBe('7200');
      expect(headers.get('vary')).toContain('Origin');
    },
  );

  test.each(unlisted)('a preflight from the unlisted origin %j is 403 and grants nothing', async (origin) => {
    const api = await startApi();
    const { status, headers, body } = await api.send('OPTIONS', '/protected', { origin, headers: preflight });
    expect([status, body.code, grants(headers)]).toEqual([403, 'origin_refused', []]);
    expect(headers.get('vary')).toContain('Origin');
  });

  test('another method with the headers of a preflight is an ordinary request', async () => {
    const api = await startApi();
    for (const origin of [webOrigin, 'https://evil.example']) {
      const { status, headers, body } = await api.send('GET', '/healthz', { origin, headers: preflight });
      expect([status, body]).toEqual([200, { status: 'ok' }]);
      expect(headers.get('vary')).toBe('Origin');
    }
  });

  test('OPTIONS without the two headers of a preflight is answered with the methods of the path', async () => {
    const api = await startApi();
    const { status, headers } = await api.send('OPTIONS', '/api/users/1', { origin: webOrigin });
    expect(status).toBe(204);
    expect(headers.get('allow')?.split(', ').sort()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'PUT',
    ]);
    expect(headers.get('access-control-allow-methods')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBe(webOrigin);
    expect((await api.send('OPTIONS', '/token', { headers: preflight })).headers.get('allow')).toBe(
      'POST, OPTIONS',
    );
  });
});
