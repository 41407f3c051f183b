import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  browserOptions,
  openUserMenu,
  patienceMs,
  type Stack,
  signedInAs,
  signIn,
  signOut,
  startStack,
} from './start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  return stack.stop;
});

let context: BrowserContext;
let page: Page;
beforeEach(async () => {
  context = await stack.browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const link = (name: string) =>
  page.getByRole('complementary', { name: 'Sidebar' }).getByRole('link', { name });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });

/** Chromium with a profile of its own, whose setting "block all site data" is on where `blocksData` is. */
async function launch({ blocksData = false, switches = [] as string[] }) {
  const profile = mkdtempSync(join(tmpdir(), 'signet-profile-'));
  const settings = { profile: { default_content_setting_values: { cookies: blocksData ? 2 : 1 } } };
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(settings));
  const browser = await chromium.launchPersistentContext(profile, browserOptions(switches));
  browser.setDefaultTimeout(patienceMs);
  return {
    page: await browser.newPage(),
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

describe('A browser that blocks all site data', () => {
  test('The app says that a browser blocks all site data, and a bearer sign-in lasts in its tab', async () => {
    const browser = await launch({ blocksData: true });
    try {
      await browser.page.goto(stack.webUrl());
      await browser.page.getByText('Your browser does not let this site store data.').waitFor();
      const refusal = () =>
        browser.page.evaluate(() => {
          try {
            return String(localStorage);
          } catch (error) {
            return (error as Error).name;
          }
        });
      expect(await refusal()).toBe('SecurityError');
      await signIn(browser.page, 'bearer');
      await browser.page.getByRole('button', { name: 'Refresh the token' }).click();
      await browser.page.getByText('200 OK').waitFor();
      await browser.page
        .getByRole('complementary', { name: 'Sidebar' })
        .getByRole('link', { name: 'Feed' })
        .click();
      await browser.page.getByRole('button', { name: 'Write a post…' }).click();
      await browser.page.getByLabel('Note').fill('Written without storage');
    } finally {
      await browser.close();
    }
  });
});

describe('A page that the browser translates', () => {
  test('Every page and the sign-in form keep working when the browser translates them', async () => {
    await page.addInitScript(() => {
      const translate = (root: Node) => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts: Text[] = [];
        while (walker.nextNode()) texts.push(walker.currentNode as Text);
        for (const text of texts) {
          const parent = text.parentElement;
          if (!parent || parent.closest('font, script, style, textarea, title, option') || !text.data.trim())
            continue;
          const outer = document.createElement('font');
          parent.replaceChild(outer, text);
          outer.appendChild(document.createElement('font')).append(text.data);
        }
      };
      new MutationObserver(() => document.body && translate(document.body)).observe(document, {
        subtree: true,
        childList: true,
      });
    });
    await page.goto(`${stack.webUrl()}/sign-in`);
    await page.getByLabel('User ID').fill('toby');
    await page.getByLabel('Password', { exact: true }).fill('wrong password');
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByText('Wrong user ID or password').waitFor();
    await signIn(page, 'cookie');
    for (const name of ['Feed', 'Players', 'Users', 'Audit log']) {
      await link(name).click();
      await heading(name).waitFor();
    }
    await openUserMenu(page);
    await link('Account').click();
    await heading('Account').waitFor();
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile saved').waitFor();
    await signOut(page);
  });
});

describe('A tab that is older than the deployment', () => {
  test('Opening a page in a tab older than the deployment reloads once into the new build and keeps the draft', async () => {
    await page.goto(`${stack.webUrl()}/feed`);
    await page.getByLabel('User ID').fill('toby');
    await page.getByLabel('Password', { exact: true }).fill('123toby');
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByRole('button', { name: 'Write a post…' }).click();
    await page.getByLabel('Note').fill('Half a thought');
    let isGone = true;
    await page.route('**/assets/*.js', (route) =>
      isGone ? route.fulfill({ status: 404 }) : route.continue(),
    );
    page.on('request', (request) => {
      if (request.isNavigationRequest()) isGone = false;
    });
    await link('Players').click();
    await heading('Players').waitFor();
    expect(isGone).toBe(false);
    await link('Feed').click();
    await page.getByText('Your unsent draft is back.').waitFor();
    expect(await page.getByLabel('Note').inputValue()).toBe('Half a thought');
  });

  test('A part that stays missing after a deployment shows a page after one reload, and no loop', async () => {
    await page.goto(stack.webUrl());
    await signIn(page, 'bearer');
    let reloads = 0;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) reloads += 1;
    });
    await page.route('**/assets/players-page-*.js', (route) => route.fulfill({ status: 404 }));
    await link('Players').click();
    await heading('This page could not be loaded').waitFor();
    expect(reloads).toBe(1);
  });

  test('A cause whose texts stay missing after a deployment is not said to be unknown', async () => {
    await page.route('**/assets/origin-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto(`${stack.webUrl()}/doctor/causes/origin-not-listed`);
    await heading('This page could not be loaded').waitFor();
  });

  test('A page that cannot be loaded for want of a network says so, and loads by itself', async () => {
    await page.goto(stack.webUrl());
    await signIn(page, 'bearer');
    await context.setOffline(true);
    await link('Players').click();
    await heading('You are offline').waitFor();
    await context.setOffline(false);
    await heading('Players').waitFor();
  });

  test('A page whose script is missing says that it could not start', async () => {
    await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto(stack.webUrl());
    await page.getByRole('heading', { name: 'Signet could not start' }).waitFor();
  });
});

describe('A page that came over plain http from another machine', () => {
  test('The choice of the cookie, on a page that came over plain http, says that it needs https', async () => {
    const browser = await launch({ switches: ['--host-resolver-rules=MAP app.lan 127.0.0.1'] });
    try {
      await browser.page.goto(`${stack.webUrl().replace('localhost', 'app.lan')}/sign-in`);
      await browser.page.getByRole('radio', { name: 'HttpOnly cookie' }).check();
      await browser.page.getByText(/browsers keep a Secure cookie only over https/).waitFor();
    } finally {
      await browser.close();
    }
  });
});

describe('A tab that is left while a deletion waits for its Undo', () => {
  test.each(['bearer', 'cookie'] as const)(
    'The post is deleted at the API, because the request outlives its page, signed in by %s',
    async (carrier) => {
      await page.goto(stack.webUrl());
      await signIn(page, carrier);
      await page.goto(`${stack.webUrl()}/feed/${await createPost('Soon gone')}`);
      await page.getByRole('button', { name: /^Delete the post by/ }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await page.goto('about:blank');
      await expect.poll(async () => (await readFeed()).includes('Soon gone')).toBe(false);
    },
  );

  async function createPost(note: string): Promise<number> {
    const post = await callAsToby('/api/posts', { method: 'POST', body: JSON.stringify({ note }) });
    return ((await post.json()) as { id: number }).id;
  }

  const readFeed = async () => (await callAsToby('/api/posts')).text();

  async function callAsToby(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const credentials = JSON.stringify({ username: 'toby', password: '123toby' });
    const signedIn = await fetch(`${stack.apiUrl()}/token`, { method: 'POST', headers, body: credentials });
    const { token } = (await signedIn.json()) as { token: string };
    return fetch(stack.apiUrl() + path, {
      ...init,
      headers: { ...headers, authorization: `Bearer ${token}` },
    });
  }
});

describe('Two clicks in one task', () => {
  test('A post is sent once after two clicks in one task', async () => {
    await page.goto(stack.webUrl());
    await signIn(page, 'bearer');
    await signedInAs(page).waitFor();
    await link('Feed').click();
    await page.getByRole('button', { name: 'Write a post…' }).click();
    await page.getByLabel('Note').fill('Clicked twice');
    await page.getByRole('button', { name: 'Post', exact: true }).evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });
    await page.getByText('Posted', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('Clicked twice').first().waitFor();
    expect(await page.getByText('Clicked twice').count()).toBe(1);
  });
});
