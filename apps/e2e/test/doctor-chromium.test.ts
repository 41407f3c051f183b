import { once } from 'node:events';
import { request as requestHttp, type Server } from 'node:http';
import { diagnose, readRedText } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { type Breakage, createBrokenProxy, faults, freePorts, waitForOutput } from '@signet/rig';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { close, listen } from './listen.ts';
import { type Api, startApi, tenMinutesAhead } from './start-api.ts';
import { type LabStack, servePages, startLab } from './start-lab.ts';
import { startBrowser, startServer, startSite } from './start-stack.ts';

let api: Api;
let browser: Browser;
let site: Awaited<ReturnType<typeof startServer>>;
let proxy: Server;
let proxyPort: number;
let broken: Breakage = {};
let listed: string;

beforeAll(async () => {
  const [listedPort = 0] = await freePorts(1);
  site = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
  });
  listed = `http://localhost:${site.port}`;
  api = await startApi({
    env: { WEB_ORIGINS: `${listed},http://127.0.0.1:${site.port},http://localhost:${listedPort}` },
  });
  proxy = createBrokenProxy([api.url.replace('localhost', '127.0.0.1')], () => broken);
  proxyPort = await listen(proxy);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (proxy) await close(proxy);
  await api?.stop();
  await site?.stop();
});

/** What Chromium reports about the calls of a page: the reasons of its protocol, and the red lines of its console. */
type Seen = { readonly reasons: Set<string>; readonly texts: string[]; readonly sent: Set<string> };

async function watch(page: Page): Promise<Seen> {
  const seen: Seen = { reasons: new Set(), texts: [], sent: new Set() };
  const session: CDPSession = await page.context().newCDPSession(page);
  const add = (reasons: readonly string[]) => {
    for (const each of reasons) seen.reasons.add(each);
  };
  session.on('Network.requestWillBeSent', ({ request }) => {
    for (const name of Object.keys(request.headers)) seen.sent.add(name.toLowerCase());
  });
  session.on('Network.loadingFailed', ({ corsErrorStatus, errorText, blockedReason }) =>
    add([corsErrorStatus?.corsError ?? blockedReason ?? errorText]),
  );
  session.on('Network.responseReceivedExtraInfo', ({ blockedCookies }) =>
    add(blockedCookies.flatMap((each) => each.blockedReasons)),
  );
  session.on('Network.responseReceived', ({ response }) => {
    if (response.fromServiceWorker) seen.reasons.add('fromServiceWorker');
  });
  // A request that the policy of the page stops never gets to the network.
  session.on('Audits.issueAdded', ({ issue }) => {
    const { contentSecurityPolicyIssueDetails: details } = issue.details;
    if (details) seen.reasons.add(`csp ${details.violatedDirective}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') seen.texts.push(message.text());
  });
  await session.send('Network.enable');
  await session.send('Audits.enable');
  return seen;
}

/** Calls as the app makes them: with a token, with a cookie, and one that is refused. */
async function callAll(page: Page, url: string): Promise<void> {
  await page.evaluate(async (base) => {
    const json = { 'content-type': 'application/json' };
    const authorization = { authorization: 'Bearer none' };
    const call = (path: string, options: RequestInit) =>
      // Without memory, because a permission that Chromium remembers would hide the next fault.
      fetch(base + path, { cache: 'no-store', credentials: 'include', ...options }).catch(() => undefined);
    await call('/protected', {});
    await call('/protected', { credentials: 'omit', headers: authorization });
    const body = JSON.stringify({ uid: 'niko', password: '123niko' });
    await call('/api/users/authenticate', { method: 'POST', headers: json, body });
    await call('/api/posts/999999', { method: 'DELETE', headers: authorization });
    await call('/api/sessions/current', { method: 'DELETE' });
  }, url);
}

async function namesOf(url: string, origin: string): Promise<string[]> {
  return diagnose(await probe(readTarget(url, origin), { answerMs: 30_000 })).findings.map(({ id }) => id);
}

const missing = ['MissingAllowOriginHeader', 'PreflightMissingAllowOriginHeader'];
const both = (name: string) => [name, `Preflight${name}`];

/** The reasons by which Chromium refuses the calls; none where it sees nothing wrong. */
const oracle: Readonly<Record<string, readonly string[]>> = {
  'other-program': missing,
  'page-server-answers': missing,
  'wildcard-with-credentials': both('WildcardOriginNotAllowed'),
  'grant-doubled': both('MultipleAllowOriginValues'),
  'grant-list': both('MultipleAllowOriginValues'),
  'grant-for-another': both('AllowOriginMismatch'),
  'origin-spelling': both('AllowOriginMismatch'),
  'no-cors-at-all': missing,
  'credentials-not-granted': both('InvalidAllowCredentials'),
  'preflight-needs-auth': ['PreflightMissingAllowOriginHeader'],
  'preflight-status': ['PreflightMissingAllowOriginHeader'],
  'preflight-redirect-slash': ['PreflightDisallowedRedirect'],
  'preflight-redirect-https': ['PreflightDisallowedRedirect'],
  'preflight-to-sign-in': ['PreflightDisallowedRedirect'],
  'method-not-granted': ['MethodDisallowedByPreflightResponse'],
  'header-not-granted': ['HeaderDisallowedByPreflightResponse'],
  'header-wildcard': ['HeaderDisallowedByPreflightResponse'],
  'grant-syntax': ['InvalidAllowMethodsPreflightResponse'],
  'nginx-if': ['PreflightMissingAllowOriginHeader'],
  'errors-without-grant': ['MissingAllowOriginHeader'],
  'none-without-secure': ['SameSiteNoneInsecure'],
  'domain-attribute': ['InvalidDomain'],
  'too-long': ['NameValuePairExceedsMaxSize'],
  'prefix-rule': ['InvalidPrefix'],
  'origin-lost': missing,
  'origin-changed': both('AllowOriginMismatch'),
};

describe('Chromium and the doctor agree', () => {
  test('For every fault of the lab Chromium reports the reason that the doctor’s verdict explains, and its red text leads there.', async () => {
    const url = `http://localhost:${proxyPort}`;
    const page = await browser.newPage();
    const seen = await watch(page);
    await page.goto(listed);
    for (const { id, verdict, broken: fault } of faults) {
      broken = fault;
      seen.reasons.clear();
      seen.texts.length = 0;
      await page.context().clearCookies();
      await callAll(page, url);
      expect(await namesOf(url, listed), id).toEqual([verdict]);
      // Redirected preflights end in a second way, which says no more.
      const reasons = [...seen.reasons].filter((each) => !each.startsWith('net::'));
      expect(reasons.sort(), id).toEqual([...(oracle[id] ?? [])].sort());
      for (const reason of reasons)
        expect(readRedText(reason)?.causes, `${id}: ${reason}`).toContain(verdict);
      const texts = seen.texts.filter((text) => text.includes('Access to fetch'));
      expect(texts.length > 0, id).toBe(
        reasons.some((each) => !/^(SameSite|Invalid(Domain|Prefix)|NameValue)/.test(each)),
      );
      for (const text of texts) expect(readRedText(text)?.causes, `${id}: ${text}`).toContain(verdict);
    }
    expect(seen.sent).toContain('authorization');
    broken = {};
    await page.close();
  });

  test('For an origin that is not listed, for the other name of this machine and for a closed port Chromium’s reasons are the doctor’s.', async () => {
    const [closed = 0] = await freePorts(1);
    const stranger = await startServer((_request, response) => void response.end());
    const cases = [
      [`http://localhost:${stranger.port}`, api.url, 'origin-not-listed', 'MissingAllowOriginHeader'],
      [`http://127.0.0.1:${site.port}`, api.url, 'loopback-names-cookie', 'SameSiteLax'],
      [listed, `http://localhost:${closed}`, 'api-not-running', 'net::ERR_CONNECTION_REFUSED'],
    ] as const;
    for (const [origin, url, verdict, reason] of cases) {
      const page = await browser.newPage();
      const seen = await watch(page);
      await page.goto(origin);
      await callAll(page, url);
      expect(await namesOf(url, origin)).toEqual([verdict]);
      // A context of Playwright blocks the cookies of other sites, and says so instead of SameSite.
      const reasons = [...seen.reasons].map((each) => (each === 'UserPreferences' ? 'SameSiteLax' : each));
      expect(reasons).toContain(reason);
      expect(readRedText(reason)?.causes).toContain(verdict);
      await page.close();
    }
    await stranger.stop();
  });
});

describe('the page of the doctor', () => {
  let lab: LabStack;
  let page: Page;
  let origin: string;
  let app: Server;
  let change: Breakage = {};

  beforeAll(async () => {
    const [pagePort = 0] = await freePorts(1);
    origin = `http://localhost:${pagePort}`;
    lab = await startLab({ pagePort });
    app = createBrokenProxy([lab.url.replace('localhost', '127.0.0.1')], () => change);
    await listen(app, pagePort);
    page = await browser.newPage();
  });

  afterAll(async () => {
    if (app) await close(app);
    await lab?.stop();
  });

  /** The titles of the causes that the page names after a check. */
  async function check(): Promise<string[]> {
    await page.getByRole('button', { name: /^Check/ }).click();
    await page.getByRole('heading', { level: 2, name: /^(Everything works|What was checked)$/ }).waitFor();
    const cards = page.getByRole('region').filter({ hasText: 'About this cause' });
    return cards.evaluateAll((all) => all.map((each) => each.querySelector('h2')?.textContent ?? ''));
  }

  /** The ids of the causes that the page names after a check. */
  async function namesOnPage(): Promise<string[]> {
    await check();
    const links = page.getByText('About this cause').locator('..').getByRole('link');
    const hrefs = await links.evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''));
    return hrefs.map((href) => href.replace('/doctor/causes/', ''));
  }

  /** A page of its own, served for an API at this port; ends with the test. */
  async function servePage(api: { port: number }, webPort: number): Promise<void> {
    const pages = servePages({ PORT: `${api.port}`, WEB_PORT: `${webPort}` });
    onTestFinished(async () => void (await pages.end('SIGTERM')));
    await waitForOutput(pages, /Local:/);
  }

  test('The page of the doctor names the clock of an API whose process is ten minutes ahead.', async () => {
    const [webPort = 0] = await freePorts(1);
    const own = `http://localhost:${webPort}`;
    const ahead = await startApi({ env: { NODE_OPTIONS: tenMinutesAhead, WEB_ORIGINS: own } });
    onTestFinished(ahead.stop);
    await servePage(ahead, webPort);
    await page.goto(`${own}/doctor`);
    expect(await namesOnPage()).toEqual(['server-clocks']);
  });

  test('The page of the doctor names an origin that is not listed, and an API that is not there.', async () => {
    const [webPort = 0, otherPort = 0, closed = 0] = await freePorts(3);
    await servePage(api, webPort);
    await page.goto(`http://localhost:${webPort}/doctor`);
    expect(await namesOnPage()).toEqual(['origin-not-listed']);
    await servePage({ port: closed }, otherPort);
    await page.goto(`http://localhost:${otherPort}/doctor`);
    expect(await namesOnPage()).toEqual(['api-not-running']);
  });

  test('The page of the doctor names the two names of this machine where it calls the API by the other one.', async () => {
    const stack = await startSite();
    onTestFinished(stack.stop);
    const own = page;
    page = await browser.newPage();
    await page.route('**/config.json', (route) => route.fulfill({ json: { api_url: stack.apiUrl() } }));
    await page.goto(`${stack.webUrl('127.0.0.1')}/doctor`);
    expect(await namesOnPage()).toEqual(['loopback-names-cookie']);
    await page.close();
    page = own;
  });

  test('For every fault of the lab the page of the doctor names the one cause that the command names.', async () => {
    const own = { 'sec-fetch-site': 'same-origin' };
    const named: [string, ...string[]][] = [];
    for (const { id } of faults) {
      await fetch(`${lab.url}/lab/fault`, { method: 'PUT', headers: own, body: JSON.stringify({ id }) });
      await page.goto(`${lab.url}/doctor?through=lab`);
      named.push([id, ...(await namesOnPage())]);
    }
    expect(named).toEqual(faults.map(({ id, verdict }) => [id, verdict]));
    // The server of the page looks from outside for each of them, which takes seconds.
  }, 600_000);

  test('The page of the doctor names a policy of the page that lacks the API, as Chromium does, and is silent without it.', async () => {
    change = {
      toPage: (lines) =>
        lines.map(([name, value]) => [
          name,
          /^content-security-policy$/i.test(name)
            ? value.replace(/connect-src [^;]*/, "connect-src 'self'")
            : value,
        ]),
    };
    const seen = await watch(page);
    await page.goto(`${origin}/doctor`);
    expect(await check()).toEqual([expect.stringMatching(/Content-Security-Policy/)]);
    expect(seen.reasons).toContain('csp connect-src');
    const text = seen.texts.find((each) => each.includes('Content Security Policy')) ?? '';
    expect(readRedText(text)?.causes).toContain('csp-connect');
    change = {};
    await page.goto(`${origin}/doctor`);
    expect(await check()).toEqual([]);
  });

  test('The page of the doctor names a foreign service worker of its origin, as Chromium does, and is silent without it.', async () => {
    const body = `addEventListener('install', () => skipWaiting());
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));`;
    change = {
      answers: ({ url }) =>
        url === '/other-project.js'
          ? { status: 200, lines: [['Content-Type', 'text/javascript']], body }
          : undefined,
    };
    await page.goto(`${origin}/doctor`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/other-project.js');
      await navigator.serviceWorker.ready;
    });
    const seen = await watch(page);
    await page.reload();
    expect(await check()).toEqual([expect.stringMatching(/^A service worker stands between/)]);
    expect(seen.reasons).toContain('fromServiceWorker');
    await page.evaluate(async () => {
      for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
    });
    await page.reload();
    expect(await check()).toEqual([]);
  });

  test('The page of the doctor is silent beside forty cookies that other projects left on this machine.', async () => {
    const context = await browser.newContext();
    await context.addCookies(
      Array.from({ length: 40 }, (_, index) => ({
        name: ['session', 'csrftoken', 'connect.sid', 'remember_token'][index] ?? `other-project-${index}`,
        value: 'v'.repeat(20 + index),
        domain: 'localhost',
        path: '/',
        httpOnly: index % 2 === 0,
      })),
    );
    const own = page;
    page = await context.newPage();
    await page.goto(`${lab.url}/doctor`);
    expect(await check()).toEqual([]);
    await page.getByRole('heading', { level: 2, name: 'Everything works' }).waitFor();
    page = own;
    await context.close();
  });

  test('The page of the doctor says what a page at another origin would meet.', async () => {
    await page.goto(`${lab.url}/doctor`);
    const ask = async (text: string) => {
      await page.getByLabel('Origin or address of the page').fill(text);
      await page.getByRole('button', { name: 'Ask' }).click();
    };
    await ask('https://app.example');
    await page.locator('a[href="/doctor/causes/origin-not-listed"]').waitFor();
    await ask(`${origin}/feed?page=2`);
    await page.getByRole('heading', { level: 2, name: 'Everything works' }).waitFor();
    expect(await page.getByLabel('Origin or address of the page').inputValue()).toBe(origin);
  });

  test.each([
    '--json',
    'null',
    'https://app.example/',
    'HTTPS://app.example',
    `https://${'a'.repeat(300)}`,
    'file://x',
  ])('The side door answers 400 to a question about what is no origin of a page: %s', async (text) => {
    const query = new URLSearchParams({ origin: text });
    const answer = await fetch(`${lab.url}/doctor/facts?${query}`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(answer.status).toBe(400);
  });

  test('The side door examines two pages at once, and tells a third one to try again.', async () => {
    const hosts = ['one.localhost', 'two.localhost', 'three.localhost'];
    const answers = await Promise.all(hosts.map((host) => askSideDoor(lab.url, host)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect(answers.find(({ status }) => status === 503)?.text).toContain('Try again');
    expect((await askSideDoor(lab.url, 'three.localhost')).status).toBe(200);
  });
});

/** Asks for a report under another name of this machine, which fetch cannot do. */
async function askSideDoor(url: string, host: string): Promise<{ status: number | undefined; text: string }> {
  const { port } = new URL(url);
  const request = requestHttp(`http://127.0.0.1:${port}/doctor/facts`, {
    headers: { host: `${host}:${port}` },
  });
  request.end();
  const [response] = await once(request, 'response');
  const chunks: string[] = await response.setEncoding('utf8').toArray();
  return { status: response.statusCode, text: chunks.join('') };
}
