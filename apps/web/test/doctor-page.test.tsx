import { diagnose } from '@signet/doctor';
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { apiUrl } from './fake-api.ts';
import { renderApp } from './render-app.tsx';

const target = { api: apiUrl, origin: 'http://localhost:4100', site: 'same-site' } as const;

/** What the command prints where nothing listens. */
const notRunning = diagnose({
  target,
  probe: {
    addresses: [{ address: '127.0.0.1', failure: { stage: 'connect', code: 'ECONNREFUSED' } }],
    reads: [
      {
        url: `${apiUrl}/protected`,
        method: 'GET',
        path: '/protected',
        outcome: { stage: 'connect', code: 'ECONNREFUSED' },
      },
    ],
    preflights: [],
    otherOrigins: [],
    grantedOrigins: [],
    guarded: [],
    signetElsewhere: [],
  },
});

/** A page that cannot reach the API; its own server answers with this report, or has no side door. */
function stubFetch(report?: unknown): void {
  vi.stubGlobal('fetch', async (url: string) => {
    if (url !== '/doctor/report') throw new TypeError('Failed to fetch');
    return report === undefined ? new Response('', { status: 404 }) : Response.json(report);
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

/** A report of the command that found nothing wrong. */
const right = {
  findings: [],
  notices: [],
  checked: ['reach', 'origin'].map((check) => ({ check, result: 'right', saw: 'It answers.' })),
};

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
    if (url === '/doctor/report') return Response.json(right);
    if (mode === 'no-cors') return Response.json({});
    throw new TypeError('Failed to fetch');
  });
  const { user } = await renderApp({ path: '/doctor' });
  await user.click(await screen.findByRole('button', { name: 'Check' }));
  expect(await screen.findByRole('heading', { name: 'What was checked' })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Everything works' })).toBeNull();
});
