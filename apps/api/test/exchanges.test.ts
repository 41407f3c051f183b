import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Exchange, RefusalRule, refusalRules } from '@signet/contracts';
import { readEvents } from '@signet/contracts/event-stream';
import { describe, expect, test } from 'vitest';
import { type Api, startApi, webOrigin } from './start-api.ts';

const json = { 'content-type': 'application/json' };

async function readExchanges(api: Api, after = 'start'): Promise<Exchange[]> {
  const answer = await fetch(`${api.url}/api/exchanges?after=${after}`);
  const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => Exchange.parse(JSON.parse(line.slice(6))));
}

/** The exchanges that these calls leave. */
async function traced(api: Api, calls: () => Promise<unknown>): Promise<Exchange[]> {
  const last = (await readExchanges(api)).at(-1)?.id;
  await calls();
  return readExchanges(api, last);
}

/** Sends exactly these headers, because fetch sets Host and Origin itself. */
function ask(url: string, headers: Record<string, string | string[]>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject).end();
  });
}

/** Watches until the test closes it. */
async function watch(api: Api, headers: Record<string, string> = {}, query = '') {
  const closing = new AbortController();
  const answer = await fetch(`${api.url}/api/exchanges${query}`, { headers, signal: closing.signal });
  if (!answer.body || answer.status !== 200) return { status: answer.status, next: undefined, close() {} };
  const events = readEvents(answer.body, {
    parse: (data) => Exchange.parse(JSON.parse(data)),
    toError: (cause) => cause,
  });
  return {
    status: answer.status,
    next: async () => Exchange.parse((await events.next()).value),
    close: () => closing.abort(),
  };
}

describe('an exchange', () => {
  test('an exchange has the facts of a call by bearer: names, steps, grant and durations', async () => {
    const api = await startApi();
    const { token } = await api.signIn('niko');
    const [exchange] = await traced(api, () =>
      api.send('GET', '/api/posts?limit=5', {
        token,
        headers: { origin: webOrigin, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      }),
    );
    expect(exchange).toMatchObject({
      method: 'GET',
      route: '/api/posts',
      status: 200,
      origin: webOrigin,
      fetch_site: 'same-site',
      fetch_mode: 'cors',
      query: ['limit'],
      cookies: [],
      token: { carrier: 'bearer', scheme: 'bearer', parts: 3, bytes: token.length, is_quoted: false },
      decisions: [
        { step: 'origin', outcome: 'granted' },
        { step: 'authentication', outcome: 'granted' },
      ],
      grant: {
        origin: webOrigin,
        credentials: true,
        exposed_headers: expect.arrayContaining(['X-Request-Id']),
      },
      vary: expect.arrayContaining(['Origin']),
      set_cookies: [],
      durations: {
        total: expect.any(Number),
        guard: expect.any(Number),
        authentication: expect.any(Number),
        handler: expect.any(Number),
      },
    });
    expect(exchange?.headers).toEqual(expect.arrayContaining(['authorization', 'origin', 'host']));
    expect(exchange?.problem).toBeUndefined();
  });

  test('an exchange has the cookies that a sign-in sets by name and attributes, and none of their values', async () => {
    const api = await startApi();
    const [exchange] = await traced(api, () =>
      api.send('POST', '/api/users/authenticate', { body: { uid: 'niko', password: '123niko' } }),
    );
    expect(exchange?.set_cookies.slice(0, 2)).toEqual([
      {
        name: 'jwt',
        path: '/',
        same_site: 'Lax',
        secure: false,
        http_only: true,
        partitioned: false,
        max_age: 3600,
      },
      expect.objectContaining({ name: 'jwt_refresh', path: '/api/sessions', http_only: true }),
    ]);
  });

  test('an exchange of a preflight says what it asked for and what was granted', async () => {
    const api = await startApi();
    const [exchange] = await traced(api, () =>
      ask(
        `${api.url}/api/posts/4`,
        {
          origin: webOrigin,
          'access-control-request-method': 'DELETE',
          'access-control-request-headers': 'authorization,content-type',
        },
        'OPTIONS',
      ),
    );
    expect(exchange).toMatchObject({
      status: 204,
      route: '/api/posts/:id',
      preflight: { method: 'DELETE', headers: ['authorization', 'content-type'] },
      grant: {
        origin: webOrigin,
        methods: expect.arrayContaining(['DELETE']),
        headers: expect.arrayContaining(['Authorization']),
        max_age: 7200,
      },
    });
  });

  test('an exchange of a preflight has the route of the request that it asks for, also where that is a wrong method', async () => {
    const api = await startApi();
    const asked = { origin: webOrigin, 'access-control-request-method': 'DELETE' };
    const exchanges = await traced(api, async () => {
      await ask(`${api.url}/api/users/me`, asked, 'OPTIONS');
      await ask(`${api.url}/api/users/me`, { origin: webOrigin }, 'DELETE');
    });
    expect(exchanges.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['OPTIONS', '/api/users/me', 204],
      ['DELETE', '/api/users/me', 405],
    ]);
  });

  test('an exchange of a path that no endpoint has does not show the path', async () => {
    const api = await startApi();
    const [exchange] = await traced(api, () => api.send('GET', '/api/users/eyJhbGciOi.J9.x/secret'));
    expect(exchange).toMatchObject({ status: 404, problem: { code: 'not_found' } });
    expect(exchange?.route).toBeUndefined();
  });

  test('an exchange says in which way something that is no token was sent', async () => {
    const api = await startApi();
    const sent = [
      'Bearer undefined',
      'Bearer null',
      'Bearer "a.b.c"',
      'Bearer {{token}}',
      'a.b.c',
      'Basic eDp5',
    ];
    const exchanges = await traced(api, async () => {
      for (const authorization of sent) await api.send('GET', '/protected', { headers: { authorization } });
    });
    expect(exchanges.map(({ token }) => token)).toMatchObject([
      { scheme: 'bearer', placeholder: 'undefined' },
      { scheme: 'bearer', placeholder: 'null' },
      { scheme: 'bearer', is_quoted: true, parts: 3 },
      { scheme: 'bearer', placeholder: 'variable' },
      { scheme: 'none', parts: 3 },
      { scheme: 'basic', parts: 1 },
    ]);
  });
});

describe('no value that a caller sent', () => {
  test('no value that a caller sent is in the trace or in the log: not of a header, cookie, query, path or body, and not the password', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn('niko');
    const canary = 'canary-of-this-test';
    const [, payload = ''] = token.split('.');
    const secrets = [canary, payload, refreshToken, '123niko'];
    const headers = {
      origin: `http://${canary}/path`,
      'x-anything': canary,
      'user-agent': canary,
      referer: `http://localhost:4100/?${canary}`,
      'x-request-id': 'not a valid one: canary-of-this-test',
      'content-type': `application/json; ${canary}`,
      'access-control-request-method': canary,
      'access-control-request-headers': `${canary}_, A${canary}`,
      'last-event-id': canary,
      cookie: `a=${canary}; jwt=${canary}; jwt_refresh=${refreshToken}; ${canary}`,
    };
    const exchanges = await traced(api, async () => {
      await api.send('GET', `/api/users/${canary}?q=${canary}&limit=${canary}`, { token, headers });
      await api.send('POST', `/api/posts?x=${canary}`, { token, body: { note: canary } });
      await api.send('POST', '/token', { body: { username: canary, password: '123niko' } });
      await api.send('POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } });
      await api.send('GET', '/protected', { headers: { authorization: `Bearer ${canary}` } });
      await api.send('GET', '/protected', { headers: { authorization: `Basic ${canary}`, ...headers } });
      await api.send('GET', `/${canary}/${canary}`);
    });
    expect(exchanges).toHaveLength(7);
    const text = JSON.stringify(exchanges);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('no value that a caller sent is in a name that is not one: names are cut to 64 safe characters, and to forty of a kind', async () => {
    const api = await startApi();
    const cookie = Array.from({ length: 60 }, (_none, index) => `name${index}=value`).join('; ');
    const [exchange] = await traced(api, () =>
      api.send('GET', `/healthz?${'q'.repeat(100)}=1&a*b(c)=2&a-value-alone`, { headers: { cookie } }),
    );
    expect(exchange?.cookies).toHaveLength(40);
    expect(exchange?.query).toEqual(['q'.repeat(64), 'a*b_c_', '_']);
  });
});

test('each rule of the closed list refuses some request and is named in the trace, with its code in the answer', async () => {
  const api = await startApi({ env: { TRUST_PROXY: '1' } });
  const signIn = async () => {
    const { token, refreshToken } = await api.signIn('niko');
    return { token, refresh_token: refreshToken };
  };
  const refresh = (refresh_token: string, userAgent = 'one') =>
    api.send('POST', '/api/sessions/refresh', {
      body: { refresh_token },
      headers: { 'user-agent': userAgent },
    });
  const foreign = 'http://evil.example';
  const calls: readonly (readonly [RefusalRule, () => Promise<unknown>])[] = [
    ['no-token', () => api.send('GET', '/protected')],
    ['two-cookies', () => api.send('GET', '/protected', { headers: { cookie: 'jwt=a; jwt=b' } })],
    ['origin-unlisted', () => api.send('POST', '/token', { headers: { origin: foreign }, body: {} })],
    [
      'fetch-site',
      () => api.send('POST', '/token', { headers: { 'sec-fetch-site': 'cross-site' }, body: {} }),
    ],
    [
      'preflight-origin',
      () => ask(`${api.url}/token`, { origin: foreign, 'access-control-request-method': 'POST' }, 'OPTIONS'),
    ],
    ['host-name', () => ask(`${api.url}/protected`, { host: 'evil.example' })],
    [
      'no-refresh-token',
      () => ask(`${api.url}/api/sessions/refresh`, { ...json, cookie: 'jwt=a.b.c' }, 'POST'),
    ],
    ['refresh-mac', () => refresh('AAAAAAAAAAAAAAAAAAAAAA.1.AAAA')],
    [
      'refresh-reused',
      async () => {
        const { refresh_token } = await signIn();
        await refresh(refresh_token);
        api.advance(60);
        await refresh(refresh_token);
      },
    ],
    [
      'refresh-elsewhere',
      async () => {
        const { refresh_token } = await signIn();
        await refresh(refresh_token);
        await api.send('POST', '/api/sessions/refresh', {
          body: { refresh_token },
          headers: { 'user-agent': 'another', 'x-forwarded-for': '203.0.113.9' },
        });
      },
    ],
    [
      'refresh-owner',
      async () => {
        const { token } = await signIn();
        const { refresh_token } = await signIn();
        await api.send('POST', '/api/sessions/refresh', {
          cookie: `jwt=${token}; jwt_refresh=${refresh_token}`,
        });
      },
    ],
    [
      'refresh-ended',
      async () => {
        const { token, refresh_token } = await signIn();
        await api.send('DELETE', '/api/sessions/current', { token });
        await refresh(refresh_token);
      },
    ],
    [
      'refresh-ahead',
      async () => {
        const { refresh_token } = await signIn();
        const { body } = await refresh(refresh_token);
        await api.db('sessions').update({ generation: 0 });
        await refresh(body.refresh_token);
      },
    ],
    [
      'refresh-carrier',
      async () => {
        const { refresh_token } = await signIn();
        await api.send('POST', '/api/sessions/refresh', {
          headers: { cookie: `jwt_refresh=${refresh_token}` },
        });
      },
    ],
    [
      'refresh-session',
      async () => {
        const { refresh_token } = await signIn();
        await api.db('sessions').delete();
        await refresh(refresh_token);
      },
    ],
    [
      'two-refresh-cookies',
      () => api.send('POST', '/api/sessions/refresh', { headers: { cookie: 'jwt=a; jwt=b; jwt_refresh=c' } }),
    ],
  ];
  // Before the others, one of which deletes every session.
  const all = [...(await tokenCalls(api)), ...calls];
  for (const [rule, call] of all) {
    const exchanges = await traced(api, call);
    const { code } = refusalRules[rule];
    expect([rule, exchanges.at(-1)?.problem]).toEqual([rule, { code, rule }]);
  }
  const reached = all.map(([rule]) => rule);
  // METRICS_TOKEN is asked for where others reach the API, and there is no trace there.
  expect(RefusalRule.options.filter((rule) => !reached.includes(rule))).toEqual(['operator-token']);
});

/** A call for each rule of a token in a header, which differs from an accepted one in one thing. */
async function tokenCalls(api: Api): Promise<[RefusalRule, () => Promise<unknown>][]> {
  const { token } = await api.signIn('niko');
  const [head = '', payload = '', signature = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const encode = (part: unknown) =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
  const [header, claims] = [read(head), read(payload)];
  const forge = (headerPart: unknown, payloadPart: unknown) => {
    const input = `${encode(headerPart)}.${encode(payloadPart)}`;
    return `${input}.${createHmac('sha256', api.secret).update(input).digest('base64url')}`;
  };
  const protectedBy = (authorization: string | string[]) => () =>
    ask(`${api.url}/protected`, { authorization });
  const bearer = (text: string) => protectedBy(`Bearer ${text}`);
  expect(await bearer(forge(header, claims))()).toBe(200);
  return [
    ['scheme', protectedBy('Basic dG9ieTo=')],
    ['bearer-syntax', bearer('two words')],
    ['two-authorizations', protectedBy([`Bearer ${token}`, `Bearer ${token}`])],
    ['token-size', bearer(forge(header, { ...claims, pad: 'x'.repeat(4096) }))],
    ['token-shape', bearer('undefined')],
    ['base64url', bearer(`${token}=`)],
    ['header-json', bearer(forge('not json', claims))],
    ['header-member', bearer(forge({ ...header, crit: ['exp'] }, claims))],
    ['typ', bearer(forge({ ...header, typ: 'JWT' }, claims))],
    ['alg', bearer(forge({ ...header, alg: 'none' }, claims))],
    ['kid', bearer(forge({ ...header, kid: 'unknown' }, claims))],
    ['signature', bearer(`${head}.${encode({ ...claims, sub: '1' })}.${signature}`)],
    ['payload-json', bearer(forge(header, '"text"'))],
    ['claims', bearer(forge(header, { ...claims, sid: undefined }))],
    ['iss', bearer(forge(header, { ...claims, iss: 'https://other.example' }))],
    ['aud', bearer(forge(header, { ...claims, aud: 'other' }))],
    ['lifetime', bearer(forge(header, { ...claims, exp: claims.exp + 1 }))],
    ['not-before', bearer(forge(header, { ...claims, nbf: claims.iat + 3000 }))],
    ['exp', bearer(forge(header, { ...claims, iat: claims.iat - 3600, exp: claims.iat }))],
    ['session', bearer(forge(header, { ...claims, sid: 'B'.repeat(22) }))],
    ['sub', bearer(forge(header, { ...claims, sub: '3' }))],
    ['carrier', () => ask(`${api.url}/protected`, { cookie: `jwt=${token}` })],
  ];
}

describe('the stream of exchanges', () => {
  test('the stream of exchanges has what was kept and then each new exchange, of any caller', async () => {
    const api = await startApi();
    await api.send('GET', '/healthz');
    const stream = await watch(api);
    expect(await stream.next?.()).toMatchObject({ route: '/healthz' });
    await api.send('GET', '/protected');
    const live = await stream.next?.();
    expect(live).toMatchObject({ route: '/protected', status: 401 });
    expect(live?.durations.database).toEqual(expect.any(Number));
    stream.close();
  });

  test('the stream of exchanges goes on after the exchange that Last-Event-ID names, and begins with the oldest for an id of another process', async () => {
    const api = await startApi();
    await api.send('GET', '/healthz');
    await api.send('GET', '/readyz');
    const [first] = await readExchanges(api);
    const resumed = await watch(api, { 'last-event-id': first?.id ?? '' });
    expect(await resumed.next?.()).toMatchObject({ route: '/readyz' });
    resumed.close();
    const restarted = await watch(api, { 'last-event-id': '00000000.7' });
    expect(await restarted.next?.()).toMatchObject({ route: '/healthz' });
    restarted.close();
  });

  test('the stream of exchanges goes on after the exchange that `since` names, and after that of Last-Event-ID where both are there', async () => {
    const api = await startApi();
    for (const path of ['/healthz', '/readyz', '/protected']) await api.send('GET', path);
    const [first, second] = await readExchanges(api);
    const begun = await watch(api, {}, `?since=${first?.id}`);
    expect(await begun.next?.()).toMatchObject({ route: '/readyz' });
    begun.close();
    const resumed = await watch(api, { 'last-event-id': second?.id ?? '' }, `?since=${first?.id}`);
    expect(await resumed.next?.()).toMatchObject({ route: '/protected' });
    resumed.close();
    expect((await api.send('GET', '/api/exchanges?since=now')).status).toBe(400);
  });

  test('the stream of exchanges keeps the last five hundred exchanges, and not the reading of itself', async () => {
    const api = await startApi();
    for (let index = 0; index < 505; index += 1) await api.send('GET', '/healthz');
    await readExchanges(api);
    const exchanges = await readExchanges(api);
    expect(exchanges).toHaveLength(500);
    expect(exchanges.at(-1)?.id).toMatch(/\.505$/);
  });

  test('the stream of exchanges is open to four callers at once, and to the next when one of them leaves', async () => {
    const api = await startApi();
    const streams = await Promise.all(Array.from({ length: 4 }, () => watch(api)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await watch(api)).status).toBe(503);
    streams[0]?.close();
    await expect.poll(async () => (await watch(api)).status).toBe(200);
  });

  test('the stream of exchanges is in no histogram, because it lasts for as long as its reader likes', async () => {
    const api = await startApi();
    const stream = await watch(api);
    stream.close();
    await readExchanges(api);
    await expect.poll(api.logged).toContain('GET /api/exchanges 499');
    const { text } = await api.send('GET', '/metrics');
    expect(text).not.toContain('/api/exchanges');
  });

  test('the stream of exchanges is refused to a foreign page, under a foreign host, and to what a foreign page embeds', async () => {
    const api = await startApi({ env: { ALLOWED_HOSTS: 'signet.test' } });
    const url = `${api.url}/api/exchanges?after=start`;
    expect(await ask(url, { origin: webOrigin })).toBe(200);
    expect(await ask(url, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask(url, { origin: 'http://evil.example' })).toBe(403);
    expect(await ask(url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask(url, { 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await ask(url, { host: 'signet.test' })).toBe(421);
    expect(await ask(url, { host: 'localhost:8086' })).toBe(200);
  });

  test('the stream of exchanges does not exist where others reach the API', async () => {
    const elsewhere = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-origin' };
    const api = await startApi({ env: elsewhere });
    const { status, body } = await api.send('GET', '/api/exchanges');
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect((await api.send('POST', '/api/exchanges')).status).toBe(404);
  });
});
