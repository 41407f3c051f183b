import puppeteer, { type Browser } from 'puppeteer-core';
import { type Engine, programOf, type Tab } from './engine.ts';

const timeout = 120_000;

/** Firefox over WebDriver BiDi, with a profile that Puppeteer makes and removes. */
export async function launchFirefox(): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: programOf('firefox'),
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    timeout,
    protocolTimeout: timeout,
  });
  return { openTab: () => openTab(browser), close: () => browser.close() };
}

async function openTab(browser: Browser): Promise<Tab> {
  const page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  const find = async (xpath: string) => {
    const element = await page.waitForSelector(`xpath/${xpath}`, { visible: true });
    if (!element) throw new Error(`There is no ${xpath}`);
    return element;
  };
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    waitFor: async (xpath) => void (await find(xpath)),
    click: async (xpath) => (await find(xpath)).click(),
    fill: async (xpath, text) => (await find(xpath)).type(text),
    evaluate: (work) => page.evaluate(work),
  };
}
