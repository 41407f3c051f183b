import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { findOverviewOf, renderApp, signOut, toby } from './render-app.tsx';

describe('in the bearer flow', () => {
  test('with the bearer flow the token is shown in its three parts, each claim with a link to its RFC', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    const panel = within(screen.getByRole('region', { name: 'The token' }));
    const [header, payload, signature] = localStorage.getItem('jwt-token')?.split('.') ?? [];
    for (const part of [header, payload, signature]) expect(screen.getByText(part ?? 'missing')).toBeTruthy();
    for (const claim of ['alg', 'typ', 'kid', 'iss', 'aud', 'sub', '_uid', 'sid', 'jti', 'iat', 'exp']) {
      expect(panel.getByText(claim, { selector: 'dt' })).toBeTruthy();
    }
    expect(screen.getByRole('link', { name: 'RFC 7519, 4.1.4' }).getAttribute('href')).toContain(
      'rfc7519#section-4.1.4',
    );
  });

  test('the time until the token expires counts down', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    const timer = await screen.findByRole('timer', { name: 'Time until the token expires' });
    const first = timer.textContent;
    expect(first).toMatch(/^(59:\d\d|1:00:00)$/);
    await expect.poll(() => timer.textContent).not.toBe(first);
  });

  test('a token that cannot be decoded leads to the sign-in page, which says that it was rejected', async () => {
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
    expect(await screen.findByText('Your token was rejected')).toBeTruthy();
  });

  test('a refused token can be looked at, and is kept in this tab only if the reader asks for it', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    const token = localStorage.getItem('jwt-token');
    api.endSessions(() => true);
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    await screen.findByText('Your session has ended');
    expect(sessionStorage.getItem('signet-refused-token')).toBeNull();
    expect(Object.values({ ...localStorage })).not.toContain(token);
    await user.click(screen.getByRole('button', { name: 'Look at the refused token' }));
    const field = await screen.findByRole('textbox', { name: 'A token, or text with a token in it' });
    expect(field).toHaveProperty('value', token);
    expect(sessionStorage.getItem('signet-refused-token')).toBe(token);
    await user.clear(field);
    await user.click(screen.getByRole('button', { name: 'The refused token' }));
    expect(field).toHaveProperty('value', token);
  });

  test('where a refresh token was refused there is no token to look at', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    api.respond('readProtected', () => problem('token_expired'));
    api.respond('refreshSession', () => problem('refresh_invalid'));
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    await screen.findByText('The token could not be refreshed');
    expect(screen.queryByRole('button', { name: 'Look at the refused token' })).toBeNull();
  });
});

describe('in the cookie flow', () => {
  test('with the cookie flow the page shows that JavaScript cannot read the token', async () => {
    await renderApp({ path: '/', signedInAs: { uid: 'toby', carrier: 'cookie' } });
    await findOverviewOf('Thomas Edison');
    expect(screen.getByText('document.cookie').nextSibling?.textContent).toBe('""');
    expect(screen.getByText("localStorage.getItem('jwt-token')").nextSibling?.textContent).toBe('null');
    expect(screen.queryByRole('timer')).toBeNull();
  });
});

describe('the verdict', () => {
  test('the verdict on the token is the answer of the API', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    expect(await screen.findByText('200 OK')).toBeTruthy();
    expect(screen.getByText(/"username": "toby"/)).toBeTruthy();
  });

  test('the verdict is requested again after a refresh', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await screen.findByText('200 OK');
    const before = localStorage.getItem('jwt-token');
    const asked = api.callsOf('readProtected').length;
    await user.click(screen.getByRole('button', { name: 'Refresh the token' }));
    expect(
      await screen.findByText('Token refreshed. The old one stays valid until it expires.'),
    ).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).not.toBe(before);
    await expect.poll(() => api.callsOf('readProtected').length).toBeGreaterThan(asked);
  });

  test('the verdict shows the status of a refusal', async () => {
    await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: (api) => api.respond('readProtected', () => problem('forbidden')),
    });
    expect(await screen.findByText('403')).toBeTruthy();
  });

  test('a failure of both calls is said once, as an answer, and both can be made again', async () => {
    const { api, user } = await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: ({ respond }) => {
        for (const key of ['readMe', 'readProtected'] as const) respond(key, () => problem('internal'));
      },
    });
    expect(await screen.findByText('Answered with 500.')).toBeTruthy();
    expect(await screen.findByText('500')).toBeTruthy();
    expect(screen.queryByText(/no answer/i)).toBeNull();
    expect(screen.getAllByText('The API failed')).toHaveLength(1);
    api.restore('readMe');
    api.restore('readProtected');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('200 OK')).toBeTruthy();
    expect(await findOverviewOf('Thomas Edison')).toBeTruthy();
    expect(screen.queryByText('The API failed')).toBeNull();
  });

  test('there is no verdict while the API cannot be reached, and it can be requested again', async () => {
    const { api, user } = await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: (api) => api.respond('readProtected', () => Promise.reject(new TypeError('Failed to fetch'))),
    });
    const card = within(await screen.findByRole('region', { name: 'Is it valid?' }));
    expect(await screen.findByText('Not loaded')).toBeTruthy();
    expect(card.getByText('no answer')).toBeTruthy();
    api.restore('readProtected');
    await user.click(card.getByRole('button', { name: 'Ask again' }));
    expect(await screen.findByText('200 OK')).toBeTruthy();
  });
});

describe('the end of the session', () => {
  test('signing out leads to the sign-in page, which confirms it', async () => {
    const { user } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    await signOut(user);
    expect(await screen.findByRole('heading', { level: 1, name: 'Sign in' })).toBeTruthy();
    expect(screen.getByText('You are signed out')).toBeTruthy();
  });

  test('signing out without the network says that the session is still open at the API', async () => {
    const { api, user } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    api.state.isReachable = false;
    await signOut(user);
    expect(await screen.findByText('Signed out on this device only')).toBeTruthy();
  });

  test('a session that was ended elsewhere leads to the sign-in page without any data of the user', async () => {
    const { api, auth } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    api.endSessions(() => true);
    await act(() => auth.refresh().catch(() => undefined));
    expect(await screen.findByText('The token could not be refreshed')).toBeTruthy();
    expect(screen.queryByText(/Edison/)).toBeNull();
  });
});

test('an unknown path shows that there is no page', async () => {
  await renderApp({ path: '/nowhere', signedInAs: toby });
  expect(await screen.findByRole('heading', { level: 1, name: 'Page not found' })).toBeTruthy();
});

test('a chosen theme is stored, and the system theme removes it', async () => {
  const { user } = await renderApp({ path: '/' });
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('signet-theme')).toBe('dark');
  await user.click(screen.getByRole('radio', { name: 'System' }));
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(localStorage.getItem('signet-theme')).toBeNull();
});
