import { setTimeout as delay } from 'node:timers/promises';
import type { Carrier } from '@signet/contracts';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import {
  collectComplaints,
  type Stack,
  signedInAs,
  signIn,
  signInForm,
  signOut,
  startStack,
} from './start-stack.ts';

const tokenSeconds = 60;
const tabCount = 5;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { ACCESS_TOKEN_SECONDS: String(tokenSeconds) } });
  return stack.stop;
});

/** A browser profile with the app open in five tabs that share one sign-in. */
async function openTabs(carrier: Carrier, uid: string) {
  const context = await stack.browser.newContext();
  const refreshes: string[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/sessions/refresh'))
      refreshes.push(request.url());
  });
  const first = await context.newPage();
  await first.goto(stack.webUrl());
  await signIn(first, carrier, uid);
  const others = await Promise.all(Array.from({ length: tabCount - 1 }, () => openTab(context)));
  return { carrier, context, refreshes, complaints: collectComplaints(context), tabs: [first, ...others] };
}

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(stack.webUrl());
  await signedInAs(page).waitFor();
  return page;
}

/** Makes every tab request the list of users, which no tab has loaded before. */
async function showUsers(tabs: readonly Page[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.getByRole('link', { name: 'Users' }).click()));
  await Promise.all(tabs.map((tab) => tab.getByText('Alexander Graham Bell').first().waitFor()));
}

// One test for both flows, so that they share one wait: 60 seconds is the
// shortest lifetime that the API accepts.
test('Five tabs whose token has expired renew it once together, and signing out in one tab signs out all of them', async () => {
  const profiles = [await openTabs('bearer', 'niko'), await openTabs('cookie', 'hop')];
  // On a slow machine a token may have been renewed already while the tabs opened.
  for (const { refreshes } of profiles) refreshes.length = 0;
  const countRefreshes = () => stack.api.countRequests('POST', '/api/sessions/refresh');
  const refreshesBefore = countRefreshes();
  await delay((tokenSeconds + 2) * 1000);

  for (const { carrier, tabs, refreshes } of profiles) {
    await showUsers(tabs);
    expect(refreshes, carrier).toHaveLength(1);
  }
  // A page may show an answer before the API has logged the request.
  const userLists = () =>
    stack.api.requests().filter(({ path, status }) => path === '/api/users' && status === 200);
  await expect.poll(userLists).toHaveLength(2 * tabCount);
  expect(countRefreshes() - refreshesBefore).toBe(profiles.length);

  for (const { carrier, tabs, context, complaints } of profiles) {
    const [first] = tabs;
    if (first) await signOut(first);
    await Promise.all(tabs.map((tab) => signInForm(tab).waitFor()));
    expect(namesOf(await context.cookies()), carrier).toEqual(carrier === 'cookie' ? ['signet_device'] : []);
    expect(await first?.evaluate(() => localStorage.getItem('jwt-token')), carrier).toBeNull();
    // The cookie flow learns from a 401 that its cookie has expired. The
    // console shows those 401s and nothing else.
    expect(
      complaints.filter((complaint) => !/status of 401/.test(complaint)),
      carrier,
    ).toEqual([]);
    await context.close();
  }
  const signOuts = () =>
    stack.api
      .requests()
      .filter(({ path, method }) => method === 'DELETE' && path === '/api/sessions/current');
  await expect.poll(() => signOuts().map(({ status }) => status)).toEqual([204, 204]);
});

function namesOf(cookies: readonly { name: string }[]): string[] {
  return cookies.map(({ name }) => name);
}
