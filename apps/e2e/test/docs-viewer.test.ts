import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { collectComplaints, startBrowser } from './start-stack.ts';

let api: Api;
let browser: Browser;
beforeAll(async () => {
  api = await startApi();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The origins that the page asked for anything. */
  readonly origins: () => string[];
};

/** Opens the reference page. At the end of the test, Chromium may have complained of `refusals` calls, and of nothing else. */
async function openDocs({ path = '/docs', javaScriptEnabled = true, refusals = 0 } = {}): Promise<Visit> {
  const context = await browser.newContext({ javaScriptEnabled });
  onTestFinished(() => context.close());
  const complaints = collectComplaints(context);
  onTestFinished(() => {
    const others = complaints.filter((text) => !text.includes('status of 401'));
    expect([others, complaints.length - others.length]).toEqual([[], refusals]);
  });
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  const page = await context.newPage();
  await page.goto(api.url + path);
  if (javaScriptEnabled) await operation(page, 'createToken').waitFor();
  const origins = () => [
    ...new Set(requests.filter((url) => !/^(data|blob):/.test(url)).map((url) => new URL(url).origin)),
  ];
  return { page, context, origins };
}

/** An operation in the viewer, by its key in the contract. */
function operation(page: Page, key: string) {
  return page.locator(`[id$="-${key}"].opblock`);
}

/** Opens an operation, sends its example, and returns the status that the viewer shows. */
async function tryOut(page: Page, key: string): Promise<string | null> {
  const block = operation(page, key);
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  await block.getByRole('button', { name: 'Execute' }).click();
  const status = block.locator('.live-responses-table .response-col_status').last();
  await status.waitFor();
  return status.textContent();
}

test.each(['/docs', '/docs/'])(
  '%s shows every operation in the viewer, and asks no other server',
  async (path) => {
    const { page, origins } = await openDocs({ path });
    expect(await page.locator('.opblock').count()).toBe(await page.locator('#endpoints tr:has(td)').count());
    expect(await page.locator('#endpoints').isVisible()).toBe(false);
    expect(await page.getByRole('link', { name: 'token_missing' }).first().isVisible()).toBe(true);
    expect(origins()).toEqual([api.url]);
  },
);

test('a call that was tried does not make the page of a phone scroll sideways', async () => {
  const { page } = await openDocs();
  await page.setViewportSize({ width: 360, height: 740 });
  await tryOut(page, 'createToken');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('without script /docs shows the tables of endpoints', async () => {
  const { page } = await openDocs({ javaScriptEnabled: false });
  expect(await page.locator('#endpoints').isVisible()).toBe(true);
  expect(await page.getByText('POST /token', { exact: true }).last().isVisible()).toBe(true);
});

test('by the bearer flow "Try it out" signs in, and the next call has the token', async () => {
  const { page, context } = await openDocs();
  expect(await tryOut(page, 'createToken')).toContain('200');
  expect(await tryOut(page, 'readProtected')).toContain('200');
  expect(await context.cookies()).toEqual([]);
});

test('by the cookie flow "Try it out" signs in, and the next call has the cookie', async () => {
  const { page, context } = await openDocs({ refusals: 1 });
  expect(await tryOut(page, 'readProtected')).toContain('401');
  await operation(page, 'readProtected').locator('.opblock-summary-control').click();
  expect(await tryOut(page, 'authenticateUser')).toContain('200');
  expect((await context.cookies()).map(({ name }) => name)).toContain('jwt');
  await page.reload();
  await operation(page, 'readProtected').waitFor();
  expect(await tryOut(page, 'readProtected')).toContain('200');
});

test('the policy of /docs is its own: its scripts come from the API only, and other pages run none', async () => {
  const policyOf = async (path: string) =>
    (await fetch(api.url + path)).headers.get('content-security-policy') ?? '';
  expect(await policyOf('/docs')).toContain("script-src 'self';");
  expect(await policyOf('/docs')).not.toMatch(/unsafe-eval|https?:|\*/);
  for (const path of ['/problems/internal', '/openapi.json', '/docs/start.js', '/nothing'])
    expect(await policyOf(path)).not.toContain('script-src');
});

test('the files of the viewer are read once and revalidated by their ETag; other names are 404', async () => {
  const answer = await fetch(`${api.url}/docs/viewer.js`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ]);
  const etag = answer.headers.get('etag') ?? '';
  expect(await answer.text()).toContain('SwaggerUI');
  const again = await fetch(`${api.url}/docs/viewer.js`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  for (const name of ['other.js', '..%2fmain.js', 'constructor', 'viewer.js%00'])
    expect([name, (await fetch(`${api.url}/docs/${name}`)).ok]).toEqual([name, false]);
});
