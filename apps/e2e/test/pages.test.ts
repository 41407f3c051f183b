import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findViolations } from './find-violations.ts';
import { collectComplaints, type Stack, signedInAs, signIn, startStack } from './start-stack.ts';

const widths = [360, 1440] as const;
const schemes = ['light', 'dark'] as const;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await fillWithExtremes();
  return stack.stop;
});

/** The longest values that the contract accepts, because every page must show them without overflow. */
async function fillWithExtremes(): Promise<void> {
  const send = async (path: string, body: object, token?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(stack.apiUrl() + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status}`);
    return (await response.json()) as { token: string };
  };
  const password = 'a throw-away pass phrase';
  const wide = { name: 'W'.repeat(255), uid: 'W'.repeat(255), password };
  await send('/api/users/signup', wide);
  const { token } = await send('/token', { username: wide.uid, password });
  await send('/api/posts', { note: `${'W'.repeat(2000)}\n${'<b>no markup</b> '.repeat(20)}` }, token);
  const admin = await send('/token', { username: 'toby', password: '123toby' });
  await send('/api/players', { ...wide, tokens: 2_147_483_647 }, admin.token);
}

let context: BrowserContext;
let page: Page;
let complaints: string[];
beforeEach(async () => {
  // Reduced motion, because axe cannot measure the contrast of what still fades in.
  context = await stack.browser.newContext({ reducedMotion: 'reduce' });
  complaints = collectComplaints(context);
  page = await context.newPage();
});
afterEach(() => context.close());

/** Checks the page at both widths in both colour schemes, and describes every fault. */
async function inspect(where: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      const problems = [...(await findOverflow()), ...(await findViolations(page))];
      found.push(...problems.map((problem) => `${where}, ${width} px, ${colorScheme}: ${problem}`));
    }
  }
  return found;
}

async function findOverflow(): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].find(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return [`scrolls sideways (${scrollWidth} > ${clientWidth}): ${wide?.outerHTML.slice(0, 200)}`];
  });
}

async function open(path: string, heading: RegExp, data?: string): Promise<void> {
  await page.goto(stack.webUrl() + path);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  if (data !== undefined) await page.getByText(data).first().waitFor();
  await page.waitForLoadState('networkidle');
}

test.each([
  ['/', /^One token/],
  ['/sign-in', /^Sign in$/],
  ['/sign-up', /^Sign up$|account/i],
] as const)('The page %s has no fault for a visitor', async (path, heading) => {
  await open(path, heading);
  expect(await inspect(path)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('The inspector has no fault, empty and with a token that was changed', async () => {
  await open('/inspector', /^Token inspector$/);
  expect(await inspect('/inspector')).toEqual([]);
  await page.getByRole('button', { name: 'An example' }).click();
  await page.getByRole('textbox', { name: 'Value of sub' }).fill(`"${'W'.repeat(200)}"`);
  await page.getByRole('button', { name: 'From the log' }).click();
  await page.getByRole('list', { name: 'Tokens in the log' }).waitFor();
  await page.getByRole('button', { name: 'Try common secrets' }).click();
  await page.getByText(/^None of/).waitFor();
  expect(await inspect('/inspector with a token')).toEqual([]);
  expect(complaints).toEqual([]);
});

test('The comparison of the flows has no fault, empty and filled', async () => {
  await open('/flows', /^Bearer and cookie, compared$/);
  expect(await inspect('/flows')).toEqual([]);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('The token itself').waitFor();
  expect(await inspect('/flows filled')).toEqual([]);
});

test('The doctor has no fault, before and after it has checked, and neither has the page of a cause', async () => {
  await open('/doctor', /^Why does my request fail/);
  expect(await inspect('/doctor')).toEqual([]);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByRole('heading', { name: 'What was checked' }).waitFor();
  expect(await inspect('/doctor checked')).toEqual([]);
  await open('/doctor/causes/preflight-needs-auth', /^The preflight is asked for credentials/);
  expect(await inspect('/doctor/causes/preflight-needs-auth')).toEqual([]);
});

test('The exchange log has no fault: empty, with a call, with two that are compared, paused, and without the API', async () => {
  await open('/exchanges', /^Exchange log$/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No call yet').waitFor();
  expect(await inspect('/exchanges, empty')).toEqual([]);
  await page.getByRole('button', { name: 'A refusal' }).click();
  await page.getByRole('list', { name: 'Why' }).waitFor();
  expect(await inspect('/exchanges with a call')).toEqual([]);
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByRole('button', { name: 'A preflight' }).click();
  await page.getByRole('heading', { name: 'What differs' }).waitFor();
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await page.route('**/api/exchanges*', (route) => route.abort());
  await page.reload();
  await page.getByText(/^The half of the page only/).waitFor();
  expect(await inspect('/exchanges without the API')).toEqual([]);
});

test('The sign-in form has no fault while it shows every kind of error', async () => {
  await open('/sign-in', /^Sign in$/);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByText('User ID is missing').waitFor();
  expect(await inspect('/sign-in with missing fields')).toEqual([]);
  await page.getByLabel('User ID').fill('nobody-here');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByRole('alert').getByText('Wrong user ID or password').waitFor();
  expect(await inspect('/sign-in refused')).toEqual([]);
});

test('The sign-in page has no fault in either flow', async () => {
  await open('/sign-in', /^Sign in$/);
  for (const name of ['Bearer token', 'HttpOnly cookie']) {
    await page.getByRole('radio', { name }).check();
    expect(await inspect(`/sign-in by ${name}`)).toEqual([]);
  }
});

describe.each(['bearer', 'cookie'] as const)('While a user is signed in by %s', (carrier) => {
  beforeEach(async () => {
    await page.goto(stack.webUrl());
    await signIn(page, carrier);
  });

  test.each([
    ['/', /^Your session$/, 'Readable by JavaScript'],
    ['/feed', /^Feed$/, '<b>no markup</b>'],
    ['/feed/1', /^Post by /, undefined],
    ['/players', /^Players$/, 'WWWW'],
    ['/users', /^Users$/, 'WWWW'],
    ['/users/2', /^Nicholas Tesla$/, 'Open sessions'],
    ['/account', /^Account$/, undefined],
    ['/audit', /^Audit log$/, 'Today'],
    ['/exchanges', /^Exchange log$/, 'Live, from the page and from the API.'],
    ['/no-such-page', /./, undefined],
  ] as const)('The page %s has no fault', async (path, heading, data) => {
    await open(path, heading, data);
    expect(await inspect(path)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

test('Another colour scheme reaches every text at once, because a colour on its way to another can be unreadable', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer');
  const changing: string[] = [];
  for (const [path, heading] of [
    ['/', /^Your session$/],
    ['/feed', /^Feed$/],
    ['/users', /^Users$/],
    ['/audit', /^Audit log$/],
    ['/exchanges', /^Exchange log$/],
  ] as const)
    for (const reducedMotion of ['reduce', 'no-preference'] as const) {
      await page.emulateMedia({ reducedMotion, colorScheme: 'light' });
      await open(path, heading);
      await page.emulateMedia({ colorScheme: 'dark' });
      const found = await page.evaluate(() =>
        document
          .getAnimations()
          .filter((animation) => animation instanceof CSSTransition)
          .map(({ transitionProperty, effect }) => {
            const element = effect instanceof KeyframeEffect ? effect.target : null;
            return `${transitionProperty} of ${element?.tagName} "${element?.textContent.slice(0, 30)}"`;
          }),
      );
      changing.push(...found.map((each) => `${path}, motion ${reducedMotion}: ${each}`));
    }
  expect(changing).toEqual([]);
});

test('With forced colours every button has a border, and the current page and a pressed button another one than the rest', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer');
  await page.emulateMedia({ forcedColors: 'active' });
  for (const [path, heading] of [
    ['/', /^Your session$/],
    ['/account', /^Account$/],
    ['/exchanges', /^Exchange log$/],
  ] as const) {
    await open(path, heading);
    const { buttons, links } = await page.evaluate(() => {
      const border = (element: Element) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(element);
        const isDrawn = borderTopStyle === 'solid' && borderTopWidth !== '0px';
        return { isDrawn: isDrawn && borderTopColor !== backgroundColor, colour: borderTopColor };
      };
      // A button within a line of text is marked by its underline, one within a field by the field's border.
      const isMeant = (button: Element) => /\b(h-9|h-11)\b/.test(button.className);
      return {
        buttons: [...document.querySelectorAll('main button')].filter(isMeant).map((button) => ({
          text: button.textContent,
          isPressed: button.getAttribute('aria-pressed') === 'true',
          ...border(button),
        })),
        links: [...document.querySelectorAll('aside nav a')].map((link) => ({
          isCurrent: link.getAttribute('aria-current') === 'page',
          ...border(link),
        })),
      };
    });
    expect(buttons.length).toBeGreaterThan(2);
    expect(buttons.filter(({ isDrawn }) => !isDrawn)).toEqual([]);
    const current = links.filter(({ isCurrent }) => isCurrent).map(({ colour }) => colour);
    const others = links.filter(({ isCurrent }) => !isCurrent).map(({ colour }) => colour);
    expect(current).toHaveLength(path === '/account' ? 0 : 1);
    for (const colour of current) expect(others).not.toContain(colour);
    const pressed = buttons.filter(({ isPressed }) => isPressed).map(({ colour }) => colour);
    expect(pressed).toHaveLength(path === '/exchanges' ? 1 : 0);
    for (const { isPressed, colour } of buttons) if (!isPressed) expect(pressed).not.toContain(colour);
  }
});

test('The menu of a narrow window has no fault, and Escape closes it', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer');
  await page.getByRole('button', { name: 'Open the menu' }).click();
  const menu = page.getByRole('dialog', { name: 'Menu' });
  await menu.getByRole('link', { name: 'Users' }).waitFor();
  expect([...(await findOverflow()), ...(await findViolations(page))]).toEqual([]);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('The dialog for a new user has no fault', async () => {
  await page.goto(stack.webUrl());
  await signIn(page, 'bearer');
  await open('/users', /^Users$/, 'Grace Hopper');
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await inspect('/users with the dialog')).toEqual([]);
  expect(complaints).toEqual([]);
});

test('The page check finds a wide element, an image without a name and an exception', async () => {
  await open('/sign-in', /^Sign in$/);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src="/favicon.svg"><div style="width: 3000px">wide</div>',
    );
    setTimeout(() => {
      throw new Error('a complaint');
    });
  });
  const found = await inspect('/sign-in');
  for (const width of widths)
    expect(found.filter((each) => each.includes(`${width} px`)).join()).toMatch(
      /scrolls sideways.*image-alt/s,
    );
  expect(complaints).toEqual([expect.stringContaining('a complaint')]);
});

test('A user signs in, opens the list of users and signs out with the keyboard alone', async () => {
  await open('/sign-in', /^Sign in$/);
  await page.getByLabel('User ID').focus();
  await page.keyboard.type('niko');
  await page.keyboard.press('Tab');
  await page.keyboard.type('123niko');
  await page.keyboard.press('Enter');
  await signedInAs(page, /Nicholas Tesla/).waitFor();
  await pressTabUntil(/^Users$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  await pressTabUntil(/^Your account and settings/);
  await page.keyboard.press('Enter');
  await pressTabUntil(/^Sign out$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
});

async function pressTabUntil(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    if (name.test(text)) return;
  }
  throw new Error(`No press of Tab leads to ${name}`);
}
