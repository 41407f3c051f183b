import { findChromium } from '@signet/rig';
import puppeteer from 'puppeteer-core';
import { paths } from '../apps/web/src/pages/paths.ts';

export const visitors = ['signed out', 'bearer', 'cookie'] as const;
export type Visitor = (typeof visitors)[number];

const flowTitles = { bearer: 'Bearer token', cookie: 'HttpOnly cookie' } as const;

/** A Chromium of its own, signed in as the demo's admin unless the visitor is signed out. */
export async function openBrowser(visitor: Visitor, origin: string) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: npx tsx tools/install-test-tools.ts');
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    if (visitor !== 'signed out') {
      const page = await browser.newPage();
      page.setDefaultTimeout(120_000);
      await page.goto(`${origin}${paths.signIn}`);
      await page.locator(`xpath///label[contains(., "${flowTitles[visitor]}")]`).click();
      await page.locator('input[autocomplete="username"]').fill('toby');
      await page.locator('input[autocomplete="current-password"]').fill('123toby');
      await page.locator('button[type="submit"]').click();
      await page.locator('xpath///main//*[starts-with(normalize-space(), "Signed in as")]').wait();
      await page.close();
    }
    return {
      newPage: () => browser.newPage(),
      version: () => browser.version(),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
