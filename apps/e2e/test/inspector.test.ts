import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stack, signIn, startStack } from './start-stack.ts';

let stack: Stack;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  stack = await startStack();
  return stack.stop;
});
beforeEach(async () => {
  context = await stack.browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const rung = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });

test('A changed claim fails the signature here, and the API names the rule that refuses it', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer', 'niko');
  await page.getByRole('link', { name: 'Inspector' }).click();
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText("The API accepts this token. It is niko's.").waitFor();
  await page.getByRole('textbox', { name: 'Value of sub' }).fill('"1"');
  await rung('Signature').getByText('You changed sub').waitFor();
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText('401 token_invalid').waitFor();
  await page.getByText(/^Rule signature: refused, because the signature does not belong/).waitFor();
  await rung('Signature').getByText('Judged by the API').waitFor();
  await rung('Header').getByText('Judged by the API').waitFor();
});

test('A pasted token leaves no request and no copy in storage until the API is asked', async () => {
  await page.goto(`${stack.webUrl()}/inspector`);
  await page.getByRole('heading', { name: 'Token inspector' }).waitFor();
  await page.waitForLoadState('networkidle');
  // The app loads further parts of itself from its own server; a token goes nowhere, and nothing goes to the API.
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.url()} ${request.postData() ?? ''}`));
  await page.getByRole('button', { name: 'An example' }).click();
  await page.getByRole('button', { name: 'Verify with this secret' }).click();
  await page.getByText('The signature holds under this secret.').waitFor();
  const pasted = await page.getByRole('textbox', { name: 'A token, or text' }).inputValue();
  expect(
    requests.filter((request) => request.startsWith(stack.apiUrl()) || request.includes(pasted)),
  ).toEqual([]);
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
  );
  expect(pasted).toMatch(/^eyJ/);
  expect(stored).not.toContain(pasted);
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.getByText(/^Rule kid: refused/).waitFor();
});

test('The countdown of a token reaches zero, and its state changes', async () => {
  await page.clock.install();
  await page.goto(`${stack.webUrl()}/inspector`);
  await page.getByRole('button', { name: 'An example' }).click();
  await rung('Times').getByText('Holds').waitFor();
  await page.getByText('Expires in', { exact: true }).waitFor();
  await page.clock.fastForward(3601 * 1000);
  await rung('Times').getByText('It has expired').waitFor();
  await page.getByText('Expired', { exact: true }).waitFor();
});
