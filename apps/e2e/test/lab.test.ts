import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { faults } from '@signet/rig';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LabStack, startLab } from './start-lab.ts';
import { signedInAs, signIn, startBrowser } from './start-stack.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');

let lab: LabStack;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  browser = await startBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  // An own session, which no attack and no fault may end.
  await page.goto(lab.url);
  await signIn(page, 'bearer');
  await page.goto(`${lab.url}/lab`);
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

function cardOf(title: string, on = page) {
  return on.locator('details', { has: on.getByText(title, { exact: true }) });
}

/** Opens a card, guesses, tries the attack, and returns what the card says then. */
async function tryAttack(title: string, on = page): Promise<string> {
  const card = cardOf(title, on);
  if ((await card.getAttribute('open')) === null) await card.locator('summary').click();
  await card.getByRole('radio', { name: 'The signature' }).check();
  await card.getByRole('button', { name: /^Try it/ }).click();
  await card.getByRole('button', { name: 'Try it again' }).waitFor();
  return (await card.getByRole('status').innerText()).replaceAll(/\s+/g, ' ');
}

/** Each card: what it says stopped it, the answer, the rule of the API's trace, and the cookies that arrived. */
const cards = [
  ['Change a claim', 'the signature', '401 token_invalid', 'signature', 'none'],
  ['Sign with another key', 'the signature', '401 token_invalid', 'signature', 'none'],
  ['Say that there is no signature', 'the header of the token', '401 token_invalid', 'alg', 'none'],
  ['Bring the key along', 'the header of the token', '401 token_invalid', 'header-member', 'none'],
  ['Name a file as the key', 'the header of the token', '401 token_invalid', 'kid', 'none'],
  ['Use a token of yesterday', 'a claim of the token', '401 token_expired', 'exp', 'none'],
  ['Use a token for another API', 'a claim of the token', '401 token_invalid', 'aud', 'none'],
  ['Keep a token after the sign-out', 'the session', '401 session_ended', 'session', 'none'],
  ['Use a refresh token twice', 'the session', '401 refresh_reused', 'refresh-reused', 'none'],
  ['Move a token into a cookie', 'the place where', '401 token_invalid', 'carrier', 'jwt'],
  ['Put a second cookie before yours', 'the place where', '401 cookies_ambiguous', 'two-cookies', 'jwt, jwt'],
  [
    'Write a post from a page on the same site',
    'the origin of the page',
    '403 origin_refused',
    'origin-unlisted',
    'jwt',
  ],
  ['Write a post from a page on another site', 'the browser itself', '401 token_missing', 'no-token', 'none'],
  [
    'Send JSON from a foreign page',
    'the origin of the page',
    '403 origin_refused',
    'preflight-origin',
    'none',
  ],
  [
    'Sign you in as somebody else',
    'the origin of the page',
    '403 origin_refused',
    'origin-unlisted',
    'signet_device',
  ],
] as const;

describe('the attack cards', () => {
  test('every card of the lab is in the list of this test', async () => {
    await page.getByRole('heading', { name: 'Attacks' }).waitFor();
    const titles = await page.locator('summary').allInnerTexts();
    expect(titles.map((each) => each.trim())).toEqual(cards.map(([title]) => title));
  });

  test.each(cards)(
    'The attack "%s" is stopped by %s: the API answers %s by its rule %s, and the source that the card shows exists.',
    async (title, stopper, answer, rule, cookies) => {
      const says = await tryAttack(title);
      expect(says).toContain(`Stopped by: ${stopper}`);
      expect(says).toContain(
        stopper === 'the signature' ? 'Your guess was right' : 'You guessed another one',
      );
      expect(says).toContain(`Cookies with it ${cookies} Answer ${answer} The page got`);
      expect(says).toContain(` Rule ${rule}: refused, because `);
      const [file = '', code = ''] = await cardOf(title)
        .locator('dd:last-of-type code')
        .allInnerTexts()
        .then((all) => all.slice(-2));
      expect(read(file)).toContain(code);
    },
  );

  test('A card leads to the exchange of its request, and its own session is still there after all attacks.', async () => {
    const card = cardOf('Sign you in as somebody else');
    await card.getByRole('link', { name: 'Show the exchange' }).click();
    await page.getByRole('heading', { level: 1, name: /POST \/api\/users\/authenticate/ }).waitFor();
    await page.goto(lab.url);
    await signedInAs(page).waitFor();
    expect((await context.cookies()).filter(({ name }) => /^jwt/.test(name))).toEqual([]);
  });

  test('The throw-away sign-ins of the attacks are all signed out again.', async () => {
    const signedIn = await fetch(`${lab.api.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'niko', password: '123niko' }),
    });
    const { token } = (await signedIn.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const sessions = await fetch(`${lab.api.url}/api/sessions`, { headers });
    expect(await sessions.json()).toHaveLength(1);
    await fetch(`${lab.api.url}/api/sessions/current`, { method: 'DELETE', headers });
  });

  test('With an own session in a cookie the attacks of foreign pages are refused all the same, and leave it as it is.', async () => {
    const own = await browser.newContext();
    onTestFinished(() => own.close());
    const tab = await own.newPage();
    await tab.goto(lab.url);
    await signIn(tab, 'cookie');
    const cookieOf = async () => (await own.cookies()).filter(({ name }) => /^jwt/.test(name));
    const before = await cookieOf();
    await tab.goto(`${lab.url}/lab`);
    expect(await tryAttack('Write a post from a page on the same site', tab)).toContain('origin_refused');
    expect(await tryAttack('Put a second cookie before yours', tab)).toContain('cookies_ambiguous');
    expect(await tryAttack('Move a token into a cookie', tab)).toContain('Your own session is in a cookie');
    expect(await cookieOf()).toEqual(before);
    await tab.goto(lab.url);
    await signedInAs(tab).waitFor();
  });

  test('The foreign page takes orders from the app alone, and knows the orders of the cards alone.', async () => {
    const [twin] = lab.twins;
    const sent = () => lab.api.requests().filter(({ origin }) => origin === twin).length;
    const before = sent();
    const tab = await context.newPage();
    await tab.goto(twin);
    await tab.evaluate(() => window.postMessage({ order: 'post' }, '*'));
    await tab.goto(`${lab.url}/lab`);
    await cardOf('Change a claim', tab).waitFor();
    await tab.evaluate(
      (src) =>
        new Promise<void>((resolve) => {
          const frame = document.createElement('iframe');
          frame.src = src;
          frame.onload = () => {
            for (const order of ['toString', 'constructor', 'delete-everything', undefined])
              frame.contentWindow?.postMessage({ order }, '*');
            // Messages arrive in their order, so the answer to the last one comes after all others.
            window.addEventListener('message', () => resolve(), { once: true });
            frame.contentWindow?.postMessage({ order: 'clear' }, '*');
          };
          document.body.append(frame);
        }),
      twin,
    );
    expect(sent()).toBe(before);
    await tab.close();
  });
});

/** Faults that no call of the lab's page meets in Chromium; the doctor names them all the same. */
const quiet = ['vary-missing', 'set-cookie-syntax'];

async function breakIt(id: string): Promise<void> {
  await page.getByRole('combobox', { name: 'What to break' }).selectOption(id);
  await page.getByRole('button', { name: 'Break it' }).click();
  await page
    .getByRole('button', { name: 'Call through it' })
    .and(page.locator(':not([aria-disabled])'))
    .waitFor();
}

describe('the fault lab', () => {
  beforeAll(async () => {
    await page.goto(`${lab.url}/lab`);
    await page.getByRole('heading', { name: 'Faults' }).waitFor();
  });

  test('Every fault but those that wait for a cache shows in the calls of the page, and none does once it is fixed.', async () => {
    const calls = page.getByRole('list', { name: 'Calls through the proxy' });
    const unseen: string[] = [];
    for (const { id } of faults) {
      await breakIt(id);
      await calls.waitFor();
      expect(await calls.getByRole('listitem').count(), id).toBe(8);
      if ((await calls.getByText(/^expected /).count()) === 0) unseen.push(id);
    }
    expect(unseen.sort()).toEqual(quiet.sort());
    await page.getByRole('button', { name: 'Fix it' }).click();
    await page.getByText('changes nothing').waitFor();
    await expect.poll(() => calls.getByText('right', { exact: true }).count()).toBe(8);
  });

  test('A fault that nobody was told is named by the doctor, and the doctor is silent once it is fixed.', async () => {
    await breakIt('preflight-needs-auth');
    await page.getByRole('link', { name: 'Ask the doctor' }).click();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('heading', { name: /^The preflight was asked for credentials/ }).waitFor();
    await page.getByRole('link', { name: 'lab', exact: true }).click();
    // The page forgets what it was told, and says no more than that something is broken.
    await page.getByText('Something is broken. What is it?').waitFor();
    await page.getByRole('button', { name: 'Fix it' }).click();
    await page.getByText('changes nothing').waitFor();
    await page.getByRole('link', { name: 'Ask the doctor' }).click();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('heading', { name: 'Everything works' }).waitFor();
  });
});

describe('the lab is closed to others', () => {
  const own = { 'sec-fetch-site': 'same-origin' };
  test.each([
    ['a foreign page reads it', 'GET', '/lab/setup', { 'sec-fetch-site': 'cross-site' }],
    ['a page on another port reads it', 'GET', '/lab/setup', { 'sec-fetch-site': 'same-site' }],
    ['an old browser’s foreign page reads it', 'GET', '/lab/setup', { origin: 'http://localhost:5999' }],
    ['a link from elsewhere breaks it', 'PUT', '/lab/fault', { 'sec-fetch-site': 'none' }],
    ['a program without a browser breaks it', 'PUT', '/lab/fault', {}],
    ['a foreign page asks for a token', 'POST', '/lab/token', { 'sec-fetch-site': 'cross-site' }],
    ['the method is another one', 'GET', '/lab/token', own],
  ])('The server of the app answers 404 where %s.', async (_who, method, path, headers) => {
    const answer = await fetch(lab.url + path, { method, headers });
    expect(answer.status).toBe(404);
  });

  test('The control of the lab answers 403 without the key that only the server of the app has.', async () => {
    for (const headers of [{}, { 'x-lab-key': 'guess' }, { 'x-lab-key': 'x'.repeat(43) }])
      expect((await fetch(`${lab.controlUrl}/setup`, { headers })).status).toBe(403);
  });

  test.each(['', 'null', '{"id":7}', '{"id":"no-such-fault"}', `{"id":"${'x'.repeat(5000)}"}`])(
    'The control of the lab answers 400 to the body %s, and the proxy stays as it is.',
    async (body) => {
      const right = JSON.stringify({ id: null });
      await fetch(`${lab.url}/lab/fault`, { method: 'PUT', headers: own, body: right });
      const answer = await fetch(`${lab.url}/lab/fault`, { method: 'PUT', headers: own, body });
      expect(answer.status).toBe(400);
      const setup = await (await fetch(`${lab.url}/lab/setup`, { headers: own })).json();
      expect(setup).toMatchObject({ fault: null });
    },
  );

  test('The images and the built API have nothing of the lab.', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(allowed.filter((line) => /^!tools/.test(line))).toEqual([
      '!tools/keep-runtime-modules.mjs',
      '!tools/node-gyp',
    ]);
    expect(read('.dockerignore')).toContain('\npackages/rig/*\n');
    for (const app of ['api', 'web']) {
      const scripts = readdirSync(`${root}/apps/${app}/dist`, { recursive: true, encoding: 'utf8' }).filter(
        (file) => file.endsWith('.js'),
      );
      expect(scripts.length).toBeGreaterThan(2);
      for (const file of scripts)
        expect(read(`apps/${app}/dist/${file}`), file).not.toMatch(/x-lab-key|another-api|LAB_FOREIGN_PORT/i);
    }
  });
});

describe('the page of the lab', () => {
  test('Its first load costs at most 150 kB of script, with all attacks and faults.', async () => {
    const fresh = await browser.newContext();
    onTestFinished(() => fresh.close());
    const tab = await fresh.newPage();
    const reading: Promise<number>[] = [];
    tab.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        reading.push(response.body().then((body) => gzipSync(body).length));
    });
    await tab.goto(`${lab.url}/lab`);
    await tab.getByRole('heading', { name: 'Faults' }).waitFor();
    await tab.waitForLoadState('networkidle');
    const sizes = await Promise.all(reading);
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(150_000);
  });

  test('axe finds nothing at 360 and 1440 px, light and dark, with a result and with a fault.', async () => {
    const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const calm = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true });
    onTestFinished(() => calm.close());
    const tab = await calm.newPage();
    await tab.goto(`${lab.url}/lab`);
    await tryAttack('Put a second cookie before yours', tab);
    await tab.getByRole('button', { name: 'Call through it' }).click();
    await tab.getByRole('list', { name: 'Calls through the proxy' }).waitFor();
    for (const width of [360, 1440]) {
      await tab.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme });
        await tab.evaluate(() =>
          Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
        );
        const overflow = await tab.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
        await tab.evaluate(axeSource);
        const found = await tab.evaluate(async () =>
          (await window.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        );
        expect(found, `${width} px, ${colorScheme}`).toEqual([]);
      }
    }
  });
});
