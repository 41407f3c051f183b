import { fileURLToPath } from 'node:url';
import { freePorts, runNode, waitForOutput } from '@signet/rig';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './start-api.ts';
import { signIn, startBrowser } from './start-stack.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

let api: Api;
let browser: Browser;
let site: { readonly url: string; stop(): Promise<unknown> };

/** The built app as `npm start` serves it: with the headers of a deployment, its content security policy among them. */
beforeAll(async () => {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const url = `http://localhost:${webPort}`;
  api = await startApi({ env: { PORT: `${apiPort}`, WEB_ORIGINS: url } });
  const env = { WEB_PORT: `${webPort}`, PORT: `${apiPort}` };
  const preview = runNode([vite, 'preview', web, '--config', `${web}/vite.config.ts`], env);
  await waitForOutput(preview, /Local:/);
  site = { url, stop: () => preview.end('SIGTERM') };
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await api?.stop();
});

/** What Chromium's Issues panel gets to show for a page from now on, with the element that an issue is about. */
async function watchIssues(page: Page): Promise<string[]> {
  const issues: string[] = [];
  const session = await page.context().newCDPSession(page);
  session.on('Audits.issueAdded', async ({ issue }) => {
    // The overview reads document.cookie on purpose: it shows what a script can see of the session.
    if (issue.details.performanceIssueDetails?.performanceIssueType === 'DocumentCookie') return;
    const index = issues.push(`${page.url()} ${JSON.stringify(issue)}`) - 1;
    const backendNodeId = issue.details.genericIssueDetails?.violatingNodeId;
    if (backendNodeId === undefined) return;
    const about = await session.send('DOM.getOuterHTML', { backendNodeId }).catch(() => undefined);
    issues[index] += ` ${about?.outerHTML}`;
  });
  await session.send('Audits.enable');
  return issues;
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(site.url + path);
  // Attached, because a dialog hides the heading of the page below it.
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
}

test('on the pages of a visitor the Issues panel of Chromium is empty', async () => {
  const page = await browser.newPage();
  const issues = await watchIssues(page);
  for (const path of ['/', '/sign-in', '/sign-up', '/inspector', '/flows', '/no-such-page'])
    await visit(page, path);
  expect(issues).toEqual([]);
});

test.each(['bearer', 'cookie'] as const)(
  'on the pages of an admin who signed in by %s the Issues panel of Chromium is empty',
  async (carrier) => {
    const page = await (await browser.newContext()).newPage();
    const issues = await watchIssues(page);
    await page.goto(`${site.url}/sign-in`);
    await signIn(page, carrier);
    const paths = [
      '/',
      '/feed',
      '/players',
      '/players/new',
      '/users',
      '/users/new',
      '/users/1',
      '/users/2/edit',
    ];
    for (const path of [...paths, '/account', '/audit', '/inspector']) await visit(page, path);
    expect(issues).toEqual([]);
  },
);

test('what the policy forbids would be in the Issues panel', async () => {
  const page = await browser.newPage();
  const issues = await watchIssues(page);
  await visit(page, '/');
  await page.evaluate("document.head.append(Object.assign(document.createElement('script'), { text: '1' }))");
  await expect.poll(() => issues.length).toBeGreaterThan(0);
});
