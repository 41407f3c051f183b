import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stack, signIn, signInForm, signOut, startStack } from './start-stack.ts';

let stack: Stack;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  stack = await startStack();
  return stack.stop;
});
beforeEach(async () => {
  context = await stack.browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
});
afterEach(() => context.close());

type Sent = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Seconds since 1970. */
  sentAt: number;
};

/** What Chromium itself reports of the requests of a page to the API, with the headers as they were sent and answered. */
async function watch(watched: Page) {
  const client = await context.newCDPSession(watched);
  const sent = new Map<string, Sent>();
  const granted = new Map<string, Record<string, string>>();
  const raw = new Map<string, Record<string, string>>();
  client.on('Network.requestWillBeSent', ({ requestId, request, wallTime }) => {
    if (!request.url.startsWith(stack.apiUrl())) return;
    sent.set(requestId, {
      url: request.url,
      method: request.method,
      headers: lowerCased(request.headers),
      sentAt: wallTime,
      ...(request.postData !== undefined && { body: request.postData }),
    });
  });
  client.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) =>
    raw.set(requestId, lowerCased(headers)),
  );
  client.on('Network.responseReceivedExtraInfo', ({ requestId, headers }) =>
    granted.set(requestId, lowerCased(headers)),
  );
  await client.send('Network.enable');
  return {
    /** Those whose method or path contains the text, in the order in which they were sent. */
    requests: (text: string) =>
      [...sent]
        .map(([id, each]) => ({
          ...each,
          headers: raw.get(id) ?? each.headers,
          answer: granted.get(id) ?? {},
        }))
        .filter(({ method, url }) => `${method} ${url}`.includes(text) && !url.includes('/api/exchanges')),
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const why = () => page.getByRole('list', { name: 'Why' });
const calls = () => page.getByRole('list', { name: 'Calls, the newest first' });

async function openLog(): Promise<void> {
  await page.getByRole('link', { name: /^Exchanges/ }).click();
  await page.getByText('Live, from the page and from the API.').waitFor();
}

/** The facts of one part of the call that is shown: the name of each and its value. */
async function factsOf(title: string): Promise<Record<string, string>> {
  const part = page.getByRole('heading', { name: title, exact: true }).locator('xpath=..');
  const [names, values] = await Promise.all([
    part.locator('dt').allTextContents(),
    part.locator('dd').allTextContents(),
  ]);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

test('A DELETE by bearer token is shown with the preflight, and the headers asked for and granted, that Chromium reports', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer', 'niko');
  const network = await watch(page);
  await signOut(page);
  await openLog();
  await calls()
    .getByRole('link', { name: /^DELETE \/api\/sessions\/current/ })
    .click();
  await why().getByText('Preflighted, because of the method DELETE and the header authorization.').waitFor();
  const [preflight, request] = [
    network.requests('OPTIONS').find(({ url }) => url.endsWith('/api/sessions/current')),
    network.requests('DELETE')[0],
  ];
  const asked = [
    `the method ${preflight?.headers['access-control-request-method']}`,
    ...(preflight?.headers['access-control-request-headers'] ?? '')
      .split(',')
      .map((name) => `the header ${name}`),
  ];
  expect(await factsOf('Asked and granted')).toEqual(
    Object.fromEntries(['the origin', ...asked].map((name) => [name, 'granted'])),
  );
  expect(preflight?.answer['access-control-allow-methods']).toContain('DELETE');
  expect(preflight?.answer['access-control-allow-headers']?.toLowerCase()).toContain('authorization');
  const seenByApi = (await factsOf('The API')).headers?.split(', ').sort();
  // The fields of the connection itself are no headers of the request to Chromium.
  expect(seenByApi?.filter((name) => name !== 'host' && name !== 'connection')).toEqual(
    Object.keys(request?.headers ?? {})
      .filter((name) => name !== 'host' && name !== 'connection')
      .sort(),
  );
});

test('A simple GET with the cookie says why it was not preflighted and that the browser added the cookie, as Chromium reports', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'cookie', 'niko');
  await openLog();
  const network = await watch(page);
  await page.getByRole('button', { name: 'GET /protected', exact: true }).click();
  await expect.poll(() => network.requests('GET').length).toBe(1);
  await calls()
    .getByRole('link', { name: /^GET \/protected/ })
    .first()
    .click();
  await why()
    .getByText(/^Not preflighted, because its method is simple/)
    .waitFor();
  await why()
    .getByText(/^The browser added the cookies? jwt.*: the call is same-site/)
    .waitFor();
  expect(network.requests('OPTIONS')).toEqual([]);
  expect(network.requests('GET')[0]?.headers.cookie).toMatch(/^jwt=/);
});

test('A remembered grant is shown from the preflight that Chromium sent until its Max-Age, and two calls have one preflight', async () => {
  await page.goto(`${stack.webUrl()}/exchanges`);
  await page.getByText('Live, from the page and from the API.').waitFor();
  const network = await watch(page);
  const press = page.getByRole('button', { name: 'A preflight' });
  await press.click();
  await why().getByText('Preflighted, because of the header authorization.').waitFor();
  await press.click();
  const said = why().getByText(
    /^Not preflighted, although the header authorization needs it: the grant of \S+.* is remembered until/,
  );
  await said.waitFor();
  expect(network.requests('GET').length).toBe(2);
  const [preflight, ...others] = network.requests('OPTIONS');
  expect(others).toEqual([]);
  // The page writes whole seconds, and dates the grant by the begin of the call, a moment before the preflight.
  const clocksOf = (seconds: number) =>
    page.evaluate(
      (times) => times.map((at) => new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at)),
      [0, 1, 2, 3, 4].map((earlier) => (seconds - earlier) * 1000),
    );
  const [, since = '', until = ''] =
    /the grant of (.+) is remembered until (.+) at most/.exec(await said.innerText()) ?? [];
  const sentAt = preflight?.sentAt ?? 0;
  const maxAge = Number(preflight?.answer['access-control-max-age']);
  expect(maxAge).toBe(7200);
  const begins = await clocksOf(sentAt);
  expect(begins).toContain(since);
  expect((await clocksOf(sentAt + maxAge))[begins.indexOf(since)]).toBe(until);
});

test('A preflight that the rules do not explain is shown as a contradiction', async () => {
  await page.goto(`${stack.webUrl()}/exchanges`);
  await page.getByText('Live, from the page and from the API.').waitFor();
  const userAgent = await page.evaluate(() => navigator.userAgent);
  // As an extension would: it asks in the name of the page, between the page and the API.
  await page.route(`${stack.apiUrl()}/protected`, async (route) => {
    await fetch(route.request().url(), {
      method: 'OPTIONS',
      headers: {
        origin: stack.webUrl(),
        'access-control-request-method': 'GET',
        'user-agent': userAgent,
      },
    });
    await route.continue();
  });
  await page.getByRole('button', { name: 'A refusal' }).click();
  await why().getByText('By the rules this call needs no preflight, and the API saw one.').waitFor();
});

test('The images of another tab, which carry the cookie, and a program appear in the log beside the calls of the tab', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'cookie', 'toby');
  await openLog();
  await page.getByRole('button', { name: 'GET /protected', exact: true }).click();
  await calls()
    .getByRole('link', { name: /^GET \/protected.*this tab/ })
    .first()
    .waitFor();
  const other = await context.newPage();
  await other.goto(`${stack.webUrl()}/feed`);
  await fetch(`${stack.apiUrl()}/protected`, { headers: { authorization: 'Bearer a.b.c' } });
  await calls()
    .getByRole('link', { name: /^GET \/api\/posts\/:id\/image.*this browser.*cookie/ })
    .first()
    .waitFor();
  await calls()
    .getByRole('link', { name: /^GET \/protected.*a program.*authorization/ })
    .waitFor();
});

test.each(['cookie', 'bearer'] as const)(
  'Requests by %s have the same methods, addresses, headers and bodies whether or not a log is open',
  async (carrier) => {
    const run = async (isOpen: boolean) => {
      await context.close();
      context = await stack.browser.newContext();
      page = await context.newPage();
      if (isOpen) {
        const log = await context.newPage();
        await log.goto(`${stack.webUrl()}/exchanges`);
        await log.getByText('Live, from the page and from the API.').waitFor();
      }
      await page.goto(`${stack.webUrl()}/sign-in`);
      const network = await watch(page);
      await signIn(page, carrier, 'niko');
      await signOut(page);
      await signInForm(page).waitFor();
      // Without preflights: the tab of the log is signed in too, and a preflight of its own spares the page's.
      return network
        .requests('')
        .filter(({ method }) => method !== 'OPTIONS')
        .map(({ method, url, headers, body }) => {
          // Cookies and tokens are other ones at every sign-in, and as long as before.
          const withoutValues = Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [
              name,
              name === 'cookie' || name === 'authorization'
                ? value.replace(/[\w.-]{40,}/g, (text) => `${text.length} characters`)
                : value,
            ]),
          );
          return { method, url, headers: withoutValues, body };
        })
        .sort((a, b) => `${a.method} ${a.url}`.localeCompare(`${b.method} ${b.url}`));
    };
    const without = await run(false);
    expect(without.length).toBeGreaterThan(2);
    expect(await run(true)).toEqual(without);
  },
);

test('No value of a header, a cookie, a query, a path, a body or a password is in the log, its storage, its download or its copied text', async () => {
  const canary = 'canary8f3a';
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${stack.webUrl()}/sign-in`);
  await page.getByRole('radio', { name: 'HttpOnly cookie' }).check();
  await page.getByLabel('User ID').fill(`${canary}uid`);
  await page.getByLabel('Password', { exact: true }).fill(`${canary}password`);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByRole('link', { name: 'Find out why', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: /^POST \/.*, 401$/ }).waitFor();
  await fetch(`${stack.apiUrl()}/api/users/${canary}path?after=${canary}query`, {
    method: 'PATCH',
    body: JSON.stringify({ name: `${canary}body` }),
    headers: {
      authorization: `Bearer ${canary}token`,
      cookie: `jwt=${canary}cookie`,
      'content-type': 'application/json',
      'x-request-id': `${canary}`.toUpperCase(),
      'x-origin': `${canary}header`,
    },
  });
  await calls()
    .getByRole('link', { name: /^PATCH \/api\/users/ })
    .click();
  await page.getByRole('button', { name: 'Copy as curl, without values' }).click();
  const curl = await page.evaluate(() => navigator.clipboard.readText());
  expect(curl).toContain('curl -i -X PATCH');
  await page.getByRole('button', { name: 'Copy as fetch, without values' }).click();
  const copiedFetch = await page.evaluate(() => navigator.clipboard.readText());
  expect(copiedFetch).toContain("method: 'PATCH'");
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const saved = readFileSync(await download.path(), 'utf8');
  expect(saved).toContain('/api/users/:id');
  const stream = await (await fetch(`${stack.apiUrl()}/api/exchanges?after=start`)).text();
  const shown = await page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      { ...localStorage },
      { ...sessionStorage },
      location.href,
    ]),
  );
  for (const text of [curl, copiedFetch, saved, stream, shown]) expect(text).not.toContain(canary);
  // A line of the API's log has the path.
  expect(stack.api.output().replaceAll(`${canary}path`, '')).not.toContain(canary);
});

test('The keys j, k, Enter, /, c and p work the log, and the keys of a field are left to it', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${stack.webUrl()}/exchanges`);
  await page.getByText('Live, from the page and from the API.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  for (const name of ['A refusal', 'A preflight']) {
    await page.getByRole('button', { name, exact: true }).click();
    await calls().getByRole('link', { name: /401/ }).first().waitFor();
  }
  await expect.poll(() => calls().getByRole('link').count()).toBe(2);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'));
  const links = await calls()
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  await page.keyboard.press('j');
  expect(await focused()).toBe(links[0]);
  await page.keyboard.press('j');
  expect(await focused()).toBe(links[1]);
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${links[1]}`);
  await page.getByRole('list', { name: 'Why' }).waitFor();
  await page.keyboard.press('c');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('curl -i -X GET');
  await page.keyboard.press('/');
  await page.keyboard.type('pejkc');
  const field = page.getByRole('searchbox', { name: 'Method or path contains' });
  expect(await field.inputValue()).toBe('pejkc');
  await field.fill('');
  await field.blur();
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await page.getByRole('button', { name: 'A refusal', exact: true }).click();
  await page.waitForLoadState('networkidle');
  expect(await calls().getByRole('link').count()).toBe(2);
  await page.keyboard.press('p');
  await expect.poll(() => calls().getByRole('link').count()).toBe(3);
});
