import { type EndpointKey, endpoints } from '@signet/contracts';
import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { FakeApi } from './fake-api.ts';
import { findDialog, niko, renderApp, toby } from './render-app.tsx';

const pages = () => within(screen.getByRole('navigation', { name: 'Pages' }));
const linkNames = () =>
  pages()
    .getAllByRole('link')
    .map(({ textContent }) => textContent);

describe('the navigation', () => {
  test('a visitor sees every page but those for admins, and where to sign in', async () => {
    await renderApp({ path: '/' });
    await screen.findByRole('heading', { level: 1, name: 'One token, two ways to send it' });
    expect(linkNames()).toEqual([
      'Overview',
      'Inspector',
      'Exchanges',
      'Flows',
      'Doctor',
      'Lab',
      'Feed',
      'Players',
      'Users',
    ]);
    const sidebar = within(screen.getByRole('complementary', { name: 'Sidebar' }));
    expect(sidebar.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in');
    expect(sidebar.getByText('Sign in to open these.')).toBeTruthy();
  });

  test('a group of pages that the reader may not open is not shown', async () => {
    await renderApp({ path: '/' });
    await screen.findByRole('heading', { level: 1 });
    // Its only page is for admins.
    expect(pages().queryByText('Admin')).toBeNull();
    expect(pages().getByText('Understand')).toBeTruthy();
  });

  test('an admin has the audit log, before the API has answered if the browser knows the role', async () => {
    await renderApp({ path: '/', signedInAs: toby });
    expect(await pages().findByRole('link', { name: 'Audit log' })).toBeTruthy();
    expect(JSON.parse(localStorage.getItem('signet-role') ?? 'null')).toEqual({ owner: '1', isAdmin: true });
  });

  test('a role that was noted for another user shows nothing', async () => {
    localStorage.setItem('signet-role', JSON.stringify({ owner: '1', isAdmin: true }));
    await renderApp({ path: '/', signedInAs: niko });
    await screen.findByText('niko', { selector: 'aside span' });
    expect(linkNames()).not.toContain('Audit log');
  });
});

describe('what the navigation counts', () => {
  test('beside Exchanges it counts the calls since the log was last looked at', async () => {
    const { auth, user } = await renderApp({ path: '/inspector' });
    expect(pages().getByRole('link', { name: 'Exchanges' })).toBeTruthy();
    const call = () => act(() => auth.call(endpoints.readProtected).catch(() => undefined));
    await call();
    expect(pages().getByRole('link', { name: 'Exchanges, 1 new call' })).toBeTruthy();
    await call();
    await user.click(pages().getByRole('link', { name: 'Exchanges, 2 new calls' }));
    await screen.findByRole('heading', { level: 1, name: 'Exchange log' });
    await waitFor(() => expect(pages().getByRole('link', { name: 'Exchanges' })).toBeTruthy());
    await call();
    expect(pages().getByRole('link', { name: 'Exchanges' })).toBeTruthy();
    await user.click(pages().getByRole('link', { name: 'Inspector' }));
    await screen.findByRole('heading', { level: 1, name: 'Token inspector' });
    await call();
    expect(pages().getByRole('link', { name: 'Exchanges, 1 new call' })).toBeTruthy();
  });
});

describe('the user menu', () => {
  test('it shows the role, and Escape closes it and returns the focus', async () => {
    const { user } = await renderApp({ path: '/', signedInAs: toby });
    const button = await screen.findByRole('button', { name: /^Your account and settings/ });
    await within(button).findByText(/admin/);
    await user.click(button);
    expect(screen.getByRole('link', { name: 'Account' })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('link', { name: 'Account' })).toBeNull();
    expect(document.activeElement).toBe(button);
  });
});

describe('an API that cannot be reached', () => {
  test('one banner says so, no page waits for ever, and the banner goes with the next answer', async () => {
    const { api, user } = await renderApp({
      path: '/',
      signedInAs: toby,
      prepare: ({ respond }) =>
        ['readMe', 'readProtected'].map((key) =>
          respond(key as 'readMe', () => Promise.reject(new TypeError('Failed to fetch'))),
        ),
    });
    expect(await screen.findByText('The API cannot be reached')).toBeTruthy();
    expect(screen.queryAllByRole('alert')).toEqual([]);
    await waitFor(() => expect(document.querySelector('main .animate-pulse')).toBeNull());
    api.restore('readMe');
    api.restore('readProtected');
    for (const button of screen.getAllByRole('button', { name: 'Try again' })) await user.click(button);
    await screen.findByText('200 OK');
    await waitFor(() => expect(screen.queryByText('The API cannot be reached')).toBeNull());
  });
});

describe('while an API cannot be reached', () => {
  const title = 'The API cannot be reached';
  const refuse =
    (...keys: EndpointKey[]) =>
    ({ respond }: FakeApi) => {
      for (const key of keys) respond(key, () => Promise.reject(new TypeError('Failed to fetch')));
    };
  test('one call asks whether it is back, and until then the page keeps what it says', async () => {
    const seconds: (() => void)[] = [];
    const { setInterval } = globalThis;
    vi.spyOn(globalThis, 'setInterval').mockImplementation(((act: () => void, ms?: number) =>
      ms === 1000 ? 1e9 + seconds.push(act) : setInterval(act, ms)) as typeof setInterval);
    const passFive = async () => {
      for (let second = 0; second < 5; second += 1) await act(async () => seconds.at(-1)?.());
    };
    const away = ['readMe', 'readProtected', 'listUsers', 'countUsers'] as const;
    const { api } = await renderApp({ path: '/users', signedInAs: toby, prepare: refuse(...away) });
    await screen.findByText('Not loaded');
    await screen.findByText(title);
    await waitFor(() => expect(document.querySelector('main .animate-pulse')).toBeNull());
    const asked = api.callsOf('listUsers').length;
    await passFive();
    await waitFor(() => expect(api.callsOf('readProtected')).toHaveLength(1));
    expect(api.callsOf('listUsers')).toHaveLength(asked);
    expect(screen.getByText('Not loaded')).toBeTruthy();
    for (const key of away) api.restore(key);
    await passFive();
    expect(await screen.findByRole('table', { name: 'Users' })).toBeTruthy();
    await waitFor(() => expect(screen.queryByText(title)).toBeNull());
  });

  test('offline too the banner alone says why a page is not loaded', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: refuse('readMe', 'listUsers', 'countUsers'),
    });
    await screen.findByText('Not loaded');
    expect(await screen.findAllByText(title)).toHaveLength(1);
  });

  test('what the server of the page answers is not taken for an answer of the API', async () => {
    const { user } = await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: refuse('readMe', 'listUsers', 'countUsers'),
    });
    await screen.findByText(title);
    await user.click(pages().getByRole('link', { name: 'Lab' }));
    await screen.findByRole('heading', { name: 'There is no lab here' });
    expect(screen.getByText(title)).toBeTruthy();
  });
});

describe('an unknown path', () => {
  test('it keeps the navigation, and offers the nearest page', async () => {
    await renderApp({ path: '/user', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Page not found' });
    expect(screen.getByRole('link', { name: 'Did you mean Users?' }).getAttribute('href')).toBe('/users');
    expect(linkNames()).toContain('Feed');
  });

  test('it finds pages and causes by their words', async () => {
    const { user } = await renderApp({ path: '/no/such/page' });
    const field = await screen.findByRole('searchbox', { name: /^Search the pages/ });
    const main = within(screen.getByRole('main'));
    await user.type(field, 'token inspect');
    expect((await main.findByRole('link', { name: /^Inspector/ })).getAttribute('href')).toBe('/inspector');
    await user.clear(field);
    await user.type(field, 'secure http');
    const cause = await main.findByRole('link', { name: /^The cookie is Secure/ });
    expect(cause.getAttribute('href')).toMatch(/^\/doctor\/causes\//);
    await user.clear(field);
    await user.type(field, 'audit');
    expect(main.queryByRole('link', { name: 'Audit log' })).toBeNull();
    await user.clear(field);
    await user.type(field, 'qqq');
    expect(main.getByText('Nothing found.')).toBeTruthy();
  });

  test('a signed-in reader can look for a user there, and an admin for the audit log', async () => {
    const { user } = await renderApp({ path: '/people', signedInAs: toby });
    const field = await screen.findByRole('searchbox', { name: /^Search the pages/ });
    await user.type(field, 'audit');
    const main = within(screen.getByRole('main'));
    expect(await main.findByRole('link', { name: 'Audit log' })).toBeTruthy();
    await user.clear(field);
    await user.type(field, 'ada l');
    const users = await screen.findByRole('link', { name: 'Users: “ada l”' });
    expect(users.getAttribute('href')).toBe('/users?q=ada%20l');
  });
});

describe('the keyboard shortcuts', () => {
  test('? lists them, and Escape returns the focus to where it was', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: niko });
    const link = await pages().findByRole('link', { name: 'Players' });
    link.focus();
    await user.keyboard('?');
    await findDialog('Keyboard shortcuts');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(link);
  });

  test('a key that is typed into a field is text', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: niko });
    const field = await screen.findByRole<HTMLInputElement>('searchbox', { name: 'Search users' });
    await user.keyboard('/');
    expect(document.activeElement).toBe(field);
    await user.keyboard('e?/');
    expect(field.value).toBe('e?/');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('complementary', { name: 'The last call' })).toBeNull();
  });

  test('a visitor turns the single keys off and on again, without needing a key for it', async () => {
    const { user } = await renderApp({ path: '/' });
    await screen.findByRole('heading', { level: 1 });
    const openList = () => user.click(screen.getByRole('button', { name: 'Keyboard shortcuts' }));
    await openList();
    const dialog = await findDialog('Keyboard shortcuts');
    await user.click(dialog.getByRole('checkbox', { name: 'Use single keys' }));
    await user.keyboard('{Escape}');
    await user.keyboard('e?');
    expect(screen.queryByRole('complementary', { name: 'The last call' })).toBeNull();
    expect(screen.queryByRole('dialog')).toBeNull();
    await openList();
    await user.click((await findDialog('Keyboard shortcuts')).getByRole('checkbox'));
    await user.keyboard('{Escape}');
    await user.keyboard('e');
    expect(await screen.findByRole('complementary', { name: 'The last call' })).toBeTruthy();
  });

  test('they are in the menu of a signed-in user too', async () => {
    const { user } = await renderApp({ path: '/', signedInAs: toby });
    await user.click(await screen.findByRole('button', { name: /^Your account and settings/ }));
    await user.click(screen.getByRole('button', { name: 'Keyboard shortcuts' }));
    await findDialog('Keyboard shortcuts');
    expect(screen.queryByRole('link', { name: 'Account' })).toBeNull();
  });
});
