import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type LaunchOptions as PuppeteerOptions } from 'puppeteer-core';
import { browserOptions } from '../test/start-stack.ts';
import { type Engine, type LaunchOptions, programOf, type Tab } from './engine.ts';

const timeout = 120_000;

/** Chromium over its DevTools protocol, and Firefox over WebDriver BiDi. */
export async function launchPuppeteer(name: 'chromium' | 'firefox', options: LaunchOptions): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'signet-engine-'));
  const browser = await puppeteer.launch({
    ...(name === 'chromium' ? chromium(profile, options) : firefox(options)),
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    acceptInsecureCerts: options.proxyPort !== undefined,
    timeout,
    protocolTimeout: timeout,
  });
  return {
    name,
    openTab: () => openTab(browser),
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function chromium(profile: string, { proxyPort, blocks }: LaunchOptions): PuppeteerOptions {
  // Explicit, in a profile on disk: Chromium always blocks third-party cookies in a profile that it does not store.
  const settings = {
    profile: {
      cookie_controls_mode: blocks === 'third-party' ? 1 : 0,
      block_third_party_cookies: blocks === 'third-party',
      default_content_setting_values: { cookies: blocks === 'all' ? 2 : 1 },
    },
  };
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  const { executablePath, args } = browserOptions(
    proxyPort === undefined ? [] : [`--proxy-server=127.0.0.1:${proxyPort}`],
  );
  return { browser: 'chrome', executablePath, args, userDataDir: profile };
}

/**
 * 5 is Firefox's default: it keeps cookies of other sites, and a jar of them for each top-level site.
 * https://searchfox.org/firefox-main/source/netwerk/cookie/nsICookieService.idl
 */
const cookieBehavior = { nothing: 5, 'third-party': 1, all: 2 } as const;

function firefox({ proxyPort, blocks }: LaunchOptions): PuppeteerOptions {
  return {
    browser: 'firefox',
    executablePath: programOf('firefox'),
    extraPrefsFirefox: {
      ...(blocks && { 'network.cookie.cookieBehavior': cookieBehavior[blocks] }),
      ...(proxyPort !== undefined && {
        'network.proxy.type': 1,
        'network.proxy.ssl': '127.0.0.1',
        'network.proxy.ssl_port': proxyPort,
      }),
    },
  };
}

async function openTab(browser: Browser): Promise<Tab> {
  const page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  const find = async (xpath: string) => {
    // Puppeteer looks for visible elements in animation frames, and Chromium draws none in a tab behind another.
    await page.bringToFront();
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
    evaluate: (work, argument = '') => page.evaluate(work, argument),
  };
}
