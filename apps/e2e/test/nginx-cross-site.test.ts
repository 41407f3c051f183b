import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { apiHost, apiUrl, credentials, startCrossSite, webHost, webOrigin } from './start-cross-site.ts';
import { ask } from './start-nginx.ts';
import {
  browserOptions,
  collectComplaints,
  patienceMs,
  signedInAs,
  signIn,
  signInForm,
  signOut,
} from './start-stack.ts';

async function deploy({ partitioned, blocked = false }: { partitioned: boolean; blocked?: boolean }) {
  const site = await startCrossSite({ partitioned });
  const { folder, apiPort, tlsPort } = site;
  const resolver = `MAP ${webHost}:443 127.0.0.1:${tlsPort}, MAP ${apiHost}:443 127.0.0.1:${apiPort}`;
  // Set explicitly, in a profile on disk, because the default differs between versions of Chromium, and
  // Chromium always blocks third-party cookies in a profile that it does not store.
  mkdirSync(join(folder, 'profile', 'Default'), { recursive: true });
  writeFileSync(
    join(folder, 'profile', 'Default', 'Preferences'),
    JSON.stringify({
      profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked },
    }),
  );
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...browserOptions([`--host-resolver-rules=${resolver}`, '--ignore-certificate-errors']),
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(patienceMs);
  onTestFinished(() => context.close());
  return { ...site, context };
}

async function openPage(context: BrowserContext) {
  const page = await context.newPage();
  await page.goto(`${webOrigin}/sign-in`);
  await signInForm(page).waitFor();
  return page;
}

test.each([
  ['with third-party cookies', { partitioned: false }],
  ['without third-party cookies, by partitioned cookies', { partitioned: true, blocked: true }],
])('Both flows work from a page on another site %s', async (_name, settings) => {
  const { context, api } = await deploy(settings);
  const complaints = collectComplaints(context);
  for (const carrier of ['bearer', 'cookie'] as const) {
    const page = await openPage(context);
    await signIn(page, carrier, credentials.uid, credentials.password);
    await signedInAs(page, /Ada Lovelace/).waitFor();
    await page.reload();
    await signedInAs(page, /Ada Lovelace/).waitFor();
    await page.getByRole('link', { name: 'Feed' }).click();
    const image = page.getByRole('list', { name: 'Posts, newest first' }).getByRole('img').first();
    await expect
      .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth))
      .toBeGreaterThan(0);
    const jwt = (await context.cookies(apiUrl)).find(({ name }) => name === 'jwt');
    if (carrier === 'cookie')
      expect(jwt).toMatchObject({ secure: true, httpOnly: true, sameSite: 'None', domain: apiHost });
    else expect(jwt).toBeUndefined();
    await signOut(page);
    expect((await context.cookies(apiUrl)).map(({ name }) => name)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  }
  // nginx answered every preflight.
  expect(api.requests().filter(({ method }) => method === 'OPTIONS')).toEqual([]);
});

test('The browser that blocks third-party cookies rejects a cookie that is not partitioned', async () => {
  const { context } = await deploy({ partitioned: false, blocked: true });
  const page = await openPage(context);
  await page.getByRole('radio', { name: 'HttpOnly cookie' }).check();
  await page.getByLabel('User ID').fill(credentials.uid);
  await page.getByLabel('Password', { exact: true }).fill(credentials.password);
  const answered = page.waitForResponse(
    (response) => response.url() === `${apiUrl}/api/users/authenticate` && response.status() === 200,
  );
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await answered;
  expect(await context.cookies(apiUrl)).toEqual([]);
});

test('With TLS every answer has HSTS, pages redirect from http to https, and API calls over http are refused', async () => {
  const { apiPort, tlsPort, webPort } = await deploy({ partitioned: false });
  for (const [url, path] of [
    [`https://${webHost}:${tlsPort}`, '/'],
    [`https://${webHost}:${tlsPort}`, '/assets/none.js'],
    [`https://${apiHost}:${apiPort}`, '/protected'],
    [`https://${apiHost}:${apiPort}`, '/metrics'],
  ] as const) {
    expect([path, (await ask(url, 'GET', path)).headers['strict-transport-security']]).toEqual([
      path,
      'max-age=31536000; includeSubDomains',
    ]);
  }
  const page = await ask(`http://${webHost}:${webPort}`, 'GET', '/users?q=a');
  expect([page.status, page.headers.location]).toEqual([301, `https://${webHost}/users?q=a`]);
  for (const [port, path] of [
    [webPort, '/token'],
    [webPort, '/api/users'],
    [webPort, '/.well-known/jwks.json'],
    [webPort, '/readyz'],
    [apiPort, '/protected'],
    [tlsPort, '/api/users'],
  ] as const) {
    const refused = await ask(`http://${webHost}:${port}`, 'GET', path, { headers: { origin: webOrigin } });
    expect([port, refused.status, refused.headers.location]).toEqual([port, 403, undefined]);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused.text).toContain('The API is served over https only');
  }
});
