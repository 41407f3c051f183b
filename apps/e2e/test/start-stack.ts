import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Carrier } from '@signet/contracts';
import { findChromium } from '@signet/rig';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sirv from 'sirv';
import { close, listen } from './listen.ts';
import { startApi } from './start-api.ts';

const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));

export type Stack = Awaited<ReturnType<typeof startStack>>;

/**
 * The built API, the built SPA on another origin, and Chromium. Nothing is stubbed: the SPA reads the API's
 * address from `/config.json`, as in every deployment.
 */
export async function startStack(options: { env?: Record<string, string> } = {}) {
  const site = await startSite(options);
  try {
    const browser = await startBrowser();
    const stop = async () => {
      await browser.close();
      await site.stop();
    };
    return { ...site, browser, stop };
  } catch (error) {
    await site.stop();
    throw error;
  }
}

/** The built API and the built SPA on another origin, for any browser. */
export async function startSite({ env = {} }: { env?: Record<string, string> } = {}) {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    let apiPort = 0;
    // A copy, because a build that runs at the same time would replace
    // files that the browser is about to load.
    const site = mkdtempSync(join(tmpdir(), 'signet-e2e-'));
    closing.push(async () => rmSync(site, { recursive: true, force: true }));
    cpSync(dist, site, { recursive: true });
    const web = await startServer(serveSpa(site, () => ({ api_url: `http://{hostname}:${apiPort}` })));
    closing.push(web.stop);
    const api = await startApi({
      env: { WEB_ORIGINS: `http://localhost:${web.port},http://127.0.0.1:${web.port}`, ...env },
    });
    closing.push(api.stop);
    apiPort = api.port;
    return {
      api,
      stop,
      /** The SPA's origin, with one of the two names of this machine. */
      webUrl: (hostname: 'localhost' | '127.0.0.1' = 'localhost') => `http://${hostname}:${web.port}`,
      apiUrl: (hostname: 'localhost' | '127.0.0.1' = 'localhost') => `http://${hostname}:${api.port}`,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server on a free port. */
export async function startServer(listener: RequestListener) {
  const server = createServer(listener);
  return { port: await listen(server), stop: () => close(server) };
}

function serveSpa(folder: string, config: () => { api_url: string }): RequestListener {
  const serveFiles = sirv(folder, { single: true, etag: true });
  return (request, response) => {
    if (request.url !== '/config.json') return serveFiles(request, response);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(config()));
  };
}

/** A page waits this long for an element: less than a test may take, but a busy machine is no failure. */
export const patienceMs = 120_000;

export async function startBrowser(switches: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch(browserOptions(switches));
  browser.on('context', (context) => context.setDefaultTimeout(patienceMs));
  return browser;
}

/** Chromium's launch options, with further command-line switches. */
export function browserOptions(switches: readonly string[] = []) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: npx tsx tools/install-test-tools.ts');
  const args =
    '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
  return { executablePath, args: [...args.split(' '), ...switches] };
}

/** Collects console errors and uncaught exceptions of all pages in a context. */
export function collectComplaints(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error')
      complaints.push(`${message.page()?.url()}: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => complaints.push(`${error.page()?.url()}: ${error.error().stack}`));
  return complaints;
}

const flowTitles: Record<Carrier, string> = { bearer: 'Bearer token', cookie: 'HttpOnly cookie' };

/** Signs in as a visitor does, on the sign-in page or from the overview. */
export async function signIn(
  page: Page,
  carrier: Carrier,
  uid = 'toby',
  password = `123${uid}`,
): Promise<void> {
  if (new URL(page.url()).pathname === '/')
    await page
      .getByRole('main')
      .getByRole('link', { name: /^Sign in with a (bearer token|cookie)$/ })
      .first()
      .click();
  await page.getByRole('radio', { name: flowTitles[carrier] }).check();
  await page.getByLabel('User ID').fill(uid);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await signedInAs(page).waitFor();
}

export function signedInAs(page: Page, name = /./) {
  return page.getByRole('main').getByText(new RegExp(`^Signed in as ${name.source}`));
}

export async function signOut(page: Page): Promise<void> {
  await openUserMenu(page);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signInForm(page).waitFor();
}

/** Opens the menu at the foot of the sidebar, which leads to the account and the sign-out. */
export async function openUserMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your account and settings' }).click();
}

export function signInForm(page: Page) {
  return page.getByRole('heading', { level: 1, name: 'Sign in' });
}
