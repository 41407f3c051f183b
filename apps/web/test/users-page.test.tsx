import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { auditEvent, type FakeApi, problem } from './fake-api.ts';
import { chooseAction, findDialog, niko, renderApp, toby } from './render-app.tsx';

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
  const isUid = (_: string, element: Element | null) =>
    element?.matches('td p') === true && element.textContent === uid;
  const row = (await screen.findByText(isUid)).closest('tr');
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
    // The first row of the second page: the focus stays where the reader was.
    await waitFor(() => expect(document.activeElement?.textContent).toContain('person.23'));
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

  test('a word inside a name is found by its beginning, and marked', async () => {
    await renderApp({ path: '/users?q=edi', signedInAs: toby });
    await rowOf('toby');
    expect(screen.queryByText('niko', { selector: 'td p' })).toBeNull();
    expect(screen.getByText('Edi', { selector: 'mark' })).toBeTruthy();
  });

  test('role and order are in the address, and the number of users is said', async () => {
    const { user } = await renderApp({
      path: '/users',
      signedInAs: toby,
      prepare: (api) => addPeople(api, 3),
    });
    expect(await screen.findByText('5 users')).toBeTruthy();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Order' }), 'newest');
    await waitFor(() => expect(screen.getAllByRole('row')[1]?.textContent).toContain('person.2'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Role' }), 'admin');
    expect(await screen.findByText('1 user')).toBeTruthy();
    expect(window.location.search).toBe('?sort=newest&role=admin');
  });

  test('a search is sorted by what matched, so no order can be chosen', async () => {
    const { api } = await renderApp({ path: '/users?q=nik&sort=name', signedInAs: toby });
    await rowOf('niko');
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Order' }).disabled).toBe(true);
    expect(api.callsOf('listUsers')[0]?.query.get('sort')).toBeNull();
  });

  test('the slash key moves the focus to the search, except while the reader is typing', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await rowOf('toby');
    const field = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search users' });
    await user.keyboard('/');
    expect(document.activeElement).toBe(field);
    await user.keyboard('/');
    expect(field.value).toBe('/');
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

describe('a next page that the API refuses', () => {
  const renderManyUsers = () =>
    renderApp({ path: '/users', signedInAs: toby, prepare: (api) => addPeople(api, 30) });
  const refuseNextPage = (api: FakeApi) => api.respond('listUsers', () => problem('internal'));

  test('the reason is said below the list, where the reader is, and Try again goes on with the list', async () => {
    const { api, user } = await renderManyUsers();
    const button = await screen.findByRole('button', { name: 'Load more users' });
    refuseNextPage(api);
    await user.click(button);
    const alert = await screen.findByRole('alert');
    const following = screen.getByRole('table').compareDocumentPosition(alert);
    expect(following & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    const retry = within(alert).getByRole('button', { name: 'Try again' });
    await waitFor(() => expect(document.activeElement).toBe(retry));
    api.restore('listUsers');
    await user.click(retry);
    await rowOf('person.29');
    await waitFor(() => expect(document.activeElement?.textContent).toContain('person.23'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('the end of the list in view does not ask again and again', async () => {
    const seen: (() => void)[] = [];
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(onChange: (entries: { isIntersecting: boolean }[]) => void) {
          seen.push(() => void onChange([{ isIntersecting: true }]));
        }
        observe() {}
        disconnect() {}
      },
    );
    const { api } = await renderManyUsers();
    await screen.findByRole('button', { name: 'Load more users' });
    refuseNextPage(api);
    act(() => seen.at(-1)?.());
    await screen.findByRole('alert');
    const observed = seen.length;
    await screen.findByRole('button', { name: 'Try again' });
    expect(seen).toHaveLength(observed);
    // The first page, the second, and the one retry that every query makes.
    expect(api.callsOf('listUsers')).toHaveLength(3);
  });
});

describe('a user', () => {
  test('a user has actions for their own row only, and no column of birth dates', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: niko });
    const [own, other] = [await rowOf('niko'), await rowOf('toby')];
    await user.click(await own.findByRole('button', { name: 'Actions for niko' }));
    expect((await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent)).toEqual([
      'Edit',
      'Delete',
    ]);
    expect(other.queryByRole('button')).toBeNull();
    expect(screen.queryByRole('columnheader', { name: 'Date of birth' })).toBeNull();
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
    await chooseAction(user, 'niko', 'Delete');
    const dialog = await findDialog('Delete Nicholas Tesla?', 'alertdialog');
    await user.type(dialog.getByLabelText('Type niko to confirm'), 'niko');
    await user.click(dialog.getByRole('button', { name: 'Delete user' }));
    await waitFor(() => expect(screen.queryByText('niko', { selector: 'td p' })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });
});

describe('the addresses of dialogs', () => {
  test('the form for a new user, opened by its address, is a page that leads to the list', async () => {
    const { user } = await renderApp({ path: '/users/new', signedInAs: toby });
    await screen.findByRole('heading', { level: 1, name: 'New user' });
    expect(await screen.findByLabelText('Role')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('link', { name: 'All users' }));
    await rowOf('toby');
    expect(window.location.pathname).toBe('/users');
    expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1, name: 'Users' }));
  });

  test('a user who is created on the page of the form leads to the list, and Back does not return to the form', async () => {
    const { user, api } = await renderApp({ path: '/users/new', signedInAs: toby });
    await user.type(await screen.findByLabelText('Name'), 'Ada Lovelace');
    await user.type(screen.getByLabelText('User ID'), 'ada');
    await user.type(screen.getByLabelText('Password'), 'gravel-otter-17');
    await user.selectOptions(screen.getByLabelText('Role'), 'admin');
    await user.click(screen.getByRole('button', { name: 'Create user' }));
    await rowOf('ada');
    expect(window.location.pathname).toBe('/users');
    expect(api.callsOf('createUser')[0]?.body).toMatchObject({ uid: 'ada', role: 'admin', dob: null });
  });

  test('the form for a user, opened by its address, has the values of the user', async () => {
    const { user, api } = await renderApp({ path: '/users/2/edit', signedInAs: toby });
    const name = await screen.findByLabelText<HTMLInputElement>('Name');
    expect(name.value).toBe('Nicholas Tesla');
    await user.clear(name);
    await user.type(name, 'Nikola Tesla{Enter}');
    await screen.findByText('Nikola Tesla');
    expect(api.people[1]?.name).toBe('Nikola Tesla');
  });

  test('the form for a user opens by its address, and Back closes it', async () => {
    const { user } = await renderApp({ path: '/users?role=user', signedInAs: toby });
    await chooseAction(user, 'niko', 'Edit');
    await findDialog('Edit user');
    expect(window.location.pathname + window.location.search).toBe('/users/2/edit?role=user');
    act(() => window.history.back());
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(window.location.pathname + window.location.search).toBe('/users?role=user');
  });

  test.each(['/users/77/edit', '/users/nobody/edit'])(
    'the form at the address %s, which no user has, says so',
    async (path) => {
      await renderApp({ path, signedInAs: toby });
      await screen.findByRole('heading', { level: 1, name: 'Edit user' });
      expect(await screen.findByText('No such user')).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    },
  );
});

describe('the page of a user', () => {
  test("shows an admin the user's sessions, last sign-in and events", async () => {
    const { api } = await renderApp({
      path: '/users/2',
      signedInAs: toby,
      prepare: (api) => {
        const [, second] = api.people;
        if (second) api.startSession(second, 'cookie');
        api.auditEvents.push(auditEvent({ id: 7, user_id: 2 }), auditEvent({ id: 6, user_id: 1 }));
      },
    });
    expect(await screen.findByRole('heading', { level: 1, name: 'Nicholas Tesla' })).toBeTruthy();
    const sessions = await screen.findByText('Open sessions');
    await waitFor(() => expect(sessions.nextElementSibling?.textContent).toBe('1'));
    const events = await screen.findByRole('list', { name: 'Audit events' });
    expect(within(events).getAllByRole('listitem')).toHaveLength(1);
    expect(api.callsOf('listAuditEvents')[0]?.query.get('user')).toBe('2');
  });

  test.each(['/users/77', '/users/nobody'])('the address %s, which no user has, says so', async (path) => {
    await renderApp({ path, signedInAs: toby });
    expect(await screen.findByText('No such user')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('says that it is not complete if the API does not say who is signed in', async () => {
    const { api, user } = await renderApp({
      path: '/users/2',
      signedInAs: toby,
      prepare: (api) => api.respond('readMe', () => problem('internal')),
    });
    const retry = await screen.findByRole('button', { name: 'Try again' });
    api.restore('readMe');
    await user.click(retry);
    expect(await screen.findByText('Open sessions')).toBeTruthy();
  });

  test('shows another user neither sessions nor actions, and asks the API for none', async () => {
    const { api } = await renderApp({ path: '/users/1', signedInAs: niko });
    await screen.findByRole('heading', { level: 1, name: 'Thomas Edison' });
    expect(screen.queryByText('Open sessions')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    expect([...api.callsOf('readUserActivity'), ...api.callsOf('listAuditEvents')]).toEqual([]);
  });

  test('an admin sets a password, which ends the sessions of the user', async () => {
    const { api, user } = await renderApp({
      path: '/users/2',
      signedInAs: toby,
      prepare: (api) => {
        const [, second] = api.people;
        if (second) api.startSession(second, 'cookie');
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Set a password' }));
    const dialog = await findDialog('Set a password');
    await user.type(dialog.getByLabelText('New password'), 'short');
    await user.click(dialog.getByRole('button', { name: 'Set password' }));
    expect(await dialog.findByText('Use at least 8 characters')).toBeTruthy();
    await user.type(dialog.getByLabelText('New password'), ' no longer');
    await user.click(dialog.getByRole('button', { name: 'Set password' }));
    expect(await screen.findByText('Password of niko set')).toBeTruthy();
    expect(api.people[1]?.password).toBe('short no longer');
    const sessions = await screen.findByText('Open sessions');
    await waitFor(() => expect(sessions.nextElementSibling?.textContent).toBe('0'));
  });

  test('an admin ends all sessions of the user', async () => {
    const { api, user } = await renderApp({
      path: '/users/2',
      signedInAs: toby,
      prepare: (api) => {
        const [, second] = api.people;
        if (second) api.startSession(second, 'bearer');
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Sign out everywhere' }));
    const dialog = await findDialog('Sign out Nicholas Tesla everywhere?', 'alertdialog');
    await user.click(dialog.getByRole('button', { name: 'Sign out everywhere' }));
    expect(await screen.findByText('niko signed out everywhere')).toBeTruthy();
    expect(api.sessions.filter(({ userId }) => userId === 2)).toEqual([]);
  });

  test('deleting the user leads to the list', async () => {
    const { user } = await renderApp({ path: '/users/2', signedInAs: toby });
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    const dialog = await findDialog('Delete Nicholas Tesla?', 'alertdialog');
    expect(await dialog.findByText(/niko and 0 posts, and signs them out on 0 devices/)).toBeTruthy();
    await user.type(dialog.getByLabelText('Type niko to confirm'), 'niko');
    await user.click(dialog.getByRole('button', { name: 'Delete user' }));
    await screen.findByRole('heading', { level: 1, name: 'Users' });
    expect(window.location.pathname).toBe('/users');
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
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await screen.findByText('grace created')).toBeTruthy();
  });

  test('an admin edits a user', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await chooseAction(user, 'niko', 'Edit');
    const dialog = await findDialog('Edit user');
    await user.clear(dialog.getByLabelText('Name'));
    await user.type(dialog.getByLabelText('Name'), 'Nikola Tesla');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    expect(await (await rowOf('niko')).findByText('Nikola Tesla')).toBeTruthy();
  });

  test('a user ID that is in use is refused once, beside its field, in the form of a user', async () => {
    const { user } = await renderApp({ path: '/users', signedInAs: toby });
    await chooseAction(user, 'niko', 'Edit');
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
    await chooseAction(user, 'niko', 'Delete');
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
    await chooseAction(user, 'toby', 'Delete');
    const dialog = await findDialog('Delete your account?', 'alertdialog');
    expect(await dialog.findByText('Make another user an admin first.')).toBeTruthy();
    await user.type(dialog.getByLabelText('Type toby to confirm'), 'toby');
    await user.type(dialog.getByLabelText('Your password'), '123toby');
    expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete my account' }).disabled).toBe(true);
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    await rowOf('toby');
  });
});
