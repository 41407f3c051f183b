import { endpoints } from '@signet/contracts';
import { screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { createReloadOnce } from '../src/browser/stale-build.ts';
import { createKeptStorage } from '../src/browser/storage.ts';
import { findLocks, openChannel } from '../src/browser/tabs.ts';
import { createAuthClient } from '../src/session/auth-client.ts';
import { apiUrl, createFakeApi } from './fake-api.ts';
import { findOverviewOf, renderApp } from './render-app.tsx';

const securityError = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};
const quotaError = () => {
  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
};
const emptyStorage = (): Storage => {
  const entries = new Map<string, string>();
  return {
    length: 0,
    key: () => null,
    clear: () => entries.clear(),
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
};

/** How browsers refuse storage. */
const refusals: [string, () => Storage][] = [
  ['whose getter throws', securityError],
  ['that is null', () => null as unknown as Storage], // The DOM's types know no null; Android's web views give it.,
  [
    'that throws at every call',
    () => ({ ...emptyStorage(), getItem: securityError, setItem: securityError, removeItem: securityError }),
  ],
  ['that is full', () => ({ ...emptyStorage(), setItem: quotaError })],
];

function clientOn(open: () => Storage, api = createFakeApi()) {
  const storage = createKeptStorage(open);
  const auth = createAuthClient({
    apiUrl,
    fetch: api.fetch,
    storage,
    tabStorage: createKeptStorage(open),
    locks: { request: async () => securityError() },
    channel: openChannel('test'),
    window,
    now: Date.now,
  });
  return { api, auth };
}

describe.each(refusals)('with a storage %s', (_, open) => {
  test.each(['bearer', 'cookie'] as const)(
    'a sign-in by %s works and is renewed in this tab',
    async (carrier) => {
      const { api, auth } = clientOn(open);
      expect(auth.storage.keepsData()).toBe(false);
      await auth.signIn(carrier, { uid: 'toby', password: '123toby' });
      const state = auth.state();
      expect(state).toMatchObject({ status: 'signed-in', stored: { carrier } });
      api.expireTokens(state.status === 'signed-in' ? (state.stored.token ?? undefined) : undefined);
      expect(await auth.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
      await auth.signOut();
      expect(auth.state()).toEqual({ status: 'signed-out', notice: 'signed_out' });
    },
  );

  test('a page that is opened again is signed in by the cookie that is left', async () => {
    const { api, auth } = clientOn(open);
    await auth.signIn('cookie', { uid: 'toby', password: '123toby' });
    const { auth: reopened } = clientOn(open, api);
    expect(reopened.state().status).toBe('signed-out');
    await reopened.resumeByCookie();
    expect(reopened.state()).toMatchObject({ status: 'signed-in', stored: { carrier: 'cookie' } });
  });

  test('a page that is opened again stays signed out without a cookie', async () => {
    const { auth } = clientOn(open);
    await auth.resumeByCookie();
    expect(auth.state()).toEqual({ status: 'signed-out', notice: null });
  });

  test('the page is not reloaded by itself, because it could not tell the first time from the second', () => {
    const reload = vi.fn();
    const reloadOnce = createReloadOnce({ build: () => 'a', storage: open, reload });
    expect([reloadOnce(), reload.mock.calls.length]).toEqual([false, 0]);
  });
});

describe('a storage that fails later', () => {
  test('a storage that vanishes while the page is open leaves the sign-in in memory, and says so once', () => {
    let isGone = false;
    const real = emptyStorage();
    const storage = createKeptStorage(() => (isGone ? securityError() : real));
    const hear = vi.fn();
    storage.subscribe(hear);
    storage.setItem('jwt-token', 'a');
    isGone = true;
    expect(storage.getItem('jwt-token')).toBe('a');
    storage.setItem('jwt-token', 'b');
    expect([storage.getItem('jwt-token'), storage.keepsData(), hear.mock.calls.length]).toEqual([
      'b',
      false,
      1,
    ]);
  });

  test('a value that cannot be replaced is removed, so that no page uses the old refresh token', () => {
    let isFull = false;
    const real = emptyStorage();
    const storage = createKeptStorage(() => ({
      ...real,
      setItem: (...entry) => (isFull ? quotaError() : real.setItem(...entry)),
    }));
    storage.setItem('jwt-refresh-token', 'old');
    isFull = true;
    storage.setItem('jwt-refresh-token', 'new');
    expect([real.getItem('jwt-refresh-token'), storage.getItem('jwt-refresh-token')]).toEqual([null, 'new']);
  });
});

describe('the page', () => {
  test('a banner says that nothing is kept, and signing in works', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(quotaError);
    const { user } = await renderApp({ path: '/sign-in' });
    expect(await screen.findByText('Your browser does not let this site store data.')).toBeTruthy();
    await user.type(await screen.findByLabelText('User ID'), 'toby');
    await user.type(screen.getByLabelText('Password'), '123toby{Enter}');
    expect(await findOverviewOf('Thomas Edison')).toBeTruthy();
    expect(screen.getByText('Your browser does not let this site store data.')).toBeTruthy();
  });

  test('no banner is shown where the browser keeps data', async () => {
    await renderApp({ path: '/sign-in' });
    await screen.findByLabelText('User ID');
    expect(screen.queryByText('Your browser does not let this site store data.')).toBeNull();
  });

  test('the theme can be chosen without a storage', async () => {
    const getter = vi.spyOn(window, 'localStorage', 'get').mockImplementation(securityError);
    const { user } = await renderApp({ path: '/sign-in' });
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    await user.click(screen.getByRole('radio', { name: 'System' }));
    getter.mockRestore();
  });
});

test('a browser without BroadcastChannel or Web Locks, or that refuses them, gets substitutes', () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  expect(() => openChannel('x').postMessage('y')).not.toThrow();
  vi.stubGlobal('BroadcastChannel', securityError);
  expect(() => openChannel('x').postMessage('y')).not.toThrow();
  vi.stubGlobal('navigator', {
    get locks() {
      return securityError();
    },
  });
  expect(findLocks()).toBeUndefined();
});

test('the page is reloaded once per build, and again after the next deployment', () => {
  const storage = emptyStorage();
  const reload = vi.fn();
  const tryIn = (build: string) => createReloadOnce({ build: () => build, storage: () => storage, reload })();
  expect([tryIn('a'), tryIn('a'), tryIn('b'), tryIn('b')]).toEqual([true, false, true, false]);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('the page is not reloaded while the browser is offline', () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const reload = vi.fn();
  expect(createReloadOnce({ build: () => 'a', storage: emptyStorage, reload })()).toBe(false);
  expect(reload).not.toHaveBeenCalled();
});
