import type { Server } from 'node:http';
import { CookieAssay } from '@signet/contracts';
import { diagnose } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { type Breakage, change, createBrokenProxy, type Line, remove } from '@signet/rig';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { close, listen } from './listen.ts';
import { type Api, startApi } from './start-api.ts';
import { startBrowser, startServer } from './start-stack.ts';

let apis: Record<'local' | 'same-site' | 'cross-site', Api>;
let browser: Browser;
let site: Awaited<ReturnType<typeof startServer>>;
const proxies: Server[] = [];

beforeAll(async () => {
  site = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
  });
  const WEB_ORIGINS = `http://localhost:${site.port},http://127.0.0.1:${site.port}`;
  const start = (COOKIE_PROFILE: string) => startApi({ env: { WEB_ORIGINS, COOKIE_PROFILE } });
  const [local, sameSite, crossSite] = await Promise.all(['local', 'same-site', 'cross-site'].map(start));
  if (!local || !sameSite || !crossSite) throw new Error('an API is missing');
  apis = { local, 'same-site': sameSite, 'cross-site': crossSite };
  browser = await startBrowser(['--host-resolver-rules=MAP *.test 127.0.0.1']);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(proxies.map(close));
  await Promise.all(Object.values(apis ?? {}).map((api) => api.stop()));
  await site?.stop();
});

/** Cookies that are there before the call. */
type Before = Parameters<BrowserContext['addCookies']>[0];

type SetUp = {
  readonly of: string;
  readonly verdict: readonly string[];
  readonly broken?: Breakage;
  readonly profile?: keyof typeof apis;
  /** The host of the page; that of the API is `localhost`, or `api.test` for names that are not of this machine. */
  readonly page?: '127.0.0.1' | 'app.api.test';
  readonly before?: Before;
};

const onCookies = (edit: (line: string) => string): Breakage => ({ toPage: change('set-cookie', edit) });

const setUps: readonly SetUp[] = [
  { of: 'a right set-up', verdict: [] },
  {
    of: 'a page under the other name of this machine',
    verdict: ['loopback-names-cookie'],
    page: '127.0.0.1',
  },
  {
    of: 'SameSite=None without Secure',
    verdict: ['none-without-secure'],
    broken: onCookies((line) => line.replace(/SameSite=Lax$/, 'SameSite=None')),
  },
  {
    of: 'Partitioned without Secure',
    verdict: ['partition-differs'],
    broken: onCookies((line) => `${line}; Partitioned`),
  },
  {
    of: 'a Domain that is another host',
    verdict: ['domain-attribute'],
    broken: onCookies((line) => `${line}; Domain=example.com`),
  },
  {
    of: 'a Path that covers no call',
    verdict: ['path-attribute'],
    broken: onCookies((line) => line.replace(/Path=[^;]*/, 'Path=/elsewhere')),
  },
  {
    of: 'cookies of 4200 bytes',
    verdict: ['too-long'],
    broken: onCookies((line) => line.replace(/^[^;]*/, (pair) => pair.padEnd(4200, 'x'))),
  },
  {
    of: 'a proxy that removes Set-Cookie',
    verdict: ['set-cookie-lost'],
    broken: { toPage: remove('set-cookie') },
  },
  { of: 'a proxy that removes Cookie', verdict: ['cookie-stripped'], broken: { toApi: remove('cookie') } },
  {
    of: 'two access cookies on two paths',
    verdict: ['two-of-one-name'],
    before: ['/', '/api'].map((path) => ({ name: 'jwt', value: 'x', domain: 'localhost', path })),
  },
  {
    of: 'blocked cookies of other sites',
    verdict: ['third-party-blocked'],
    profile: 'cross-site',
    page: '127.0.0.1',
  },
  { of: 'Secure cookies over http on loopback, which Chromium keeps', verdict: [], profile: 'same-site' },
  { of: 'a right set-up under another name than loopback', verdict: [], page: 'app.api.test' },
  {
    of: 'Secure cookies over http under another name than loopback',
    verdict: ['secure-over-http'],
    profile: 'same-site',
    page: 'app.api.test',
  },
  {
    of: 'a Secure cookie from https under the name of the access cookie',
    verdict: ['secure-in-the-way'],
    page: 'app.api.test',
    before: [{ name: 'jwt', value: 'x', domain: 'api.test', path: '/', secure: true }],
  },
];

test.each(setUps)(
  'For $of the cookies that Chromium sends back lead to the one cause, or to none.',
  async ({ verdict, broken = {}, profile = 'local', page: host, before }) => {
    const api = apis[profile];
    const isNamed = host === 'app.api.test';
    const proxy = createBrokenProxy([api.url.replace('localhost', '127.0.0.1')], () =>
      isNamed ? underName(api, broken) : broken,
    );
    proxies.push(proxy);
    const url = `http://${isNamed ? 'api.test' : 'localhost'}:${await listen(proxy)}`;
    const origin = `http://${host ?? 'localhost'}:${site.port}`;
    const context = await browser.newContext();
    if (before) await context.addCookies(before);
    const page = await context.newPage();
    await page.goto(origin);
    const answer = await page.evaluate(async (path) => {
      const call = (method: string) => fetch(path, { method, credentials: 'include', cache: 'no-store' });
      await call('POST');
      return (await call('GET')).json();
    }, `${url}/api/doctor/assay`);
    const assay = CookieAssay.parse(answer);
    const target = readTarget(url, origin);
    // Node does not know the names that only this Chromium knows.
    const facts = isNamed ? { target } : await probe(target, { answerMs: 30_000 });
    const { findings } = diagnose({ ...facts, page: { assay, keepsOwnCookies: true } });
    expect(
      findings.map(({ id }) => id),
      JSON.stringify(assay),
    ).toEqual(verdict);
    if (verdict.length === 0 && !isNamed)
      expect(assay.set.filter((each) => !assay.came.includes(each))).toEqual([
        'none',
        'host-prefix-insecure',
        'deep-path',
        'too-long',
      ]);
    await context.close();
  },
);

/** A proxy with a name that is not of this machine, before an API that answers under its own alone. */
function underName(api: Api, broken: Breakage): Breakage {
  const origin = `http://localhost:${site.port}`;
  const rename = (lines: Line[]) =>
    change('origin', () => origin)(change('host', () => `localhost:${api.port}`)(lines));
  return {
    ...broken,
    toApi: rename,
    toPage: (lines, request, status) =>
      change(
        'access-control-allow-origin',
        () => request.headers.origin,
      )(broken.toPage?.(lines, request, status) ?? lines),
  };
}
