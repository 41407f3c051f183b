import type { EndpointKey } from '@signet/contracts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { type FakeApi, problem } from './fake-api.ts';
import { chooseAction, findDialog, renderApp, toby } from './render-app.tsx';

const refuse = (key: EndpointKey) => (api: FakeApi) => {
  api.feed.addPlayer('Ahad Biabani', 'ahadB', 41);
  const [first] = api.people;
  if (first) api.startSession(first, 'cookie');
  api.respond(key, () => problem('internal'));
};

type User = Awaited<ReturnType<typeof renderApp>>['user'];
type Dialog = Awaited<ReturnType<typeof findDialog>>;
type Change = { at: string; button: string; open: (user: User) => Promise<Dialog> };

/** Where an admin finds the button that makes the app call the endpoint. */
const changes: [EndpointKey, Change][] = [
  [
    'deletePlayer',
    {
      at: '/players',
      button: 'Delete player',
      async open(user) {
        await chooseAction(user, 'ahadB', 'Delete');
        return findDialog('Delete Ahad Biabani?', 'alertdialog');
      },
    },
  ],
  [
    'endOtherSessions',
    {
      at: '/account',
      button: 'Sign out other devices',
      async open(user) {
        const list = await screen.findByRole('list', { name: 'Your devices' });
        await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(2));
        await user.click(screen.getByRole('button', { name: 'Sign out other devices' }));
        return findDialog('Sign out 1 other device?', 'alertdialog');
      },
    },
  ],
  [
    'endUserSessions',
    {
      at: '/users/2',
      button: 'Sign out everywhere',
      async open(user) {
        await user.click(await screen.findByRole('button', { name: 'Sign out everywhere' }));
        return findDialog('Sign out Nicholas Tesla everywhere?', 'alertdialog');
      },
    },
  ],
  [
    'setPassword',
    {
      at: '/users/2',
      button: 'Set password',
      async open(user) {
        await user.click(await screen.findByRole('button', { name: 'Set a password' }));
        const dialog = await findDialog('Set a password');
        await user.type(dialog.getByLabelText('New password'), 'a password of nobody');
        return dialog;
      },
    },
  ],
];

describe('a change that the API refuses', () => {
  test.each(changes)('%s: the dialog says why, and sends it again when asked', async (key, change) => {
    const { api, user } = await renderApp({ path: change.at, signedInAs: toby, prepare: refuse(key) });
    const dialog = await change.open(user);
    await user.click(dialog.getByRole('button', { name: change.button }));
    const alert = within(await dialog.findByRole('alert'));
    alert.getByText('The API failed');
    alert.getByText(/request-1/);
    api.restore(key);
    await user.click(dialog.getByRole('button', { name: change.button }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(api.callsOf(key)).toHaveLength(2);
  });
});

describe('what the API refuses to show', () => {
  test.each([
    ['listSessions', '/account'],
    ['readUser', '/users/2'],
    ['readPost', '/feed/1'],
  ] as const)('%s: %s says why, and asks again when the reader does', async (key, path) => {
    const { api, user } = await renderApp({ path, signedInAs: toby, prepare: refuse(key) });
    const button = await screen.findByRole('button', { name: 'Try again' });
    within(screen.getByRole('alert')).getByText('The API failed');
    api.restore(key);
    const before = api.callsOf(key).length;
    await user.click(button);
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(api.callsOf(key)).toHaveLength(before + 1);
  });

  test('of a busy API the page says when it asks again by itself, and not that the reader has to', async () => {
    const busy = () => {
      const { status, body } = problem('overloaded');
      return new Response(body, { status, headers: { 'retry-after': '60' } });
    };
    const prepare = (api: FakeApi) => api.respond('listPlayers', busy);
    await renderApp({ path: '/players', signedInAs: toby, prepare });
    const alert = within(await screen.findByRole('alert'));
    alert.getByText('The API is busy');
    alert.getByText(/^Trying again in \d\d seconds\.$/);
    expect(alert.getByRole<HTMLButtonElement>('button', { name: 'Try again' }).disabled).toBe(true);
  });

  test('users whose number is unknown are listed without it', async () => {
    const prepare = refuse('countUsers');
    const { api } = await renderApp({ path: '/users', signedInAs: toby, prepare });
    await screen.findByText('Nicholas Tesla');
    await waitFor(() => expect(api.callsOf('countUsers')).not.toEqual([]));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('a token cannot be verified with keys that the API does not show, and the page says why', async () => {
    const prepare = refuse('readKeys');
    const { user } = await renderApp({ path: '/inspector', prepare });
    const field = await screen.findByRole('textbox', { name: 'A token, or text with a token in it' });
    await user.click(field);
    const parts = [{ alg: 'ES256', kid: 'key-1' }, { sub: '1' }].map((part) => btoa(JSON.stringify(part)));
    await user.paste(`${parts.join('.')}.c2lnbmF0dXJl`.replaceAll('=', ''));
    await user.click(await screen.findByRole('button', { name: 'Verify here' }));
    await user.click(await screen.findByRole('button', { name: 'Fetch the public keys and verify' }));
    within(await screen.findByRole('alert')).getByText('The API failed');
  });
});
