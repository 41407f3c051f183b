import { expect, onTestFinished, test } from 'vitest';
import {
  apiHost,
  apiUrl,
  credentials,
  startCrossSite,
  webHost,
  webOrigin,
} from '../test/start-cross-site.ts';
import { startSite } from '../test/start-stack.ts';
import { type Engine, engineNames, type LaunchOptions } from './engine.ts';
import { goAllTheWay, marks, readStored, signIn, signOut, tryToSignIn, type Visit } from './journeys.ts';
import { launch } from './launch.ts';
import { startProxy } from './proxy.ts';

const carriers = ['bearer', 'cookie'] as const;
const cases = engineNames.flatMap((name) => carriers.map((carrier) => [name, carrier] as const));

async function visit(): Promise<Visit> {
  const site = await startSite();
  onTestFinished(site.stop);
  return {
    webUrl: site.webUrl(),
    uid: 'niko',
    password: '123niko',
    countRefreshes: () => site.api.countRequests('POST', '/api/sessions/refresh'),
  };
}

async function open(name: Engine['name'], options: LaunchOptions = {}): Promise<Engine> {
  const engine = await launch(name, options);
  onTestFinished(engine.close);
  return engine;
}

test.each(cases)(
  'In %s a %s sign-in survives a reload, shows images, refreshes and ends',
  async (name, carrier) => {
    await goAllTheWay(await open(name), carrier, await visit());
  },
);

test.each(cases)('In %s a %s sign-out in one of five tabs signs out all of them', async (name, carrier) => {
  const site = await visit();
  const engine = await open(name);
  const first = await engine.openTab();
  await signIn(first, carrier, site);
  const tabs = [first];
  for (let index = 1; index < 5; index += 1) {
    const tab = await engine.openTab();
    await tab.goto(site.webUrl);
    await tab.waitFor(marks.signedIn);
    tabs.push(tab);
  }
  await signOut(first);
  for (const tab of tabs) {
    await tab.waitFor(marks.signInForm);
    expect((await readStored(tab)).token).toBeNull();
  }
});

/** Which cookies of the other site each engine keeps, by its setting and by `Partitioned`. */
const crossSite = {
  chromium: { open: [true, true], blocked: [false, true] },
  firefox: { open: [true, true], blocked: [false, false] },
  webkit: { open: [true, true], blocked: [false, false] },
} as const;

const crossSiteCases = engineNames.flatMap((name) =>
  (['open', 'blocked'] as const).flatMap((setting) =>
    [false, true].map((partitioned) => ({
      name,
      setting,
      partitioned,
      keeps: crossSite[name][setting][partitioned ? 1 : 0],
    })),
  ),
);

test.each(crossSiteCases)(
  'In $name ($setting to third-party cookies) the cookie of another site, partitioned: $partitioned, signs in: $keeps',
  async ({ name, setting, partitioned, keeps }) => {
    const { api, apiPort, tlsPort } = await startCrossSite({ partitioned });
    const proxy = await startProxy({ [webHost]: tlsPort, [apiHost]: apiPort });
    onTestFinished(proxy.stop);
    const engine = await open(name, {
      proxyPort: proxy.port,
      blocks: setting === 'blocked' ? 'third-party' : 'nothing',
    });
    const site: Visit = {
      webUrl: webOrigin,
      ...credentials,
      countRefreshes: () => api.countRequests('POST', '/api/sessions/refresh'),
    };
    if (keeps) return goAllTheWay(engine, 'cookie', site);
    const tab = await engine.openTab();
    await tryToSignIn(tab, 'cookie', site);
    const signIns = () => api.countRequests('POST', '/api/users/authenticate');
    await expect.poll(signIns).toBe(1);
    await tab.waitFor(marks.cookieBlocked);
    const status = await tab.evaluate(
      async (url) => (await fetch(`${url}/protected`, { credentials: 'include' })).status,
      apiUrl,
    );
    expect(status).toBe(401);
    // The bearer flow needs no cookie of another site.
    await signIn(tab, 'bearer', site);
    await signOut(tab);
  },
);

test.each(engineNames)(
  'In %s a page that can store nothing signs in by bearer, for as long as its tab is open',
  async (name) => {
    const site = await visit();
    const engine = await open(name, { blocks: 'all' });
    const tab = await engine.openTab();
    await signIn(tab, 'bearer', site);
    const seen = await tab.evaluate(() => {
      try {
        return String(localStorage);
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(seen).toBe(name === 'webkit' ? 'null' : 'SecurityError');
    await signOut(tab);
  },
);
