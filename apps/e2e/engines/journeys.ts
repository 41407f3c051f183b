import type { Carrier } from '@signet/contracts';
import { expect } from 'vitest';
import type { Engine, Tab } from './engine.ts';

const containing = (text: string) => `contains(normalize-space(), "${text}")`;
const button = (name: string) => `//button[starts-with(normalize-space(), "${name}")]`;
const signInButton = '//button[@type="submit" and starts-with(normalize-space(), "Sign in with")]';
const flowTitles: Record<Carrier, string> = { bearer: 'Bearer token', cookie: 'HttpOnly cookie' };

export const marks = {
  signedIn: `//main//*[starts-with(normalize-space(), "Signed in as")]`,
  cookieBlocked: `//main//*[${containing('the browser may be blocking the cookie')}]`,
  signInForm: '//h1[normalize-space()="Sign in"]',
} as const;

export type Visit = {
  readonly webUrl: string;
  readonly uid: string;
  readonly password: string;
  /** How many refreshes the API has answered so far. */
  readonly countRefreshes: () => number;
};

/** Fills in the form and presses the button, and does not wait for what comes of it. */
export async function tryToSignIn(tab: Tab, carrier: Carrier, { webUrl, uid, password }: Visit) {
  await tab.goto(`${webUrl}/sign-in`);
  await tab.click(`//label[${containing(flowTitles[carrier])}]`);
  await tab.fill('//input[@autocomplete="username"]', uid);
  await tab.fill('//input[@autocomplete="current-password"]', password);
  await tab.click(signInButton);
}

export async function signIn(tab: Tab, carrier: Carrier, visit: Visit): Promise<void> {
  await tryToSignIn(tab, carrier, visit);
  await tab.waitFor(marks.signedIn);
}

export async function signOut(tab: Tab): Promise<void> {
  await tab.click(button('Your account and settings'));
  await tab.click(button('Sign out'));
  await tab.waitFor(marks.signInForm);
}

export async function refresh(tab: Tab, { countRefreshes }: Visit): Promise<void> {
  const before = countRefreshes();
  await tab.click(button('Refresh the token'));
  await expect.poll(countRefreshes).toBe(before + 1);
  await tab.waitFor(marks.signedIn);
}

/** Waits until the first image of the feed is drawn, and returns its address. */
export async function seeImage(tab: Tab): Promise<string> {
  await tab.click('//aside//a[normalize-space()="Feed"]');
  const image = () =>
    tab.evaluate(() => {
      const found = document.querySelector<HTMLImageElement>('[aria-label="Posts, newest first"] img');
      return { width: found?.naturalWidth ?? 0, address: found?.getAttribute('src') ?? '' };
    });
  await expect.poll(async () => (await image()).width).toBeGreaterThan(0);
  const { address } = await image();
  await tab.click('//aside//a[normalize-space()="Overview"]');
  await tab.waitFor(marks.signedIn);
  return address;
}

/** What scripts of the page can read of the sign-in. */
export function readStored(tab: Tab): Promise<{ token: string | null; cookie: string }> {
  return tab.evaluate(() => ({ token: localStorage.getItem('jwt-token'), cookie: document.cookie }));
}

/** Sign-in, reload, image, refresh, sign-out. */
export async function goAllTheWay(engine: Engine, carrier: Carrier, visit: Visit): Promise<void> {
  const tab = await engine.openTab();
  await signIn(tab, carrier, visit);
  const stored = await readStored(tab);
  expect(stored.cookie).toBe('');
  expect(stored.token?.split('.').length ?? 0).toBe(carrier === 'bearer' ? 3 : 0);
  await tab.reload();
  await tab.waitFor(marks.signedIn);
  expect(await seeImage(tab)).toMatch(carrier === 'bearer' ? /^blob:/ : /^https?:.*\/api\/posts\/\d+\/image/);
  await refresh(tab, visit);
  await signOut(tab);
  await tab.reload();
  await tab.waitFor(marks.signInForm);
  expect((await readStored(tab)).token).toBeNull();
}
