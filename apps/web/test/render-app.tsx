import type { Carrier } from '@signet/contracts';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect } from 'vitest';
import { App } from '../src/app.tsx';
import { createKeptStorage } from '../src/browser/storage.ts';
import { beginFirstQueries } from '../src/first-queries.ts';
import { pageNameAt } from '../src/page-modules.ts';
import { createAuthClient } from '../src/session/auth-client.ts';
import { createQueryClient } from '../src/session/query-client.ts';
import { apiUrl, createFakeApi } from './fake-api.ts';
import { createFakeLocks } from './fake-browser.ts';

type RenderOptions = {
  path: string;
  signedInAs?: { uid: string; carrier: Carrier };
  prepare?: (api: ReturnType<typeof createFakeApi>) => void;
};

/** The whole app, composed as in `main.tsx` but with a fake API, and opened at `path`. */
export async function renderApp({ path, signedInAs, prepare }: RenderOptions) {
  const api = createFakeApi();
  prepare?.(api);
  const auth = createAuthClient({
    apiUrl,
    fetch: api.fetch,
    storage: createKeptStorage(() => localStorage),
    tabStorage: createKeptStorage(() => sessionStorage),
    locks: createFakeLocks(),
    channel: { postMessage: () => undefined, addEventListener: () => undefined },
    window,
    now: Date.now,
  });
  if (signedInAs)
    await auth.signIn(signedInAs.carrier, { uid: signedInAs.uid, password: `123${signedInAs.uid}` });
  window.history.replaceState(null, '', path);
  const queryClient = createQueryClient(auth);
  if (signedInAs) beginFirstQueries(pageNameAt(window.location.pathname, true), auth, queryClient);
  render(<App auth={auth} queryClient={queryClient} />);
  return { api, auth, user: userEvent.setup({ delay: null }) };
}

export const toby = { uid: 'toby', carrier: 'bearer' } as const;
export const niko = { uid: 'niko', carrier: 'bearer' } as const;

/**
 * The content of a dialog, once that accepts clicks: Radix disables the page's pointer
 * events before it enables the dialog's.
 */
export async function findDialog(name: string, role: 'dialog' | 'alertdialog' = 'dialog') {
  const dialog = await screen.findByRole(role, { name });
  await waitFor(() => expect(dialog.style.pointerEvents).toBe('auto'));
  return within(dialog);
}

/** Chooses an action from the menu of a row: `chooseAction(user, 'niko', 'Edit')`. */
export async function chooseAction(user: ReturnType<typeof userEvent.setup>, uid: string, action: string) {
  await user.click(await screen.findByRole('button', { name: `Actions for ${uid}` }));
  await user.click(await screen.findByRole('menuitem', { name: action }));
}

/** The overview of a signed-in user, once it says who that is. */
export async function findOverviewOf(name: string) {
  await screen.findByRole('heading', { level: 1, name: 'Your session' });
  return within(screen.getByRole('main')).findByText(name, { selector: 'p *' });
}

/** Signs out by the menu at the foot of the sidebar. */
export async function signOut(user: ReturnType<typeof userEvent.setup>) {
  const sidebar = within(screen.getByRole('complementary', { name: 'Sidebar' }));
  await user.click(await sidebar.findByRole('button', { name: /^Your account and settings/ }));
  await user.click(sidebar.getByRole('button', { name: 'Sign out' }));
}
