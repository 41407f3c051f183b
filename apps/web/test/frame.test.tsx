import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
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
  test('one call asks whether it is back, and until then the page keeps what it says', async () => {
    const seconds: (() => void)[] = [];
    const { setInterval } = globalThis;
    vi.spyOn(globalThis, 'setInterval').mockImplementation(((act: () => void, ms?: number) =>
      ms === 1000 ? 1e9 + seconds.push(act) : setInterval(act, ms)) as typeof setInterval);
    const passFive = async () => {
      for (let second = 0; second < 5; second += 1) await act(async () => seconds.at(-1)?.());
    };
    const away = ['readMe', 'readProtected', 'listUsers', 'countUsers'] as const;
    const { api } = await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: ({ respond }) => {
        for (const key of away) respond(key, () => Promise.reject(new TypeError('Failed to fetch')));
      },
    });
    await screen.findByText('Not loaded');
    await screen.findByText('The API cannot be reached');
    await waitFor(() => expect(document.querySelector('main .animate-pulse')).toBeNull());
    const asked = api.callsOf('listUsers').length;
    await passFive();
    await waitFor(() => expect(api.callsOf('readProtected')).toHaveLength(1));
    expect(api.callsOf('listUsers')).toHaveLength(asked);
    expect(screen.getByText('Not loaded')).toBeTruthy();
    for (const key of away) api.restore(key);
    await passFive();
    expect(await screen.findByRole('table', { name: 'Users' })).toBeTruthy();
    await waitFor(() => expect(screen.queryByText('The API cannot be reached')).toBeNull());
  });
});

describe('an unknown path', () => {
  test('it keeps the navigation, and offers the nearest page', async () => {
    await renderApp({ path: '/user', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Page not found' });
    expect(screen.getByRole('link', { name: 'Did you mean Users?' }).getAttribute('href')).toBe('/users');
    expect(linkNames()).toContain('Feed');
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

describe('the keys that go somewhere', () => {
  test('g and the letter of a page lead there, and the letter alone does what it did', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Users' });
    await user.keyboard('gf');
    const heading = await screen.findByRole('heading', { level: 1, name: 'Bearer and cookie, compared' });
    await waitFor(() => expect(document.activeElement).toBe(heading));
    await user.keyboard('ge');
    await screen.findByRole('heading', { level: 1, name: 'Exchange log' });
    expect(screen.queryByRole('complementary', { name: 'The last call' })).toBeNull();
    await user.keyboard('e');
    expect(await screen.findByRole('complementary', { name: 'The last call' })).toBeTruthy();
    await user.keyboard('gxo');
    expect(window.location.pathname).toBe('/exchanges');
  });

  test('they do nothing in a field, and after the single keys were turned off', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: niko });
    const field = await screen.findByRole<HTMLInputElement>('searchbox', { name: 'Search users' });
    await user.type(field, 'go');
    expect([field.value, window.location.pathname]).toEqual(['go', '/users']);
    field.blur();
    localStorage.setItem('signet-shortcuts', 'off');
    await user.keyboard('go');
    expect(window.location.pathname).toBe('/users');
  });

  const openPalette = async (user: Awaited<ReturnType<typeof renderApp>>['user']) => {
    await user.keyboard('{Control>}k{/Control}');
    return findDialog('Go to a page or a user, or do something');
  };
  const optionsIn = (palette: Awaited<ReturnType<typeof findDialog>>) =>
    palette.queryAllByRole('option').map(({ textContent }) => textContent);

  test('the palette finds a page, and Enter opens what the arrows chose', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Feed' });
    const palette = await openPalette(user);
    expect(optionsIn(palette)).not.toContain('Audit log');
    const field = palette.getByRole('combobox');
    expect(document.activeElement).toBe(field);
    await user.keyboard('ers');
    await waitFor(() => expect(optionsIn(palette)).toEqual(['Players', 'Usersg u']));
    const activeText = () =>
      document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;
    expect(activeText()).toBe('Players');
    await user.keyboard('{ArrowUp}');
    expect(activeText()).toBe('Usersg u');
    await user.keyboard('{Enter}');
    await screen.findByRole('heading', { level: 1, name: 'Users' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('the palette finds a user by the API, and says so if it finds nothing', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Feed' });
    const palette = await openPalette(user);
    await user.keyboard('edis');
    await user.click(await palette.findByRole('option', { name: /Thomas Edison/ }));
    await screen.findByRole('heading', { level: 1, name: 'Thomas Edison' });
    expect(api.callsOf('listUsers')).toHaveLength(1);
    const again = await openPalette(user);
    await user.keyboard('zzz');
    expect(await again.findByText('Nothing found')).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('the palette refreshes and copies the token, and switches the theme', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Feed' });
    const choose = async (name: string | RegExp) =>
      user.click((await openPalette(user)).getByRole('option', { name }));
    await choose('Refresh the token');
    expect(await screen.findByText(/^Token refreshed/)).toBeTruthy();
    expect(api.callsOf('refreshSession')).toHaveLength(1);
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await choose('Copy the token');
    expect(await screen.findByText('Token copied')).toBeTruthy();
    expect(write).toHaveBeenLastCalledWith(localStorage.getItem('jwt-token'));
    await choose(/^Switch to the (light|dark) theme$/);
    expect(document.documentElement.dataset.theme).toMatch(/^(light|dark)$/);
  });

  test('a visitor finds the tools and the sign-in, and no user', async () => {
    const { api, user } = await renderApp({ path: '/' });
    await screen.findByRole('heading', { level: 1 });
    const palette = await openPalette(user);
    expect(optionsIn(palette)).toEqual(expect.arrayContaining(['Inspectorg i', 'Sign in']));
    expect(optionsIn(palette)).not.toContain('Usersg u');
    await user.keyboard('toby');
    expect(await palette.findByText('Nothing found')).toBeTruthy();
    expect(api.callsOf('listUsers')).toEqual([]);
  });
});
