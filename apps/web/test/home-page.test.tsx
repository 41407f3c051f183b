import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { renderApp, toby } from './render-app.tsx';

const heading = { level: 1, name: 'Signed in as Thomas Edison' } as const;

describe('in the bearer flow', () => {
  test('the token is shown in its three parts, each claim with its source', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    await screen.findByRole('heading', heading);
    const [header, payload, signature] = localStorage.getItem('jwt-token')?.split('.') ?? [];
    for (const part of [header, payload, signature]) expect(screen.getByText(part ?? 'missing')).toBeTruthy();
    for (const claim of ['alg', 'typ', 'kid', 'iss', 'aud', 'sub', '_uid', 'sid', 'jti', 'iat', 'exp']) {
      expect(screen.getByText(claim, { selector: 'dt' })).toBeTruthy();
    }
    expect(screen.getByRole('link', { name: 'RFC 7519, 4.1.4' }).getAttribute('href')).toContain(
      'rfc7519#section-4.1.4',
    );
  });

  test('the time that is left counts down', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    const timer = await screen.findByRole('timer', { name: 'Time until the token expires' });
    const first = timer.textContent;
    expect(first).toMatch(/^(59:\d\d|1:00:00)$/);
    await expect.poll(() => timer.textContent).not.toBe(first);
  });

  test('a token that cannot be read is said to be broken', async () => {
    await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: (api) =>
        api.respond('createToken', () =>
          Response.json({
            token: 'ab.cd.ef',
            user_id: 1,
            token_type: 'Bearer',
            expires_in: 60,
            refresh_token: 'none',
          }),
        ),
    });
    expect(await screen.findByText('The API refused the token')).toBeTruthy();
  });
});

describe('in the cookie flow', () => {
  test('the page proves that no script can read the token', async () => {
    await renderApp({ path: '/', signedInAs: { uid: 'toby', carrier: 'cookie' } });
    await screen.findByRole('heading', heading);
    expect(screen.getByText('document.cookie').nextSibling?.textContent).toBe('""');
    expect(screen.getByText("localStorage.getItem('jwt-token')").nextSibling?.textContent).toBe('null');
    expect(screen.queryByRole('timer')).toBeNull();
  });
});

describe('the verdict', () => {
  test('is what the API answers', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    expect(await screen.findByText('200 OK')).toBeTruthy();
    expect(screen.getByText(/"username": "toby"/)).toBeTruthy();
  });

  test('is asked for again after a renewal', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await screen.findByText('200 OK');
    const before = localStorage.getItem('jwt-token');
    const asked = api.callsOf('readProtected').length;
    await user.click(screen.getByRole('button', { name: 'Renew the token now' }));
    expect(await screen.findByText('Renewed: the session goes on with the next token')).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).not.toBe(before);
    await expect.poll(() => api.callsOf('readProtected').length).toBeGreaterThan(asked);
  });

  test('is a refusal where the API refuses', async () => {
    await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: (api) => api.respond('readProtected', () => problem('forbidden')),
    });
    expect(await screen.findByText('403')).toBeTruthy();
  });

  test('is missing while the API cannot be reached, and can be asked for again', async () => {
    const { api, user } = await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: (api) => api.respond('readProtected', () => Promise.reject(new TypeError('Failed to fetch'))),
    });
    const alert = await screen.findByRole('alert');
    expect(screen.getByText('no answer')).toBeTruthy();
    api.restore('readProtected');
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('200 OK')).toBeTruthy();
  });
});

describe('the end of the session', () => {
  test('by hand leads to the sign-in page, which says so', async () => {
    const { user } = await renderApp({ path: '/', signedInAs: toby });
    await screen.findByRole('heading', heading);
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Sign in' })).toBeTruthy();
    expect(screen.getByText('You are signed out')).toBeTruthy();
  });

  test('without the network is honest about what the API does not know', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await screen.findByRole('heading', heading);
    api.state.isReachable = false;
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('You are signed out here, and the API does not know')).toBeTruthy();
  });

  test('from elsewhere shows nothing of the user any more', async () => {
    const { api, auth } = await renderApp({ path: '/', signedInAs: toby });
    await screen.findByRole('heading', heading);
    api.endSessions(() => true);
    await act(() => auth.refresh().catch(() => undefined));
    expect(await screen.findByText('The session could not be renewed')).toBeTruthy();
    expect(screen.queryByText(/Edison/)).toBeNull();
  });
});

test('an unknown address is said to be one', async () => {
  await renderApp({ path: '/nowhere', signedInAs: toby });
  expect(await screen.findByRole('heading', { level: 1, name: 'There is no such page' })).toBeTruthy();
});

test('the theme is chosen, kept, and given back to the system', async () => {
  const { user } = await renderApp({ path: '/', signedInAs: toby });
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('signet-theme')).toBe('dark');
  await user.click(screen.getByRole('radio', { name: 'As the system' }));
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(localStorage.getItem('signet-theme')).toBeNull();
});
