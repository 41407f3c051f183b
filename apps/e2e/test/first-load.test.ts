import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Carrier } from '@signet/contracts';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Stack, signIn, startStack } from './start-stack.ts';

/** What the first load of a page may cost a visitor, in bytes of script after gzip. */
const scriptBudgetBytes = 150_000;

/** Both fonts, of the letters and weights that English text needs. */
const fontBudgetBytes = 40_000;

/** A tenth of what Web Vitals call good, so that a reader sees nothing move. */
const layoutShiftBudget = 0.01;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  return stack.stop;
});

test('The frame is drawn and the page is loaded before the configuration is there', async () => {
  const page = await stack.browser.newPage();
  let answer = (): void => undefined;
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/config.json', async (route) => {
    await isAnswered;
    await route.continue();
  });
  const part = page.waitForRequest(/\/assets\/sign-in-page-/);
  await page.goto(`${stack.webUrl()}/sign-in`, { waitUntil: 'commit' });
  await page.getByText('Loading the page').waitFor({ state: 'attached' });
  await part;
  answer();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await page.close();
});

test('The texts of a cause and the menu of the user are loaded beside the app, not after it', async () => {
  const context = await stack.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${stack.webUrl()}/sign-in`);
  await signIn(page, 'bearer');
  let load = (): void => undefined;
  const isWanted = new Promise<void>((resolve) => {
    load = resolve;
  });
  await page.route('**/assets/main-*.js', async (route) => {
    await isWanted;
    await route.continue();
  });
  const parts = [/\/assets\/origin-/, /\/assets\/signed-in-/].map((part) => page.waitForRequest(part));
  await page.goto(`${stack.webUrl()}/doctor/causes/origin-not-listed`, { waitUntil: 'commit' });
  await Promise.all(parts);
  load();
  await page.getByRole('heading', { level: 2, name: 'How to fix it' }).waitFor();
  await context.close();
});

/** The scripts of the app that this file of the build names, and those that they name. */
function scriptsNamedIn(file: string, found = new Set<string>()): Set<string> {
  const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));
  for (const [name] of readFileSync(join(dist, file), 'utf8').matchAll(/[\w-]+\.js\b/g)) {
    if (found.has(name) || !existsSync(join(dist, 'assets', name))) continue;
    found.add(name);
    scriptsNamedIn(`assets/${name}`, found);
  }
  return found;
}

test('Every part of the app can be loaded: none begins with what the build leaves out of a library', async () => {
  const parts = scriptsNamedIn('index.html');
  expect(parts.size).toBeGreaterThan(40);
  const page = await stack.browser.newPage();
  await page.goto(stack.webUrl());
  // As text, because Vitest would compile the import for Node.
  const failures: string[][] = await page.evaluate(`Promise.all(${JSON.stringify([...parts])}.map((name) =>
    import('/assets/' + name).then(() => [], (error) => [name + ': ' + error])))`);
  expect(failures.flat()).toEqual([]);
  await page.close();
});

/** The cookies and the storage of a browser profile. */
type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Opens a page directly, and measures it until the network is quiet. */
async function measure(page: Page, path: string) {
  const scripts: Promise<number>[] = [];
  const fonts: Promise<number>[] = [];
  page.on('response', (response) => {
    const type = response.request().resourceType();
    if (type === 'script') scripts.push(response.body().then((body) => gzipSync(body).length));
    if (type === 'font') fonts.push(response.body().then((body) => body.length));
  });
  await page.addInitScript(() => {
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.layoutShift += (entry as LayoutShift).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(stack.webUrl() + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const sumOf = async (sizes: Promise<number>[]) =>
    (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
  return {
    scriptBytes: await sumOf(scripts),
    fontBytes: await sumOf(fonts),
    layoutShift: await page.evaluate(() => window.layoutShift),
  };
}

/** An entry of the Layout Instability API, which TypeScript's library does not have. */
type LayoutShift = PerformanceEntry & { value: number };

declare global {
  interface Window {
    layoutShift: number;
  }
}

const publicPaths = [
  '/',
  '/sign-in',
  '/sign-in?flow=cookie',
  '/sign-up',
  '/inspector',
  '/exchanges',
  '/flows',
  '/doctor',
  '/lab',
  '/doctor/causes/origin-not-listed',
  '/no-such-page',
];
const signedInPaths = [
  '/',
  '/feed',
  '/players',
  '/players/new',
  '/users',
  '/users/new',
  '/users/2/edit',
  '/account',
  '/audit',
  '/inspector',
  '/exchanges',
  '/flows',
  '/doctor',
  '/lab',
  '/doctor/causes/origin-not-listed',
  '/no-such-page',
];

const visitors: readonly [string, Carrier | undefined, readonly string[]][] = [
  ['a visitor who is signed out', undefined, publicPaths],
  ['an admin who signed in by bearer token', 'bearer', signedInPaths],
  ['an admin who signed in by cookie', 'cookie', signedInPaths],
];

describe.each(visitors)('For %s', (_, carrier, paths) => {
  let storageState: StorageState;
  beforeAll(async () => {
    const context = await stack.browser.newContext();
    if (carrier) {
      const page = await context.newPage();
      await page.goto(`${stack.webUrl()}/sign-in`);
      await signIn(page, carrier);
    }
    storageState = await context.storageState();
    await context.close();
  });

  /** Opens the page in a profile with the visitor's cookies and storage, but with an empty cache. */
  async function measureAt(viewport: { width: number; height: number }, path: string) {
    const context = await stack.browser.newContext({ viewport, storageState });
    const measured = await measure(await context.newPage(), path);
    await context.close();
    return measured;
  }

  test.each(paths)(
    'the page %s, opened directly, keeps the budgets of script and fonts and shifts nothing',
    async (path) => {
      // One after the other, because the exchange log shows the calls of the other page, too, and grows by them.
      for (const viewport of [
        { width: 1440, height: 900 },
        { width: 360, height: 740 },
      ]) {
        const { scriptBytes, fontBytes, layoutShift } = await measureAt(viewport, path);
        expect.soft(scriptBytes).toBeLessThanOrEqual(scriptBudgetBytes);
        expect.soft(fontBytes).toBeLessThanOrEqual(fontBudgetBytes);
        expect.soft(layoutShift, `at ${viewport.width} px`).toBeLessThanOrEqual(layoutShiftBudget);
      }
    },
  );
});
