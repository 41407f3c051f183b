import { request as httpRequest, type IncomingMessage } from 'node:http';
import { CookieAssay } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { type Api, startApi, webOrigin } from './start-api.ts';

const path = '/api/doctor/assay';

/** The Set-Cookie lines of the assay. */
async function start(api: Api, headers: Record<string, string> = {}) {
  const answer = await fetch(`${api.url}${path}`, { method: 'POST', headers });
  return { status: answer.status, lines: answer.headers.getSetCookie() };
}

async function read(api: Api, cookie: string, headers: Record<string, string> = {}): Promise<CookieAssay> {
  const answer = await fetch(`${api.url}${path}`, { headers: { cookie, ...headers } });
  return CookieAssay.parse(await answer.json());
}

const pairOf = (line: string) => line.split(';', 1)[0] ?? '';

describe('POST /api/doctor/assay and GET /api/doctor/assay', () => {
  test('It sets each cookie with the one attribute in which it differs, for one minute.', async () => {
    const { status, lines } = await start(await startApi());
    expect(status).toBe(204);
    const shapes = lines.map((line) =>
      line
        .replace(/=assay-[0-9a-fx]+/, '')
        .replace(/Expires=[^;]*/, 'Expires')
        .replace('; HttpOnly', ''),
    );
    const life = 'Max-Age=60; Path=/api/doctor/assay';
    expect(shapes).toEqual([
      `signet-assay-lax; ${life}; SameSite=Lax`,
      `signet-assay-strict; ${life}; SameSite=Strict`,
      `signet-assay-unspecified; ${life}`,
      `signet-assay-none-secure; ${life}; Secure; SameSite=None`,
      `signet-assay-none; ${life}; SameSite=None`,
      `signet-assay-lax-secure; ${life}; Secure; SameSite=Lax`,
      '__Host-signet-assay; Max-Age=60; Path=/; Secure; SameSite=Lax',
      '__Host-signet-assay-insecure; Max-Age=60; Path=/; SameSite=Lax',
      'signet-assay-deep-path; Max-Age=60; Path=/api/doctor/deep; SameSite=Lax',
      `signet-assay-partitioned; ${life}; Secure; Partitioned; SameSite=None`,
      'signet-assay-domain; Max-Age=60; Domain=127.0.0.1; Path=/api/doctor/assay; SameSite=Lax',
      `signet-assay-too-long; ${life}; SameSite=Lax`,
      'signet-assay-expires; Path=/api/doctor/assay; Expires; SameSite=Lax',
      `signet-assay-max-age; ${life}; SameSite=Lax`,
      `signet-assay-own; ${life}; SameSite=Lax`,
      `jwt; ${life}; SameSite=Lax`,
      `jwt_refresh; ${life}; SameSite=Lax`,
    ]);
    expect(lines.every((line) => line.includes('; HttpOnly'))).toBe(true);
    const tooLong = pairOf(lines.find((line) => line.startsWith('signet-assay-too-long')) ?? '');
    expect(tooLong.replace('=', '')).toHaveLength(4097);
  });

  test('It sets no cookie with a name of the session that has a prefix, because such a name needs Path=/.', async () => {
    const api = await startApi({ env: { COOKIE_PROFILE: 'same-origin' } });
    const { lines } = await start(api);
    const names = lines.map((line) => line.split('=', 1)[0]);
    expect(names.filter((name) => /jwt/.test(name ?? ''))).toEqual([]);
    const { set, own } = await read(api, '');
    expect(set).not.toContain('own-token');
    expect(own).toEqual({
      token_name: '__Host-jwt',
      refresh_name: '__Secure-jwt_refresh',
      same_site: 'strict',
      secure: true,
    });
  });

  test('It says by name which of its cookies came, what the browser says of the site, and how many access cookies came.', async () => {
    const api = await startApi();
    const { lines } = await start(api);
    const cookie = lines
      .filter((line) => /^(signet-assay-lax|jwt)=/.test(line))
      .map(pairOf)
      .concat('jwt=secret-1', 'jwt=secret-2', 'signet-assay-strict=secret-3')
      .join('; ');
    const answer = await read(api, cookie, { 'sec-fetch-site': 'same-site', origin: webOrigin });
    expect(answer).toMatchObject({ came: ['lax', 'own-token'], site: 'same-site', tokens: 2 });
    expect(JSON.stringify(answer)).not.toMatch(/assay-[0-9a-f]|secret/);
  });

  test('It refuses a page of another origin, which could fill the browser with cookies.', async () => {
    const api = await startApi();
    const { status, lines } = await start(api, { origin: 'https://evil.example' });
    expect([status, lines]).toEqual([403, []]);
    const answer = await fetch(`${api.url}${path}`, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });

  test("It is unknown where others than one's own machine reach the API, and refused under a host that is not loopback.", async () => {
    const env = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'cross-site' };
    const deployed = await startApi({ env: { ...env, ALLOWED_HOSTS: 'api.example.com' } });
    expect((await start(deployed)).status).toBe(404);
    const api = await startApi({ env: { ALLOWED_HOSTS: 'api.example.com' } });
    expect(await askUnder(api, 'api.example.com')).toBe(421);
  });
});

/** Under a host of the caller's choice, which fetch cannot send. */
function askUnder(api: Api, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const answer = (response: IncomingMessage) => {
      response.resume().on('end', () => resolve(response.statusCode));
    };
    httpRequest(`${api.url}${path}`, { method: 'POST', headers: { host } }, answer).on('error', reject).end();
  });
}
