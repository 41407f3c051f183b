import type { Facts } from '@signet/doctor';
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { apiUrl, problem } from './fake-api.ts';
import { renderApp } from './render-app.tsx';

const target = { api: apiUrl, origin: 'http://localhost:4100', site: 'same-site' } as const;

const none = {
  addresses: [],
  preflights: [],
  otherOrigins: [],
  grantedOrigins: [],
  guarded: [],
  signetElsewhere: [],
};

/** What the command sees where nothing listens. */
const notRunning: Facts = {
  target,
  probe: {
    ...none,
    addresses: [{ address: '127.0.0.1', failure: { stage: 'connect', code: 'ECONNREFUSED' } }],
    reads: [
      {
        url: `${apiUrl}/protected`,
        method: 'GET',
        path: '/protected',
        outcome: { stage: 'connect', code: 'ECONNREFUSED' },
      },
    ],
  },
};

/** A page that cannot reach the API; its own server answers with these facts, or has no side door. */
function stubFetch(facts?: Facts): void {
  vi.stubGlobal('fetch', async (url: string) => {
    if (url !== '/doctor/facts') throw new TypeError('Failed to fetch');
    return facts === undefined ? new Response('', { status: 404 }) : Response.json(facts);
  });
}

test('the doctor names the cause that the command found, with its evidence and its fix', async () => {
  stubFetch(notRunning);
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  const card = await screen.findByRole('region', { name: /^Nothing listens on localhost:8086/ });
  expect(within(card).getByText(/ECONNREFUSED on every address/)).toBeTruthy();
  expect(within(card).getByText('npm run dev')).toBeTruthy();
});

test('the navigation marks the doctor until it finds no fault', async () => {
  stubFetch(notRunning);
  const { user } = await renderApp({ path: '/doctor' });
  const pages = within(screen.getByRole('navigation', { name: 'Pages' }));
  expect(pages.getByRole('link', { name: 'Doctor' })).toBeTruthy();
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  await user.click(await pages.findByRole('link', { name: 'Doctor, found a fault' }));
  stubFetch({ target });
  await user.click(screen.getByRole('button', { name: /^Check/ }));
  expect(await pages.findByRole('link', { name: 'Doctor' })).toBeTruthy();
});

test('the doctor shows the command where the server of the page cannot run it', async () => {
  stubFetch();
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  expect(
    await screen.findByText(`npm run doctor -- --api ${apiUrl} --origin http://localhost:4100`),
  ).toBeTruthy();
});

test('the red text of a console leads to the page of its cause', async () => {
  stubFetch();
  const { user } = await renderApp({ path: '/doctor' });
  await user.type(
    await screen.findByRole('textbox', { name: 'Message' }),
    'Redirect is not allowed for a preflight request.',
  );
  const panel = within(screen.getByRole('region', { name: 'Paste the red text' }));
  await user.click(await panel.findByRole('link', { name: /^The preflight is redirected to https/ }));
  expect(await screen.findByRole('heading', { level: 1, name: /redirected to https/ })).toBeTruthy();
  expect(window.location.pathname).toBe('/doctor/causes/preflight-redirect-https');
});

test('the page of a cause that does not exist says so, and leads to the doctor', async () => {
  await renderApp({ path: '/doctor/causes/nothing' });
  expect(await screen.findByRole('heading', { level: 1, name: 'There is no such cause' })).toBeTruthy();
});

test('what stops every call in the browser is named alone, and what the command found stands beneath it', async () => {
  stubFetch(notRunning);
  vi.stubGlobal('navigator', {
    ...window.navigator,
    cookieEnabled: true,
    language: 'en',
    serviceWorker: { controller: { scriptURL: 'http://localhost:4100/other.js' } },
  });
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  const card = await screen.findByRole('region', { name: /^A service worker stands between/ });
  expect(within(card).getByText(/other\.js/)).toBeTruthy();
  expect(within(card).getByRole('link', { name: /^Nothing listens/ })).toBeTruthy();
  expect(screen.queryByRole('region', { name: /^Nothing listens/ })).toBeNull();
});

/** An answer of the API to a program outside of the browser, which allows this origin. */
function readBy(origin: string, more: Record<string, string> = {}): Facts {
  const headers = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
    ...more,
  };
  const read = {
    url: `${apiUrl}/`,
    method: 'GET',
    path: '/',
    origin: target.origin,
    outcome: { status: 200, headers: Object.entries(headers), body: '', at: Date.now() },
  };
  return { target, probe: { ...none, addresses: [{ address: '127.0.0.1' }], reads: [read] } };
}

/** What the command sees where nothing is wrong. */
const right = readBy(target.origin);

test('where the command is answered and the page is not, something in the browser is named', async () => {
  stubFetch(right);
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  const card = await screen.findByRole('region', { name: /^Something in this browser stops the requests/ });
  expect(within(card).getByText(/^Outside of the browser/)).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Everything works' })).toBeNull();
});

test('where the page cannot read what it reaches, the doctor does not say that everything works', async () => {
  vi.stubGlobal('fetch', async (url: string, { mode }: RequestInit = {}) => {
    if (url === '/doctor/facts') return Response.json(right);
    if (mode === 'no-cors') return Response.json({});
    throw new TypeError('Failed to fetch');
  });
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  expect(await screen.findByRole('heading', { name: 'What was checked' })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Everything works' })).toBeNull();
});

/** A page that reads the API, whose cookies of the assay came back like this; its server answers with these facts. */
function stubReadable(facts: Facts, assay?: object): void {
  vi.stubGlobal('fetch', async (request: string | Request, { mode }: RequestInit = {}) => {
    if (request === '/doctor/facts') return Response.json(facts);
    if (typeof request === 'string') return mode === 'no-cors' ? new Response() : Response.json({});
    if (!assay) return Response.json({}, { status: 404 });
    return request.method === 'POST' ? new Response(null, { status: 204 }) : Response.json(assay);
  });
}

/** The titles of the causes that the page names. */
async function check(): Promise<(string | null)[]> {
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  await screen.findByRole('heading', { name: /^(Everything works|What was checked)$/ });
  return screen
    .getAllByRole('region')
    .filter((each) => within(each).queryByText(/^About this cause/))
    .map((each) => within(each).getAllByRole('heading')[0]?.textContent ?? null);
}

test('where page and command see a page that moved to another port, the page names that', async () => {
  const { probe } = readBy('http://localhost:4101');
  if (!probe) throw new Error('there is a probe');
  const moved = { target, probe: { ...probe, reads: [], grantedOrigins: ['http://localhost:4101'] } };
  const reads = probe.reads.map((each) => ({ ...each, outcome: { ...each.outcome, headers: [] } }));
  stubFetch({ ...moved, probe: { ...moved.probe, reads } });
  expect(await check()).toEqual(['The page moved from port 4101 to 4100.']);
});

test('where the page reads what no answer allows, the page says that an extension may do it', async () => {
  const { probe } = right;
  if (!probe) throw new Error('there is a probe');
  const reads = probe.reads.map((each) => ({ ...each, outcome: { ...each.outcome, headers: [] } }));
  stubReadable({ target, probe: { ...probe, reads } });
  expect(await check()).toEqual(['The API allows no page of any other origin.']);
  expect(screen.getByRole('list', { name: 'Worth knowing' }).textContent).toMatch(/extension/);
});

test('where an image may not be embedded by other origins, the page names the policy of the image', async () => {
  const image = { 'Content-Type': 'image/png', 'Cross-Origin-Resource-Policy': 'same-origin' };
  stubReadable(readBy(target.origin, image));
  expect(await check()).toEqual([expect.stringMatching(/forbids other origins to embed/)]);
});

const own = { token_name: 'jwt', refresh_name: 'jwt_refresh', same_site: 'lax', secure: false };

test('the page says which cookies this browser kept, and that a Secure one is in the way of the session', async () => {
  const set = ['lax', 'none', 'own', 'own-token'];
  stubReadable(right, { set, came: ['lax', 'own'], site: 'same-site', own, tokens: 0 });
  expect(await check()).toEqual([expect.stringMatching(/^A Secure jwt from https is still there/)]);
  const panel = within(screen.getByRole('region', { name: 'Cookies that were tried' }));
  expect(panel.getByText(/^2 of 4 came back/)).toBeTruthy();
  expect(panel.getByText('stayed away, as it must: None needs Secure')).toBeTruthy();
  expect(panel.getByText('did not come back')).toBeTruthy();
});

test.each(['startCookieAssay', 'readCookieAssay'] as const)(
  'where %s is refused, the doctor shows everything else, and the cookies once it is answered',
  async (key) => {
    const { api, user } = await renderApp({ path: '/doctor' });
    vi.stubGlobal('fetch', async (request: string | Request) => {
      if (request === '/doctor/facts') return Response.json(right);
      return typeof request === 'string' ? Response.json({}) : api.fetch(request);
    });
    api.respond(key, () => problem('overloaded'));
    await user.click(await screen.findByRole('button', { name: 'Check' }));
    expect(await screen.findByRole('heading', { name: 'Everything works' })).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Cookies that were tried' })).toBeNull();
    api.restore(key);
    await user.click(screen.getByRole('button', { name: 'Check again' }));
    const panel = within(await screen.findByRole('region', { name: 'Cookies that were tried' }));
    expect(panel.getByText(/^2 of 2 came back/)).toBeTruthy();
  },
);

test('a question about another origin takes the address of a page, and shows the command where no server looks', async () => {
  stubFetch();
  const { user } = await renderApp({ path: '/doctor' });
  const origin = await screen.findByRole('textbox', { name: 'Origin or address of the page' });
  await user.type(origin, 'app.example{Enter}');
  expect(screen.getByText(/^Write it like https:/)).toBeTruthy();
  await user.clear(origin);
  await user.type(origin, 'https://App.example/feed{Enter}');
  expect(
    await screen.findByText(`npm run doctor -- --api ${apiUrl} --origin https://app.example`),
  ).toBeTruthy();
});
