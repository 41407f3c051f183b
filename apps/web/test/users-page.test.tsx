import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { FakeApi } from './fake-api.ts';
import { findDialog, niko, renderApp, toby } from './render-app.tsx';

function addPeople(api: FakeApi, count: number) {
  for (let index = 0; index < count; index += 1) {
    const [first] = api.people;
    if (first)
      api.people.push({
        ...first,
        id: 100 + index,
        name: `Person ${index}`,
        uid: `person.${index}`,
        role: 'user',
      });
  }
}

const rowOf = async (uid: string) => {
  const row = (await screen.findByText(uid, { selector: 'td p' })).closest('tr');
  if (!row) throw new Error(`${uid} is in no row`);
  return within(row);
};

/** Types, then pauses, with fake timers, so that the debounce does not depend on the speed of the machine. */
function type(field: HTMLElement, texts: readonly string[]) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    for (const value of texts) {
      fireEvent.change(field, { target: { value } });
      act(() => vi.advanceTimersByTime(200));
    }
    act(() => vi.advanceTimersByTime(300));
  } finally {
    vi.useRealTimers();
  }
}

describe('the list', () => {
  test('the list of users loads one page at a time', async () => {
    const { user } = await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: (api) => addPeople(api, 30),
    });
    await rowOf('person.22');
    expect(screen.queryByText('person.23')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Load more users' }));
    await rowOf('person.29');
    expect(screen.queryByRole('button', { name: 'Load more users' })).toBeNull();
  });

  test('the search starts once the typing pauses, and is in the address', async () => {
    const { api } = await renderApp({ path: '/users', signedInAs: toby });
    await rowOf('toby');
    type(screen.getByRole('searchbox', { name: 'Search users' }), ['n', 'ni', 'nik']);
    await waitFor(() => expect(screen.queryByText('toby', { selector: 'td p' })).toBeNull());
    await rowOf('niko');
    expect(window.location.search).toBe('?q=nik');
    expect(api.callsOf('listUsers').map(({ query }) => query.get('q'))).toEqual([null, 'nik']);
  });

  test('a search without a result offers all users again', async () => {
    const { user } = await renderApp({ path: '/users?q=nobody', signedInAs: toby });
    expect(await screen.findByText('No users found')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all users' }));
    await rowOf('toby');
  });

  test('a list of users that cannot be loaded can be tried again', async () => {
    const { api, user } = await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: (api) => api.respond('listUsers', () => new Response('<h1>Bad gateway</h1>', { status: 502 })),
    });
    const alert = await screen.findByRole('alert');
    api.restore('listUsers');
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    await rowOf('toby');
  });
});

describe('a user', () => {
  test('a user can edit their own account only, and sees no birth date of others', async () => {
    await renderApp({ path: '/users', signedInAs: niko });
    const [own, other] = [await rowOf('niko'), await rowOf('toby')];
    expect(await own.findByRole('button', { name: 'Edit niko' })).toBeTruthy();
    expect(own.getByRole('button', { name: 'Delete niko' })).toBeTruthy();
    expect(own.getByText('Jul 10, 1856')).toBeTruthy();
    expect(other.queryByRole('button')).toBeNull();
    expect(other.getByText('hidden')).toBeTruthy();
  });

  test('a user who creates a user cannot choose a role', async () => {
    const { api, user } = await renderApp({ path: '/users', signedInAs: niko });
    await rowOf('niko');
    await user.click(screen.getByRole('button', { name: 'New user' }));
    const dialog = await findDialog('New user');
    expect(dialog.queryByLabelText('Role')).toBeNull();
    await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
    await user.type(dialog.getByLabelText('User ID'), 'ada');
    await user.type(dialog.getByLabelText('Password'), 'analytical engine');
    await user.click(dialog.getByRole('button', { name: 'Create user' }));
    await rowOf('ada');
    expect(api.callsOf('createUser')[0]?.body).not.toHaveProperty('role');
  });
});

describe('the focus', () => {
  test('a dialog takes the focus and returns it to the button that opened it', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await rowOf('toby');
    const button = screen.getByRole('button', { name: 'New user' });
    await user.click(button);
    const dialog = await findDialog('New user');
    await waitFor(() => expect(document.activeElement).toBe(dialog.getByLabelText('Name')));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  test('the page takes the focus if the button disappeared with its row', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await user.click(await (await rowOf('niko')).findByRole('button', { name: 'Delete niko' }));
    const dialog = await findDialog('Delete Nicholas Tesla?', 'alertdialog');
    await user.type(dialog.getByLabelText('Type niko to confirm'), 'niko');
    await user.click(dialog.getByRole('button', { name: 'Delete user' }));
    await waitFor(() => expect(screen.queryByText('niko', { selector: 'td p' })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });
});

describe('an admin', () => {
  test('an admin creates an admin', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await rowOf('toby');
    await user.click(screen.getByRole('button', { name: 'New user' }));
    const dialog = await findDialog('New user');
    await user.type(dialog.getByLabelText('Name'), 'Grace Hopper');
    await user.type(dialog.getByLabelText('User ID'), 'grace');
    await user.selectOptions(dialog.getByLabelText('Role'), 'admin');
    await user.type(dialog.getByLabelText('Password'), 'nanoseconds');
    await user.click(dialog.getByRole('button', { name: 'Create user' }));
    const row = await rowOf('grace');
    expect(row.getByText('admin')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(await screen.findByText('grace created')).toBeTruthy();
  });

  test('an admin edits a user', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await user.click(await (await rowOf('niko')).findByRole('button', { name: 'Edit niko' }));
    const dialog = await findDialog('Edit user');
    await user.clear(dialog.getByLabelText('Name'));
    await user.type(dialog.getByLabelText('Name'), 'Nikola Tesla');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    expect(await (await rowOf('niko')).findByText('Nikola Tesla')).toBeTruthy();
  });

  test('a user ID that is in use is refused once, beside its field, in the form of a user', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await user.click(await (await rowOf('niko')).findByRole('button', { name: 'Edit niko' }));
    const dialog = await findDialog('Edit user');
    await user.clear(dialog.getByLabelText('User ID'));
    await user.type(dialog.getByLabelText('User ID'), 'toby');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(dialog.getByLabelText('User ID').getAttribute('aria-invalid')).toBe('true'));
    expect(dialog.getByText('This user ID is already in use')).toBeTruthy();
    expect(dialog.queryByRole('alert')).toBeNull();
  });

  test('deleting a user asks for the user ID first', async () => {
    const { api, user } = await renderApp({ path: '/users', signedInAs: toby });
    await user.click(await (await rowOf('niko')).findByRole('button', { name: 'Delete niko' }));
    const dialog = await findDialog('Delete Nicholas Tesla?', 'alertdialog');
    const confirm = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete user' });
    await user.type(dialog.getByLabelText('Type niko to confirm'), 'nik');
    expect(confirm.disabled).toBe(true);
    await user.type(dialog.getByLabelText('Type niko to confirm'), 'o');
    await user.click(confirm);
    await waitFor(() => expect(screen.queryByText('niko', { selector: 'td p' })).toBeNull());
    expect(api.people.map(({ uid }) => uid)).toEqual(['toby']);
  });

  test('the only admin cannot delete their account, and sees what to do first', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await user.click(await (await rowOf('toby')).findByRole('button', { name: 'Delete toby' }));
    const dialog = await findDialog('Delete your account?', 'alertdialog');
    await user.type(dialog.getByLabelText('Type toby to confirm'), 'toby');
    await user.type(dialog.getByLabelText('Your password'), '123toby');
    await user.click(dialog.getByRole('button', { name: 'Delete my account' }));
    expect(await dialog.findByText('Make another user an admin first.')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await rowOf('toby');
  });
});
