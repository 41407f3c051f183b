import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectComplaints, type Stack, signedInAs, signIn, startStack } from './start-stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.stop();
});

async function openFlows(page: Page): Promise<void> {
  await page.goto(`${stack.webUrl()}/flows`);
}

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

/** The answers of both flows to each question, once both have run. */
async function readAnswers(page: Page): Promise<Record<string, [string, string]>> {
  const items = page.getByRole('list').filter({ has: page.getByText('Can script read the token?') });
  await expect.poll(() => items.getByText('not seen yet').count()).toBe(0);
  const rows = await items
    .getByRole('listitem')
    .evaluateAll((all) =>
      all.map((item) => [
        item.querySelector('h3')?.textContent ?? '',
        [...item.querySelectorAll('dd')].map((dd) => dd.querySelector('p')?.textContent ?? ''),
      ]),
    );
  return Object.fromEntries(rows);
}

const expected = {
  'Can script read the token?': ['Yes', 'No'],
  'Is it sent without the help of script?': ['No', 'Yes'],
  'Is GET /protected preflighted?': ['Yes', 'No'],
  'How much does it add to each request?': [
    expect.stringMatching(/^\d{3} bytes$/),
    expect.stringMatching(/^\d{3} bytes$/),
  ],
  'Does it survive a reload?': ['Yes', 'Yes'],
  'Can it be used at another origin?': ['Yes', 'No'],
  'Can it be refreshed?': ['Yes', 'Yes'],
  'Is it usable after the sign-out?': ['No', 'No'],
  'What does an injected script get (XSS)?': ['The token itself', 'Calls, while the page is open'],
  'What does a foreign page get (CSRF)?': ['Nothing', 'A call with the cookie, unless it is refused'],
};

describe('the comparison of the flows', () => {
  test('the comparison of the flows says how to begin, fills its table by observation, signed out, and leaves no session behind', async () => {
    const context = await stack.browser.newContext();
    const complaints = collectComplaints(context);
    const page = await context.newPage();
    await openFlows(page);
    await expect.poll(() => page.getByText('not seen yet').count()).toBe(20);
    const invitation = page.getByText('Nothing yet. Press Run');
    expect(await invitation.count()).toBe(1);
    await run(page);
    expect(await readAnswers(page)).toEqual(expected);
    expect(await invitation.count()).toBe(0);
    expect((await context.cookies()).filter(({ name }) => name.startsWith('jwt'))).toEqual([]);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('eyJ');
    // Refusals are part of what is observed, and Chromium reports each to the console.
    expect(complaints.filter((each) => !each.includes('status of 401'))).toEqual([]);
    await context.close();
  });

  test('the comparison of the flows leaves a bearer session of the user as it was', async () => {
    const context = await stack.browser.newContext();
    const page = await context.newPage();
    await page.goto(stack.webUrl());
    await signIn(page, 'bearer', 'toby');
    const before = await page.evaluate(() => localStorage.getItem('jwt-token'));
    await openFlows(page);
    await run(page);
    expect(await readAnswers(page)).toEqual(expected);
    expect(await page.evaluate(() => localStorage.getItem('jwt-token'))).toBe(before);
    await page.goto(stack.webUrl());
    await signedInAs(page).waitFor();
    await context.close();
  });

  test('the comparison of the flows asks before it replaces a cookie session, and runs the bearer flow alone without it', async () => {
    const context = await stack.browser.newContext();
    const page = await context.newPage();
    await page.goto(stack.webUrl());
    await signIn(page, 'cookie', 'toby');
    const cookieOf = async () => (await context.cookies()).find(({ name }) => name === 'jwt')?.value;
    const before = await cookieOf();
    await openFlows(page);
    await run(page);
    await page.getByRole('button', { name: 'Run the bearer flow only' }).click();
    await expect.poll(() => page.getByText('not seen yet').count()).toBe(10);
    expect(await cookieOf()).toBe(before);
    expect(await page.getByText('A call without any header of script: 401 token_missing.').count()).toBe(1);
    await page.goto(stack.webUrl());
    await signedInAs(page).waitFor();
    await context.close();
  });

  test('the comparison of the flows runs both after a confirmation, and the replaced cookie session is over then', async () => {
    const context = await stack.browser.newContext();
    const page = await context.newPage();
    await page.goto(stack.webUrl());
    await signIn(page, 'cookie', 'toby');
    await openFlows(page);
    await run(page);
    await page.getByRole('button', { name: 'Run both, and sign me out' }).click();
    expect(await readAnswers(page)).toEqual(expected);
    expect((await context.cookies()).filter(({ name }) => name === 'jwt')).toEqual([]);
    await page.getByRole('complementary').getByRole('link', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  test('the comparison of the flows asks for credentials where there is no demo data', async () => {
    const bare = await startStack({ env: { DEMO_DATA: 'false' } });
    try {
      const credentials = { uid: 'grace.hopper', password: 'a throw-away pass phrase' };
      const signedUp = await fetch(`${bare.apiUrl()}/api/users/signup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Grace Hopper', ...credentials }),
      });
      expect(signedUp.status).toBe(201);
      const page = await bare.browser.newPage();
      await page.goto(`${bare.webUrl()}/flows`);
      await run(page);
      await page.getByLabel('User ID').fill(credentials.uid);
      await page.getByLabel('Password', { exact: true }).fill(credentials.password);
      await run(page);
      expect(await readAnswers(page)).toEqual(expected);
    } finally {
      await bare.stop();
    }
  });
});
