import { NetworkError } from '@signet/contracts';
import { render, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { describeError } from '../src/pages/errors/describe-error.ts';
import { ErrorBoundary } from '../src/pages/errors/error-page.tsx';
import { isPlainHttp } from '../src/pages/sign-in/plain-http.ts';
import { apiUrl, problem } from './fake-api.ts';
import { renderApp, toby } from './render-app.tsx';

describe('two cookies of one name', () => {
  test('the sign-in page names the cause and the way out, and does not sign in again by itself', async () => {
    const { api, user } = await renderApp({
      path: '/sign-in?flow=cookie',
      prepare: (api) => {
        for (const key of ['readProtected', 'readMe'] as const)
          api.respond(key, () => problem('cookies_ambiguous'));
      },
    });
    await user.type(await screen.findByLabelText('User ID'), 'toby');
    await user.type(screen.getByLabelText('Password'), '123toby{Enter}');
    await screen.findByText('Two cookies have the same name');
    expect(
      screen.getByText(/Clear this site's cookies in your browser, or sign in with a bearer token/),
    ).toBeTruthy();
    expect(api.callsOf('authenticateUser')).toHaveLength(1);
    expect(api.callsOf('refreshSession')).toHaveLength(0);
  });
});

describe('without a network', () => {
  const of = (apiUrl: string, isOffline: boolean) =>
    describeError(new NetworkError('no answer'), {
      apiUrl,
      pageOrigin: 'https://app.example.org',
      isOffline,
    });

  test('a remote API that cannot be reached is described by the missing network', () => {
    expect(of('https://api.example.org', true)).toEqual({
      title: 'You are offline',
      detail: 'Reconnect and try again.',
    });
  });

  test.each([
    ['http://localhost:8086', true],
    ['https://api.example.org', false],
  ])('an API at %s is described by itself (offline: %s)', (apiUrl, isOffline) => {
    expect(of(apiUrl, isOffline).title).toBe('The API cannot be reached');
  });

  test('a page that failed is loaded by itself once the browser is online again', async () => {
    const { api } = await renderApp({ path: '/users', signedInAs: toby });
    await screen.findByText('Nicholas Tesla');
    api.state.isReachable = false;
    window.history.pushState(null, '', '/players');
    window.dispatchEvent(new PopStateEvent('popstate'));
    await screen.findByText('The API cannot be reached');
    api.state.isReachable = true;
    window.dispatchEvent(new Event('online'));
    await waitFor(() => expect(screen.queryByText('The API cannot be reached')).toBeNull());
  });
});

test.each([
  ['http://app.lan:4100/sign-in', true],
  ['http://192.168.1.7:4100/', true],
  ['https://app.lan/', false],
  ['http://localhost:4100/', false],
  ['http://127.0.0.1:4100/', false],
  ['capacitor://localhost/', false],
])('whether %s keeps a Secure cookie is told from its own address', (url, expected) => {
  expect(isPlainHttp(url)).toBe(expected);
});

test.each([
  ['is missing', undefined],
  ['refuses', { writeText: () => Promise.reject(new DOMException('', 'NotAllowedError')) }],
])('where the clipboard %s, Copy selects the text and says so', async (_, clipboard) => {
  const { user } = await renderApp({ path: '/', signedInAs: toby });
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  await user.click(await screen.findByRole('button', { name: 'Copy the token' }));
  expect(await screen.findByText(/The text is selected/)).toBeTruthy();
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Copy the token' });
  expect(field.value).toBe(localStorage.getItem('jwt-token'));
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, field.value.length]);
});

test('the details of an error can be copied: what it says, and which call of which page it is about', async () => {
  const { user } = await renderApp({
    path: '/players',
    signedInAs: toby,
    prepare: (api) => api.respond('listPlayers', () => problem('internal')),
  });
  let copied = '';
  const clipboard = {
    writeText: async (text: string) => {
      copied = text;
    },
  };
  Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
  const box = within(await screen.findByRole('alert'));
  await user.click(box.getByRole('button', { name: 'Copy details of this error' }));
  expect(copied.split('\n')).toEqual([
    'The API failed',
    'If it happens again, send this request id to the operator.',
    'internal (500)',
    expect.stringMatching(/^Request id: \S+$/),
    `API: ${apiUrl}`,
    'Page: http://localhost:4100',
    expect.stringMatching(/^Time: \d{4}-\d\d-\d\dT/),
  ]);
});

describe('the error boundary', () => {
  test('a page is drawn again once, because the cause may be gone', async () => {
    let failures = 1;
    const Page = () => {
      if (failures > 0) throw new Error('broken');
      return <p>Drawn again</p>;
    };
    const once = () => {
      failures -= 1;
    };
    render(
      <ErrorBoundary>
        <Page />
      </ErrorBoundary>,
      { onCaughtError: once },
    );
    expect(await screen.findByText('Drawn again')).toBeTruthy();
  });

  test('a page that fails again shows that it crashed', async () => {
    const Page = (): never => {
      throw new Error('broken');
    };
    render(
      <ErrorBoundary>
        <Page />
      </ErrorBoundary>,
      { onCaughtError: () => undefined },
    );
    expect(await screen.findByRole('heading', { name: 'This page crashed' })).toBeTruthy();
  });
});
