import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { sessionOf } from './session-of.ts';
import { type Api, send, startApi } from './start-api.ts';

const refresh = (api: Api, refresh_token: string, headers: Record<string, string> = {}) =>
  api.send('POST', '/api/sessions/refresh', { body: { refresh_token }, headers });

describe('a refresh', () => {
  test('a refresh by bearer answers with the next tokens in the body', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn();
    const { status, body, setCookies } = await refresh(api, refreshToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String),
      user_id: 2,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    expect([body.token === token, body.refresh_token === refreshToken, setCookies]).toEqual([
      false,
      false,
      [],
    ]);
    for (const each of [token, body.token])
      expect((await api.send('GET', '/protected', { token: each })).status).toBe(200);
  });

  test('a refresh by cookie answers with the next tokens in cookies, and none in the body', async () => {
    const api = await startApi();
    const { cookie, setCookies: first } = await api.signInByCookie();
    const { status, text, setCookies } = await api.send('POST', '/api/sessions/refresh', { cookie });
    expect(status).toBe(200);
    expect(text).not.toMatch(/ey[A-Za-z0-9_-]+\.|refresh_token/);
    expect(setCookies.map((each) => each.replace(/=[^;]*/, ''))).toEqual(
      first.slice(0, 2).map((each) => each.replace(/=[^;]*/, '')),
    );
    const next = setCookies.map((each) => each.split(';', 1)[0]).join('; ');
    expect((await api.send('GET', '/protected', { cookie: next })).status).toBe(200);
  });

  test('a refresh by cookie needs no body, even if only the end of a chunked one shows that it is empty', async () => {
    const api = await startApi();
    const { cookie } = await api.signInByCookie();
    const headers = { cookie, 'transfer-encoding': 'chunked' };
    const [answer] = await once(
      request(`${api.url}/api/sessions/refresh`, { method: 'POST', headers }).end(),
      'response',
    );
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  test('a refresh with the previous token within the grace window answers with the same successor again', async () => {
    const api = await startApi();
    api.stopClock();
    const { refreshToken } = await api.signIn();
    const first = await refresh(api, refreshToken);
    api.advance(10);
    const again = await refresh(api, refreshToken);
    expect(again.body.refresh_token).toBe(first.body.refresh_token);
    expect((await refresh(api, again.body.refresh_token)).status).toBe(200);
  });

  test('a refresh with the previous token after the grace window is theft: the session ends on all processes, with one audit event', async () => {
    const api = await startApi({ processes: 3 });
    const { refreshToken } = await api.signIn();
    const { body: current } = await refresh(api, refreshToken);
    api.advance(11);
    const replays = await Promise.all(
      [...api.urls, ...api.urls].map((url) =>
        send(url, 'POST', '/api/sessions/refresh', { body: { refresh_token: refreshToken } }),
      ),
    );
    expect(replays.filter(({ body }) => body.code === 'refresh_reused').length).toBeGreaterThanOrEqual(1);
    for (const { status } of replays) expect(status).toBe(401);
    for (const url of api.urls) {
      expect((await send(url, 'GET', '/protected', { token: current.token })).body.code).toBe(
        'session_ended',
      );
      expect(
        (await send(url, 'POST', '/api/sessions/refresh', { body: { refresh_token: current.refresh_token } }))
          .status,
      ).toBe(401);
    }
    expect(await api.db('audit_events').where({ event: 'refresh_reused' })).toHaveLength(1);
    expect(await api.db('sessions').pluck('end_reason')).toEqual(['refresh_reused']);
  });

  test('a refresh that is theft ends the session also where that cannot be recorded', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    const { body: current } = await refresh(api, refreshToken);
    api.advance(11);
    await api.db.schema.renameTable('audit_events', 'elsewhere');
    expect((await refresh(api, refreshToken)).body.code).toBe('refresh_reused');
    expect((await refresh(api, current.refresh_token)).body.code).toBe('session_ended');
    expect(await api.db('sessions').pluck('end_reason')).toEqual(['refresh_reused']);
  });

  test.each(['ended_at', 'expires_at'])(
    'a refresh with the current or the previous token of a session whose %s is now gives no successor, and is no theft',
    async (column) => {
      const api = await startApi();
      const now = Date.now();
      api.stopClock(now);
      const { refreshToken } = await api.signIn();
      const { body } = await refresh(api, refreshToken);
      await api.db('sessions').update({ [column]: new Date(now).toISOString() });
      for (const token of [refreshToken, body.refresh_token])
        expect((await refresh(api, token)).body.code).toBe('session_ended');
      expect(await api.db('audit_events').whereLike('event', 'refresh%')).toEqual([]);
    },
  );

  test('a refresh with a token two generations old is theft at once', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    const { body: second } = await refresh(api, refreshToken);
    await refresh(api, second.refresh_token);
    expect((await refresh(api, refreshToken)).body.code).toBe('refresh_reused');
  });

  test('a refresh by fifty requests at once over three processes makes one successor and ends no session, ten times', async () => {
    const api = await startApi({ processes: 3 });
    api.stopClock();
    let { refreshToken } = await api.signIn();
    for (let round = 1; round <= 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          send(api.urls[index % 3] ?? '', 'POST', '/api/sessions/refresh', {
            body: { refresh_token: refreshToken },
          }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const successors = new Set(answers.map(({ body }) => body.refresh_token));
      expect(successors.size).toBe(1);
      refreshToken = [...successors][0];
    }
    const [session] = await api.db('sessions').select('generation', 'ended_at');
    expect(session).toEqual({ generation: 10, ended_at: null });
  });

  test('a refresh whose answer was lost can be repeated', async () => {
    const api = await startApi();
    api.stopClock();
    const { refreshToken } = await api.signIn();
    const cut = new AbortController();
    const lost = fetch(new URL('/api/sessions/refresh', api.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
      signal: cut.signal,
    });
    await expect.poll(async () => (await api.db('sessions').first('generation')).generation).toBe(1);
    cut.abort();
    await lost.catch(() => undefined);
    const { status, body } = await refresh(api, refreshToken);
    expect(status).toBe(200);
    expect((await api.send('GET', '/protected', { token: body.token })).status).toBe(200);
  });

  test('a refresh is refused without a token, with garbage, and with the other carrier’s', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    const { cookie } = await api.signInByCookie();
    const cookieRefresh = /jwt_refresh=([^;]+)/.exec(cookie)?.[1] ?? '';
    const [sid = '', , mac = ''] = refreshToken.split('.');
    // The last character of 32 bytes has two spare bits, which decoders ignore.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = [1, 2, 3].map(
      (bits) => mac.slice(0, -1) + alphabet[alphabet.indexOf(mac.at(-1) ?? '') + bits],
    );
    for (const hostile of [
      'x',
      '..',
      `${sid}.0.`,
      `${sid}.1.${mac}`,
      `${sid}.00.${mac}`,
      `${sid}.0.${mac}=`,
      ...respelled.map((other) => `${sid}.0.${other}`),
      ` ${refreshToken}`,
      cookieRefresh,
    ]) {
      expect([hostile, (await refresh(api, hostile)).body.code]).toEqual([hostile, 'refresh_invalid']);
    }
    expect((await api.send('POST', '/api/sessions/refresh')).body.code).toBe('refresh_invalid');
    expect(
      (await api.send('POST', '/api/sessions/refresh', { cookie: `jwt_refresh=${refreshToken}` })).body.code,
    ).toBe('refresh_invalid');
    expect((await refresh(api, refreshToken)).status).toBe(200);
  });

  test.each([
    ['another address', { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Owner' }],
    ['another address of its IPv6 network', { 'x-forwarded-for': '2001:db8::2', 'user-agent': 'Other' }],
  ])(
    'a refresh with the previous token from %s is repeated for its own client, and recorded',
    async (_, headers) => {
      const api = await startApi({ env: { TRUST_PROXY: '1' } });
      api.stopClock();
      const { refreshToken } = await api.signIn();
      const first = await refresh(api, refreshToken, {
        'x-forwarded-for': '2001:db8::1',
        'user-agent': 'Owner',
      });
      const again = await refresh(api, refreshToken, headers);
      expect([again.status, again.body.refresh_token]).toEqual([200, first.body.refresh_token]);
      const [event] = await api.db('audit_events').where({ event: 'refresh_repeated' });
      expect([event.user_id, event.session_id, JSON.parse(event.detail)]).toEqual([
        2,
        sessionOf(first.body.token),
        { granted: true, user_agent: expect.any(String) },
      ]);
    },
  );

  test('a refresh with the previous token from another address and user agent gives no successor, and ends and clears nothing', async () => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    api.stopClock();
    const owner = { 'x-forwarded-for': '203.0.113.1', 'user-agent': 'Owner' };
    const thief = { 'x-forwarded-for': '203.0.113.2', 'user-agent': 'Thief' };
    const { refreshToken } = await api.signIn();
    const { body } = await refresh(api, refreshToken, owner);
    for (let attempt = 1; attempt <= 15; attempt += 1) {
      const refused = await refresh(api, refreshToken, thief);
      expect([refused.status, refused.body.code, refused.setCookies]).toEqual([409, 'refresh_elsewhere', []]);
    }
    expect(await api.db('audit_events').where({ event: 'refresh_repeated' })).toHaveLength(10);
    expect((await api.send('GET', '/protected', { token: body.token })).status).toBe(200);
    const next = await refresh(api, body.refresh_token, owner);
    expect(next.status).toBe(200);
    expect((await refresh(api, refreshToken, thief)).body.code).toBe('refresh_reused');
  });

  test('a refresh without a user agent is not taken for that of another client without one', async () => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    const { refreshToken } = await api.signIn();
    const refreshFrom = async (address: string) => {
      // `fetch` always names an agent.
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
      const sent = request(`${api.url}/api/sessions/refresh`, { method: 'POST', headers });
      sent.end(JSON.stringify({ refresh_token: refreshToken }));
      const [answer] = await once(sent, 'response');
      answer.resume();
      return answer.statusCode;
    };
    expect(await refreshFrom('203.0.113.1')).toBe(200);
    expect(await refreshFrom('203.0.113.2')).toBe(409);
    expect(await refreshFrom('203.0.113.1')).toBe(200);
  });

  test('a refresh with a generation that a restored database has not reached is session_ended, without an alarm', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    const { body: second } = await refresh(api, refreshToken);
    const { body: third } = await refresh(api, second.refresh_token);
    await api.db('sessions').update({ generation: 0 });
    for (const token of [second.refresh_token, third.refresh_token])
      expect((await refresh(api, token)).body.code).toBe('session_ended');
    expect(await api.db('sessions').whereNotNull('ended_at')).toEqual([]);
    expect(await api.db('audit_events').where({ event: 'refresh_reused' })).toEqual([]);
    expect((await refresh(api, refreshToken)).status).toBe(200);
  });

  test('a refresh for a session that the database does not have any more is refused', async () => {
    const api = await startApi();
    const { refreshToken } = await api.signIn();
    await api.db('sessions').delete();
    const { status, body } = await refresh(api, refreshToken);
    expect([status, body.code]).toEqual([401, 'refresh_invalid']);
  });

  test('a refresh moves the idle end of the session, and never the absolute end', async () => {
    const api = await startApi({ env: { SESSION_IDLE_SECONDS: '1000', SESSION_MAX_SECONDS: '2500' } });
    await api.signIn('toby');
    api.advance(600);
    let { refreshToken } = await api.signIn();
    for (const seconds of [900, 900, 650]) {
      api.advance(seconds);
      const { status, body } = await refresh(api, refreshToken);
      expect(status).toBe(200);
      refreshToken = body.refresh_token;
    }
    api.advance(100);
    expect((await refresh(api, refreshToken)).body.code).toBe('session_ended');
  });

  test('a refresh is refused for a session that was idle for too long', async () => {
    const api = await startApi({ env: { SESSION_IDLE_SECONDS: '1000' } });
    const { token, refreshToken } = await api.signIn();
    api.advance(1001);
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    expect((await refresh(api, refreshToken)).body.code).toBe('session_ended');
  });
});

describe('refresh cookies', () => {
  const refreshBy = (api: Api, cookie: string) => api.send('POST', '/api/sessions/refresh', { cookie });
  const cookiesOf = async (api: Api, uid?: string) => {
    const { cookie } = await api.signInByCookie(uid);
    const [, jwt = ''] = /(?:^|; )(jwt=[^;]+)/.exec(cookie) ?? [];
    const [, own = ''] = /(jwt_refresh=[^;]+)/.exec(cookie) ?? [];
    return { jwt, own };
  };

  test('refresh cookies of another session than the access cookie, expired or not, renew nothing', async () => {
    const api = await startApi();
    const niko = await cookiesOf(api);
    const foreign = await cookiesOf(api, 'toby');
    for (const seconds of [0, 4000]) {
      api.advance(seconds);
      const { status, body, setCookies } = await refreshBy(api, `${niko.jwt}; ${foreign.own}`);
      expect([status, body.code, setCookies]).toEqual([401, 'refresh_invalid', []]);
    }
    expect((await refreshBy(api, `${niko.jwt}; ${niko.own}`)).body.message).toMatch(/niko/);
  });

  test.each(['jwt_refresh=x', 'jwt_refresh=j:{}', 'foreign', 'older'])(
    'are told apart by their MAC, their session and their age: %s beside the right one, before or after it',
    async (other) => {
      const api = await startApi();
      api.stopClock();
      const foreign = (await cookiesOf(api, 'toby')).own;
      let niko = await cookiesOf(api);
      const older = niko.own;
      const renew = async (cookie: string) => {
        const { status, body, setCookies } = await refreshBy(api, cookie);
        expect([status, body.message]).toEqual([200, 'Session of niko renewed']);
        const [jwt = '', own = ''] = setCookies.map((each) => each.split(';', 1)[0]);
        niko = { jwt, own };
        api.advance(60);
      };
      await renew(`${niko.jwt}; ${niko.own}`);
      const second = other === 'foreign' ? foreign : other === 'older' ? older : other;
      for (const inOrder of [true, false]) {
        const pair = inOrder ? `${second}; ${niko.own}` : `${niko.own}; ${second}`;
        await renew(`${niko.jwt}; ${pair}`);
      }
    },
  );

  test('refresh cookies of two sessions without an access cookie, or beside two access cookies, are ambiguous', async () => {
    const api = await startApi();
    const niko = await cookiesOf(api);
    const foreign = await cookiesOf(api, 'toby');
    for (const cookie of [
      `${niko.own}; ${foreign.own}`,
      `${niko.jwt}; ${foreign.jwt}; ${niko.own}`,
      `${niko.jwt}; jwt=x; ${niko.own}`,
    ])
      expect((await refreshBy(api, cookie)).body.code).toBe('cookies_ambiguous');
    expect((await refreshBy(api, niko.own)).status).toBe(200);
  });
});

describe('a sign-out', () => {
  test('a sign-out revokes a copied token in both flows', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn();
    const { cookie } = await api.signInByCookie();
    expect((await api.send('DELETE', '/api/sessions/current', { token })).status).toBe(204);
    expect((await api.send('DELETE', '/api/sessions/current', { cookie })).status).toBe(204);
    expect((await api.send('GET', '/protected', { token })).body.code).toBe('session_ended');
    expect((await api.send('GET', '/protected', { cookie })).body.code).toBe('session_ended');
    expect((await refresh(api, refreshToken)).body.code).toBe('session_ended');
    expect(await api.db('sessions').pluck('end_reason')).toEqual(['sign_out', 'sign_out']);
  });

  test('a sign-out with an expired token still ends its session', async () => {
    const api = await startApi();
    const { token, refreshToken } = await api.signIn();
    api.advance(4000);
    expect((await api.send('DELETE', '/api/sessions/current', { token })).status).toBe(204);
    expect((await refresh(api, refreshToken)).body.code).toBe('session_ended');
  });

  test('a sign-out ends the sessions of the header and of the cookies', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    const { cookie } = await api.signInByCookie();
    const refreshOnly = (await api.signInByCookie()).cookie.replace(/^jwt=[^;]*; /, '');
    await api.send('DELETE', '/api/sessions/current', { token, cookie });
    await api.send('DELETE', '/api/sessions/current', { cookie: refreshOnly });
    expect(await api.db('sessions').whereNull('ended_at')).toEqual([]);
  });

  test.each([
    {},
    { token: 'x.y.z' },
    { headers: { authorization: 'Bearer' } },
    { cookie: 'jwt=x; jwt=y; jwt_refresh=z' },
    { headers: { authorization: 'Basic x' } },
  ])('a sign-out is 204 and clears both cookies with %j', async (options) => {
    const api = await startApi();
    const { status, setCookies } = await api.send('DELETE', '/api/sessions/current', options);
    expect(status).toBe(204);
    expect(setCookies.map((each) => /^([^;]+); Max-Age=0; Path=([^;]+);/.exec(each)?.slice(1))).toEqual([
      ['jwt=', '/'],
      ['jwt_refresh=', '/api/sessions'],
    ]);
  });
});

describe('the sessions of a user', () => {
  test('the sessions of a user are listed newest first, with the current one marked, and without other users’ sessions', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    api.advance(1);
    await api.signInByCookie();
    await api.signIn('toby');
    const { body, text } = await api.send('GET', '/api/sessions', {
      token,
      headers: { 'user-agent': 'Test' },
    });
    expect(
      body.map(({ carrier, current }: { carrier: string; current: boolean }) => [carrier, current]),
    ).toEqual([
      ['cookie', false],
      ['bearer', true],
    ]);
    expect(text).not.toMatch(/generation|user_id/);
    const first = await api.send('GET', '/api/sessions?limit=1', { token });
    const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await api.send('GET', next, { token });
    expect([...first.body, ...second.body]).toEqual(body);
    expect(second.headers.get('link')).toBeNull();
  });

  test('the sessions of a user are shown with times that do not tell when the owner refreshed', async () => {
    const api = await startApi();
    api.stopClock(Date.parse('2026-03-01T12:00:00.500Z'));
    const { token, refreshToken } = await api.signIn();
    const times = async () => {
      const { body } = await api.send('GET', '/api/sessions', { token });
      return [body[0].last_used_at, body[0].expires_at];
    };
    const before = await times();
    expect(before).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-08T12:00:00.000Z']);
    api.advance(299);
    await refresh(api, refreshToken);
    expect(await times()).toEqual(before);
    api.advance(1);
    expect(await times()).toEqual(before);
  });

  test('the sessions of a user are paged, and the next page is right even if the session of the cursor is gone', async () => {
    const api = await startApi();
    const { token } = await api.signIn();
    api.advance(1);
    for (let device = 0; device < 4; device += 1) await api.signIn();
    // They begin in the same millisecond, so that their ids decide the order.
    await api
      .db('sessions')
      .whereNot({ id: sessionOf(token) })
      .update({ created_at: new Date(Date.now() + 60_000).toISOString() });
    const { body: all } = await api.send('GET', '/api/sessions', { token });
    let path = '/api/sessions?limit=1';
    const seen: string[] = [];
    const remove = (id: string | undefined) => api.db('sessions').where({ id }).delete();
    while (path) {
      const { body, headers } = await api.send('GET', path, { token });
      seen.push(...body.map(({ id }: { id: string }) => id));
      path = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1] ?? '';
      // The first one stays, and would appear again if the list started from the beginning.
      if (seen.length > 1 && path) await remove(seen.at(-1));
    }
    expect(seen).toEqual(all.map(({ id }: { id: string }) => id));
  });

  test.each([
    'x',
    'x'.repeat(22),
    `1769860800000.${'x'.repeat(21)}`,
    `1769860800000.${'x'.repeat(23)}`,
    `-1769860800000.${'x'.repeat(22)}`,
    `99999999999999.${'x'.repeat(22)}`,
    `2026-01-31T12:00:00.000Z.${'x'.repeat(22)}`,
    `.${'x'.repeat(22)}`,
    '1769860800000',
    `1769860800000.${'x'.repeat(22)}\n`,
  ])('the sessions of a user are refused as 400 with the cursor %j', async (key) => {
    const api = await startApi();
    const { token } = await api.signIn();
    const after = Buffer.from(key).toString('base64url');
    expect((await api.send('GET', `/api/sessions?after=${after}`, { token })).body).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  test('the sessions of a user can be ended one by one, but not another user’s', async () => {
    const api = await startApi();
    const [here, there, stranger] = [await api.signIn(), await api.signIn(), await api.signIn('toby')];
    expect(
      (await api.send('DELETE', `/api/sessions/${sessionOf(stranger.token)}`, { token: here.token })).status,
    ).toBe(404);
    expect((await api.send('DELETE', '/api/sessions/garbage', { token: here.token })).status).toBe(400);
    expect(
      (await api.send('DELETE', `/api/sessions/${sessionOf(there.token)}`, { token: here.token })).status,
    ).toBe(204);
    expect(
      (await api.send('DELETE', `/api/sessions/${sessionOf(there.token)}`, { token: here.token })).body,
    ).toMatchObject({ code: 'not_found', detail: 'There is no such session' });
    expect((await api.send('GET', '/protected', { token: there.token })).body.code).toBe('session_ended');
    for (const { token } of [here, stranger])
      expect((await api.send('GET', '/protected', { token })).status).toBe(200);
  });

  test('the sessions of a user can all be ended but the current one, and the answer counts the live ones', async () => {
    const api = await startApi({ env: { SESSION_IDLE_SECONDS: '1000' } });
    const expired = await api.signIn();
    api.advance(1001);
    const [here, stranger] = [await api.signIn(), await api.signIn('toby')];
    const others = [await api.signIn(), await api.signIn()];
    const { cookie } = await api.signInByCookie();
    const end = () => api.send('DELETE', '/api/sessions/others', { token: here.token });
    const { status, body, setCookies } = await end();
    expect([status, body, setCookies]).toEqual([200, { ended: 3 }, []]);
    for (const { token } of [...others, expired])
      expect((await api.send('GET', '/protected', { token })).status).toBe(401);
    expect((await api.send('GET', '/protected', { cookie })).body.code).toBe('session_ended');
    for (const { token } of [here, stranger])
      expect((await api.send('GET', '/protected', { token })).status).toBe(200);
    expect((await end()).body).toEqual({ ended: 0 });
    const events = await api.db('audit_events').where({ event: 'session_ended' }).orderBy('id');
    expect(events.map(({ detail }) => JSON.parse(detail))).toEqual([
      { by: 2, count: 3 },
      { by: 2, count: 0 },
    ]);
    expect((await api.send('DELETE', '/api/sessions/others')).status).toBe(401);
  });

  test('the sessions of a user can all be ended at once, by the user or by an admin', async () => {
    const api = await startApi();
    const [one, two, admin] = [await api.signIn(), await api.signInByCookie(), await api.signIn('toby')];
    const answer = await api.send('DELETE', '/api/sessions', { cookie: two.cookie });
    expect([answer.status, answer.setCookies.length]).toEqual([204, 2]);
    expect((await api.send('GET', '/protected', { token: one.token })).status).toBe(401);
    const again = await api.signIn();
    expect((await api.send('DELETE', '/api/users/1/sessions', { token: again.token })).status).toBe(403);
    expect((await api.send('DELETE', '/api/users/99/sessions', { token: admin.token })).status).toBe(404);
    expect((await api.send('DELETE', '/api/users/2/sessions', { token: admin.token })).status).toBe(204);
    expect((await api.send('GET', '/protected', { token: again.token })).status).toBe(401);
  });
});
