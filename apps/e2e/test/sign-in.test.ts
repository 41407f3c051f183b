import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  collectComplaints,
  openUserMenu,
  type Stack,
  signedInAs,
  signIn,
  signInForm,
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
let complaints: string[];
beforeEach(async () => {
  context = await stack.browser.newContext();
  page = await context.newPage();
  complaints = collectComplaints(context);
});
afterEach(() => context.close());

const readToken = () => page.evaluate(() => localStorage.getItem('jwt-token'));
const askWithToken = (token: string) =>
  fetch(`${stack.apiUrl()}/protected`, { headers: { authorization: `Bearer ${token}` } });
const askWithCookie = (value: string) =>
  fetch(`${stack.apiUrl()}/protected`, { headers: { cookie: `jwt=${value}` } });

/** The cookies that the browser would send to the API. Scripts on a page cannot read them. */
async function findCookie(name: string, hostname: 'localhost' | '127.0.0.1') {
  const cookies = await context.cookies(`${stack.apiUrl(hostname)}/api/sessions`);
  return cookies.find((cookie) => cookie.name === name);
}

describe.each(['localhost', '127.0.0.1'] as const)('On %s', (hostname) => {
  test('A bearer sign-in survives a reload, stores its token in localStorage, and ends for good at sign-out', async () => {
    await page.goto(`${stack.webUrl(hostname)}/sign-in`);
    await signInForm(page).waitFor();
    await signIn(page, 'bearer');
    const token = await readToken();
    expect(token?.split('.')).toHaveLength(3);
    expect(await context.cookies()).toEqual([]);
    expect((await askWithToken(String(token))).status).toBe(200);

    await page.reload();
    await signedInAs(page).waitFor();
    expect(await readToken()).toBe(token);

    await signOut(page);
    expect(await readToken()).toBeNull();
    const refused = await askWithToken(String(token));
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'session_ended' });
    await page.reload();
    await signInForm(page).waitFor();
    expect(complaints).toEqual([]);
  });

  test('A cookie sign-in survives a reload, shows nothing to scripts, and ends for good at sign-out', async () => {
    await page.goto(`${stack.webUrl(hostname)}/sign-in`);
    await signIn(page, 'cookie');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(await readToken()).toBeNull();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toMatch(/eyJ/);
    const jwt = await findCookie('jwt', hostname);
    const refresh = await findCookie('jwt_refresh', hostname);
    expect(jwt).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: hostname });
    expect(refresh).toMatchObject({
      httpOnly: true,
      sameSite: 'Lax',
      path: '/api/sessions',
      domain: hostname,
    });
    expect((await askWithCookie(String(jwt?.value))).status).toBe(200);

    await page.reload();
    await signedInAs(page).waitFor();

    await signOut(page);
    // The cookie that recognises the device stays: it signs nobody in, and keeps others from locking the user out.
    expect((await context.cookies()).map(({ name }) => name)).toEqual(['signet_device']);
    const refused = await askWithCookie(String(jwt?.value));
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'session_ended' });
    await page.reload();
    await signInForm(page).waitFor();
    expect(complaints).toEqual([]);
  });
});

test.each(['bearer', 'cookie'] as const)(
  'Signed in by %s, every page shows its data, and a deep link opens after the sign-in',
  async (carrier) => {
    await page.goto(`${stack.webUrl()}/users`);
    await signInForm(page).waitFor();
    await page
      .getByRole('radio', { name: carrier === 'bearer' ? 'Bearer token' : 'HttpOnly cookie' })
      .check();
    await page.getByLabel('User ID').fill('toby');
    await page.getByLabel('Password', { exact: true }).fill('123toby');
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.getByText('Grace Hopper').first().waitFor();
    await page.getByRole('link', { name: 'Players' }).click();
    await page.getByRole('heading', { level: 1, name: 'Players' }).waitFor();
    await page.getByText('Azeem Khan').first().waitFor();
    await page.getByRole('link', { name: 'Feed' }).click();
    const image = page.getByRole('list', { name: 'Posts, newest first' }).getByRole('img').first();
    await expect
      .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth))
      .toBeGreaterThan(0);
    // In the bearer flow a script fetches the image with the header; in the
    // cookie flow the browser loads it itself.
    expect(await image.getAttribute('src')).toMatch(
      carrier === 'bearer' ? /^blob:/ : /^http:.*\/api\/posts\/\d+\/image/,
    );
    await openUserMenu(page);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
    await page.getByLabel('Name', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('list', { name: 'Audit events' }).getByText('Signed in').first().waitFor();
    expect(complaints).toEqual([]);
  },
);

test('After a sign-in with a wrong password the page shows the reason, and the browser stores nothing', async () => {
  await page.goto(`${stack.webUrl()}/sign-in`);
  await page.getByLabel('User ID').fill('nobody-here');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByRole('alert').getByText('Wrong user ID or password').waitFor();
  await signInForm(page).waitFor();
  expect(await page.evaluate(() => localStorage.getItem('jwt-token'))).toBeNull();
});

test('Signing in by the other flow removes everything that the first flow stored', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer', 'niko');
  await signOut(page);
  await signIn(page, 'cookie', 'hop');
  await signedInAs(page, /Grace Hopper/).waitFor();
  expect(await readToken()).toBeNull();
  await signOut(page);
  await signIn(page, 'bearer', 'niko');
  await signedInAs(page, /Nicholas Tesla/).waitFor();
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['signet_device']);
});
