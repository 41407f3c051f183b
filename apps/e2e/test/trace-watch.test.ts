import { get, type IncomingMessage } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from './start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
});

/** The API has four streams: how many of them these callers still get. */
async function countFreeStreams(): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 4 }, () => open(`${stack.apiUrl()}/api/exchanges`)));
  for (const answer of answers) answer.destroy();
  return answers.filter(({ statusCode }) => statusCode === 200).length;
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.on('error', () => {}).resume();
      resolve(answer);
    }).on('error', reject);
  });
}

const send = (authorization: string) => fetch(`${stack.apiUrl()}/protected`, { headers: { authorization } });

test('all tabs of a browser share one stream of exchanges, and another tab reads it when the first is closed', async () => {
  const context = await stack.browser.newContext();
  const openLog = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${stack.webUrl()}/inspector`);
    await page.getByRole('button', { name: 'From the log' }).click();
    await page.getByRole('list', { name: 'Tokens in the log' }).waitFor();
    return page;
  };
  const shows = (page: Page, text: string) =>
    page.getByRole('list', { name: 'Tokens in the log' }).getByText(text).first().waitFor();
  await send('Bearer a.b.c');
  const first = await openLog();
  await expect.poll(countFreeStreams).toBe(3);
  const second = await openLog();
  const third = await openLog();
  await send('Bearer null');
  for (const page of [first, second, third]) await shows(page, 'the word null');
  expect(await countFreeStreams()).toBe(3);

  await first.close();
  await expect.poll(countFreeStreams).toBe(3);
  await send('Bearer undefined');
  for (const page of [second, third]) await shows(page, 'the word undefined');

  await second.getByRole('button', { name: 'From the log' }).click();
  await third.getByRole('button', { name: 'From the log' }).click();
  await expect.poll(countFreeStreams).toBe(4);
  await context.close();
});

test('while other readers have all streams the log is read by polling and says so, and it says when the API is away', async () => {
  const held = await Promise.all(Array.from({ length: 4 }, () => open(`${stack.apiUrl()}/api/exchanges`)));
  const page = await stack.browser.newPage();
  await page.goto(`${stack.webUrl()}/exchanges`);
  await page.getByText(/which is asked every two seconds/).waitFor();
  await fetch(`${stack.apiUrl()}/api/players`);
  await page.getByRole('link', { name: /^GET \/api\/players/ }).waitFor();
  for (const answer of held) answer.destroy();
  await page.getByText('Live, from the page and from the API.').waitFor();
  await stack.api.stop();
  await page.getByText(/^The half of the page only: this page cannot read the log/).waitFor();
  await page.getByRole('link', { name: /^GET \/api\/players/ }).waitFor();
  await page.close();
});
