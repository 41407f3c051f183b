import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fillLists } from './fill-lists.ts';
import { findViolations } from './find-violations.ts';
import { collectComplaints, type Stack, signIn, startStack } from './start-stack.ts';

/** An entry of the Layout Instability API, which TypeScript's library does not have. */
type LayoutShift = PerformanceEntry & { value: number };

let stack: Stack;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-lists-'));
  stack = await startStack({ env: { DATA_DIR: folder, USER_MAX_SESSIONS: '400' } });
  await fillLists(join(folder, 'signet.db'), { users: 10_000, sessions: 149, events: 5000 });
  return async () => {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  };
});

let context: BrowserContext;
let page: Page;
let complaints: string[];
beforeEach(async () => {
  context = await stack.browser.newContext({
    reducedMotion: 'reduce',
    locale: 'de-DE',
    viewport: { width: 1440, height: 900 },
  });
  complaints = collectComplaints(context);
  page = await context.newPage();
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer');
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

const findWidths = () =>
  page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
const open = (path: string) => page.goto(stack.webUrl() + path);
const rows = () => page.getByRole('table', { name: 'Users' }).locator('tbody tr');

/** In the page: what has the focus, whether it or what stands for it has an outline, and whether it is in the window. */
function describeFocus() {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body)
    return { name: '', isDate: false, isMarked: true, isInView: true };
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const outlines = [
    getComputedStyle(element),
    getComputedStyle(element, '::after'),
    getComputedStyle(element.closest('label') ?? element),
  ];
  // A field of a date has several stops, and the browser marks the one within it.
  const isDate = element instanceof HTMLInputElement && element.type === 'date';
  return {
    // With its place, because rows of a list have elements that are alike.
    name: `${element.outerHTML.slice(0, 120)} at ${left}, ${top + scrollY}`,
    isDate,
    isMarked:
      isDate ||
      outlines.some(
        ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      ),
    isInView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
}

/** The pages that show a list, a name or an address of any length. */
const listPages = [
  '/',
  '/feed',
  '/players',
  '/users',
  '/users/104',
  '/account/devices',
  '/audit',
  '/exchanges',
];

const otherPages = [
  '/users/new',
  '/users/104/edit',
  '/players/new',
  '/inspector',
  '/flows',
  '/doctor',
  '/doctor/causes/origin-not-listed',
  '/lab',
];

describe('With long lists', () => {
  test('No page scrolls sideways from 320 to 1440 px, nor at 200 % zoom on a screen of 1440 px', async () => {
    const wide: string[] = [];
    for (const path of [...listPages, ...otherPages]) {
      await open(path);
      await page.waitForLoadState('networkidle');
      for (const width of [320, 720, 768, 1024, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const { scrollWidth, clientWidth } = await findWidths();
        if (scrollWidth > clientWidth) wide.push(`${path} at ${width} px is ${scrollWidth} px wide`);
      }
    }
    expect(wide).toEqual([]);
  });

  test('No page scrolls on below its content', async () => {
    const long: string[] = [];
    for (const path of listPages) {
      await open(path);
      await page.waitForLoadState('networkidle');
      const excess = await page.evaluate(() => {
        const end = document.querySelector('main')?.getBoundingClientRect().bottom ?? 0;
        return document.documentElement.scrollHeight - Math.max(innerHeight, end + scrollY);
      });
      if (excess > 1) long.push(`${path}: ${excess} px`);
    }
    expect(long).toEqual([]);
  });

  test('Axe finds nothing on a page with a long list, in light and in dark', async () => {
    const found: string[] = [];
    for (const path of ['/feed', '/players', '/users', '/account/devices', '/audit', '/exchanges']) {
      await open(path);
      await page.waitForLoadState('networkidle');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await findViolations(page)).map((fault) => `${path}, ${colorScheme}: ${fault}`));
      }
    }
    expect(found).toEqual([]);
  });

  test('By Tab the focus is seen at every stop, stands in view, and stays in no element', async () => {
    const faults: string[] = [];
    for (const path of [...listPages, ...otherPages]) {
      await open(path);
      await page.waitForLoadState('networkidle');
      let before = '';
      // Once through the frame, which is the same around every page.
      if (path !== '/') await page.getByRole('main').focus();
      for (let stop = 0; stop < (path === '/' ? 40 : 12); stop += 1) {
        await page.keyboard.press('Tab');
        const { name, isDate, isMarked, isInView } = await page.evaluate(describeFocus);
        // After the last stop the focus leaves the page.
        if (name === '') break;
        if (!isMarked) faults.push(`${path}: no focus is seen on ${name}`);
        if (!isInView) faults.push(`${path}: ${name} is out of view`);
        if (name === before && !isDate) faults.push(`${path}: Tab stays on ${name}`);
        before = name;
      }
    }
    expect(faults).toEqual([]);
  });

  test('On paper no page is cut off, and none has the navigation or a button', async () => {
    const faults: string[] = [];
    // As wide as the text on A4 paper.
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    for (const path of [...listPages, ...otherPages]) {
      await open(path);
      await page.waitForLoadState('networkidle');
      const { scrollWidth, clientWidth } = await findWidths();
      if (scrollWidth > clientWidth) faults.push(`${path} is ${scrollWidth} px wide`);
      for (const role of ['navigation', 'banner'] as const)
        if ((await page.getByRole(role).count()) > 0) faults.push(`${path} has its ${role}`);
      const buttons = await page.evaluate(() =>
        [...document.querySelectorAll('main a, main button')]
          .filter((each) => each.checkVisibility() && getComputedStyle(each).borderTopWidth !== '0px')
          .map(({ textContent }) => textContent),
      );
      for (const button of buttons) faults.push(`${path} has the button ${button}`);
    }
    expect(faults).toEqual([]);
  });

  test('The first row of every list is on the first screen of a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const found: string[] = [];
    for (const [path, row, lowest] of [
      ['/feed', 'article', 600],
      ['/players', 'tbody tr', 600],
      ['/users', 'tbody tr', 600],
      ['/audit', 'summary time', 450],
      ['/exchanges', '[aria-label="Calls, the newest first"] li', 600],
    ] as const) {
      await open(path);
      await page.waitForLoadState('networkidle');
      const box = await page.locator(row).first().boundingBox();
      if (!box || box.y > lowest) found.push(`${path} begins its list at ${box?.y} px`);
    }
    expect(found).toEqual([]);
  });

  test('While a list loads, its rows are as high as those that come', async () => {
    const wrong: string[] = [];
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      for (const [path, label, row] of [
        ['/users', 'Loading users', 'tbody tr'],
        ['/players', 'Loading players', 'tbody tr'],
        ['/audit', 'Loading the audit log', 'summary'],
      ] as const) {
        let release = (): void => undefined;
        const isReleased = new Promise<void>((resolve) => {
          release = resolve;
        });
        await page.route(`${stack.apiUrl()}/api${path}?**`, async (route) => {
          await isReleased;
          await route.continue();
        });
        // Before it the page may be loading something else, in another place of the same shape.
        const isAsked = page.waitForRequest(`${stack.apiUrl()}/api${path}?**`);
        await page.goto(stack.webUrl() + path);
        await isAsked;
        const loading = await page
          .getByText(label, { exact: true })
          .locator('xpath=../*')
          .last()
          .boundingBox();
        release();
        const loaded = await page.locator(`main ${row}`).nth(1).boundingBox();
        const difference = Math.abs((loading?.height ?? 0) - (loaded?.height ?? 0));
        if (difference > 3) wrong.push(`${path} at ${width} px: ${loading?.height} is ${loaded?.height}`);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
      }
    }
    expect(wrong).toEqual([]);
  });

  test('Nothing moves when the answers of a slow API arrive, on a phone and on a wide screen', async () => {
    await page.addInitScript(() => {
      window.layoutShift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.layoutShift += (entry as LayoutShift).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.route(`${stack.apiUrl()}/**`, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    const moved: string[] = [];
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      for (const path of [
        '/',
        '/feed',
        '/players',
        '/users',
        '/users/104',
        '/account',
        '/account/devices',
        '/audit',
      ]) {
        await open(path);
        await page.waitForLoadState('networkidle');
        const shift = await page.evaluate(() => window.layoutShift);
        if (shift > 0.01) moved.push(`${path} at ${width} px: ${shift.toFixed(3)}`);
      }
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    expect(moved).toEqual([]);
  });
});

describe('The list of 10 000 users', () => {
  test('Scrolling loads further pages, and Back to top returns', async () => {
    await open('/users');
    await expect.poll(() => rows().count()).toBeGreaterThanOrEqual(25);
    await page.getByText('More than 10,000 users').waitFor();
    const before = await rows().count();
    const backToTop = page.getByRole('button', { name: 'Back to top' });
    await page.mouse.move(700, 500);
    // The button appears after two screens, which the first page of the list does not have.
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 3000);
        return (await backToTop.isVisible()) ? rows().count() : 0;
      })
      .toBeGreaterThan(before);
    await backToTop.click();
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  });

  test('A word inside a name is found by its beginning, and the role filter holds', async () => {
    await open('/users?q=edi');
    await page.getByRole('link', { name: 'Thomas Edison' }).waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(['Edi']);
    await open('/users?role=admin&sort=newest');
    await page.getByText('201 users').waitFor();
    expect(await rows().first().textContent()).toContain('person.10000');
  });

  test('The menu of a row is opened, walked and closed with the keyboard alone', async () => {
    await open('/users');
    const button = page.getByRole('button', { name: 'Actions for niko' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Edit user' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/users/2/edit');
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('A click beside a form with something in it asks before it is discarded', async () => {
    await open('/users');
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Ada Lovelace');
    await page.mouse.click(5, 5);
    const question = page.getByRole('alertdialog', { name: 'Discard changes?' });
    await question.getByRole('button', { name: 'Keep editing' }).click();
    expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('Ada Lovelace');
  });
});

describe('An image in the feed', () => {
  /** Posts an image of 1200 × 600 pixels. Resolves to the post's id. */
  const postImage = () =>
    page.evaluate(async (apiUrl) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [1200, 600];
      canvas.getContext('2d')?.fillRect(0, 0, 1200, 600);
      const image = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const body = new FormData();
      body.append('note', 'A wide image');
      body.append('image', image ?? '');
      const headers = { authorization: `Bearer ${localStorage.getItem('jwt-token')}` };
      const answer = await fetch(`${apiUrl}/api/posts`, { method: 'POST', headers, body });
      return Number((await answer.json()).id);
    }, stack.apiUrl());

  test('It has its place, in its own ratio, before it arrives', async () => {
    const id = await postImage();
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      let release = (): void => undefined;
      const isReleased = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(`${stack.apiUrl()}/api/posts/${id}/image`, async (route) => {
        await isReleased;
        await route.continue();
      });
      await open(`/feed/${id}`);
      const before = await page.getByText('Loading the image').locator('../..').boundingBox();
      release();
      const image = page.getByRole('img', { name: /^Image posted by .*A wide image$/ });
      await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1200);
      const after = await image.locator('..').boundingBox();
      expect(after).toEqual(before);
      expect((after?.width ?? 0) / (after?.height ?? 1)).toBeCloseTo(2, 1);
      await page.unrouteAll();
    }
  });
});

describe('The audit log of 5 000 events', () => {
  test('Refused events are shown alone, with a heading for each day, and downloaded as CSV', async () => {
    await open('/audit?event=refused');
    const events = page.getByRole('list', { name: 'Audit events' });
    await events.getByText('Sign-in failed').first().waitFor();
    expect(await events.getByText('Signed in').count()).toBe(0);
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/);
  });

  test('A row opens with the keyboard and shows all facts of its event', async () => {
    await open('/audit?event=role_refused');
    const row = page.locator('summary').first();
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Request ID').first().waitFor();
  });
});

describe('A user with 150 sessions', () => {
  test('Equal devices are one row, and signing out the others ends all but this one', async () => {
    await open('/account');
    const list = page.getByRole('list', { name: 'Your devices' });
    await list.getByText('this device').waitFor();
    expect(await list.locator('> li').count()).toBeLessThan(12);
    const button = page.getByRole('button', { name: 'Sign out other devices' });
    await button.click();
    const dialog = page.getByRole('alertdialog');
    const title = await dialog.getByRole('heading').textContent();
    const count = Number(/\d+/.exec(title ?? '')?.[0]);
    expect(count).toBeGreaterThanOrEqual(149);
    await dialog.getByRole('button', { name: 'Sign out other devices' }).click();
    await page.getByText(`${count} other devices signed out`).waitFor();
    await expect.poll(() => list.locator('> li').count()).toBe(1);
  });

  test('A German reader sees the time on a 24-hour clock, and the exact one on focus', async () => {
    await open('/users/104');
    const created = page.getByRole('button', { name: /, \d\d:\d\d / }).first();
    await created.focus();
    await page.getByText(/days ago/).waitFor();
  });
});
