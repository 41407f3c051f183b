import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { type FakeApi, problem } from './fake-api.ts';
import { findDialog, niko, renderApp, toby } from './render-app.tsx';

function signInElsewhere(api: FakeApi, count = 1) {
  const [first] = api.people;
  for (let device = 0; device < count; device += 1) if (first) api.startSession(first, 'cookie');
}

async function findDevices(count: number) {
  const list = await screen.findByRole('list', { name: 'Your devices' });
  await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(count));
  return within(list)
    .getAllByRole('listitem')
    .map((item) => within(item));
}

describe('the profile', () => {
  test('saving the profile changes the name on the page and in the navigation', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby });
    const name = await screen.findByLabelText<HTMLInputElement>('Name');
    expect(name.value).toBe('Thomas Edison');
    await user.clear(name);
    await user.type(name, 'Thomas Alva Edison');
    await user.click(screen.getByRole('button', { name: 'Save profile' }));
    expect(await screen.findByText('Profile saved')).toBeTruthy();
    expect(screen.getAllByText('Thomas Alva Edison')).not.toEqual([]);
    expect(api.people[0]?.name).toBe('Thomas Alva Edison');
  });

  test('saving the profile with an emptied date of birth removes it', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby });
    await user.clear(await screen.findByLabelText(/Date of birth/));
    await user.click(screen.getByRole('button', { name: 'Save profile' }));
    await screen.findByText('Profile saved');
    expect(api.people[0]?.dob).toBeNull();
  });

  test('changing the user ID asks for the current password, and only then', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: niko });
    const profile = (await screen.findByRole('heading', { name: 'Profile' })).closest('section');
    const form = within(profile as HTMLElement);
    expect(form.queryByLabelText('Current password')).toBeNull();
    await user.type(form.getByLabelText('User ID'), 'las');
    await user.click(form.getByRole('button', { name: 'Save profile' }));
    expect(await form.findByText('Current password is missing')).toBeTruthy();
    await user.type(form.getByLabelText('Current password'), 'a guess');
    await user.click(form.getByRole('button', { name: 'Save profile' }));
    expect(await form.findByText('This is not your current password')).toBeTruthy();
    expect(api.people[1]?.uid).toBe('niko');
    await user.clear(form.getByLabelText('Current password'));
    await user.type(form.getByLabelText('Current password'), '123niko');
    await user.click(form.getByRole('button', { name: 'Save profile' }));
    expect(await screen.findByText('Profile saved')).toBeTruthy();
    expect(api.people[1]?.uid).toBe('nikolas');
    expect(form.queryByLabelText('Current password')).toBeNull();
  });
});

describe('the password', () => {
  const fillIn = async (
    user: Awaited<ReturnType<typeof renderApp>>['user'],
    current: string,
    next: string,
  ) => {
    await user.type(await screen.findByLabelText('Current password'), current);
    await user.type(screen.getByLabelText('New password'), next);
    await user.click(screen.getByRole('button', { name: 'Change password' }));
  };

  test('changing the password signs out the other devices', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby, prepare: signInElsewhere });
    await findDevices(2);
    await fillIn(user, '123toby', 'a longer password');
    await findDevices(1);
    expect(api.people[0]?.password).toBe('a longer password');
    expect(screen.getByLabelText<HTMLInputElement>('Current password').value).toBe('');
  });

  test('an answer that is lost is said to be lost', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby });
    api.respond('changePassword', () => {
      throw new TypeError('Failed to fetch');
    });
    await fillIn(user, '123toby', 'a longer password');
    expect(await screen.findByText('The answer was lost')).toBeTruthy();
  });

  test('a wrong current password changes nothing and does not sign out', async () => {
    const { user } = await renderApp({ path: '/account', signedInAs: toby });
    await fillIn(user, 'wrong', 'a longer password');
    expect(await screen.findByText('This is not your current password')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1, name: 'Account' })).toBeTruthy();
  });

  test('a new password that the API finds too common is refused beside its field', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby });
    const message = 'This password is too common. Choose another.';
    api.respond('changePassword', () =>
      problem('invalid_request', message, [{ path: 'new_password', message }]),
    );
    await fillIn(user, '123toby', 'password1');
    const field = screen.getByLabelText('New password');
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    const [errorId = ''] = field.getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(screen.getByText(message, { selector: `#${CSS.escape(errorId)}` })).toBeTruthy();
  });

  test('a new password that is too short is refused without a request', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby });
    await fillIn(user, '123toby', 'short');
    expect(await screen.findByText('Use at least 8 characters')).toBeTruthy();
    expect(api.callsOf('changePassword')).toEqual([]);
  });
});

describe('the devices', () => {
  test('the list of devices marks the current one', async () => {
    await renderApp({ path: '/account', signedInAs: toby, prepare: signInElsewhere });
    const devices = await findDevices(2);
    expect(devices.map((device) => device.queryByText('this device') !== null)).toEqual([true, false]);
    expect(devices[1]?.getByText('Firefox on Linux')).toBeTruthy();
  });

  test('sign-ins that look alike are one row, which opens and has a button for each of them', async () => {
    const { api, user } = await renderApp({
      path: '/account',
      signedInAs: toby,
      prepare: (api) => signInElsewhere(api, 3),
    });
    await findDevices(2);
    expect(screen.queryByRole('button', { name: /^Sign out Firefox/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show the 3 sign-ins of Firefox on Linux, cookie' }));
    const signIns = within(screen.getByRole('list', { name: 'Firefox on Linux, 3 sign-ins' }));
    const [first] = signIns.getAllByRole('button', { name: /^Sign out Firefox on Linux, signed in/ });
    await user.click(first ?? document.body);
    await screen.findByText(/^2 sign-ins, last used/);
    expect(api.sessions).toHaveLength(3);
  });

  test('of sign-ins that look alike the row says when one of them was last used', async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    await renderApp({
      path: '/account',
      signedInAs: toby,
      prepare: (api) => {
        signInElsewhere(api, 3);
        for (const [index, hours] of [9, 2, 5].entries())
          Object.assign(api.sessions[index] ?? {}, {
            created_at: hoursAgo(10),
            last_used_at: hoursAgo(hours),
          });
      },
    });
    const line = await screen.findByText(/^3 sign-ins, last used/);
    expect(within(line).getByText('2 hours ago')).toBeTruthy();
  });

  test('the button beside a device signs it out, and the list takes the focus', async () => {
    const { user } = await renderApp({ path: '/account', signedInAs: toby, prepare: signInElsewhere });
    const [, device] = await findDevices(2);
    await user.click(device?.getByRole('button', { name: /^Sign out Firefox/ }) ?? document.body);
    await findDevices(1);
    expect(document.activeElement).toBe(screen.getByRole('list', { name: 'Your devices' }));
  });

  test('the other devices are signed out and the current one stays signed in', async () => {
    const { api, user } = await renderApp({
      path: '/account',
      signedInAs: toby,
      prepare: (api) => signInElsewhere(api, 3),
    });
    await findDevices(2);
    await user.click(screen.getByRole('button', { name: 'Sign out other devices' }));
    const dialog = await findDialog('Sign out 3 other devices?', 'alertdialog');
    // One more signs in before the answer, so the API counts more than the page has seen.
    signInElsewhere(api);
    await user.click(dialog.getByRole('button', { name: 'Sign out other devices' }));
    expect(await screen.findByText('4 other devices signed out')).toBeTruthy();
    const [left] = await findDevices(1);
    expect(left?.getByText('this device')).toBeTruthy();
    expect(api.sessions).toHaveLength(1);
  });

  test('all devices are signed out, the current one included', async () => {
    const { api, user } = await renderApp({ path: '/account', signedInAs: toby, prepare: signInElsewhere });
    await findDevices(2);
    await user.click(screen.getByRole('button', { name: 'Sign out all devices' }));
    const dialog = await findDialog('Sign out all devices?', 'alertdialog');
    await user.click(dialog.getByRole('button', { name: 'Sign out all devices' }));
    expect(await screen.findByText('You are signed out everywhere')).toBeTruthy();
    expect(api.sessions).toEqual([]);
  });
});

test('while the API cannot be reached the page keeps its forms, and what was typed into them', async () => {
  const { api, user } = await renderApp({ path: '/account', signedInAs: niko });
  await user.type(await screen.findByLabelText('Name'), ' Jr');
  await screen.findByText('this device');
  api.state.isReachable = false;
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    // A minute later the answers are old, and the reader comes back to the window.
    vi.setSystemTime(Date.now() + 60_000);
    act(() => void window.dispatchEvent(new Event('visibilitychange')));
    await screen.findByText('The API cannot be reached');
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Nicholas Tesla Jr');
    expect(screen.getByText('this device')).toBeTruthy();
    expect(screen.queryByText('Not loaded')).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('deleting the account asks for the user ID and the password, then leads to the sign-in page', async () => {
  const { api, user } = await renderApp({ path: '/account', signedInAs: niko });
  await user.click(await screen.findByRole('button', { name: 'Delete my account…' }));
  const dialog = await findDialog('Delete your account?', 'alertdialog');
  const confirm = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete my account' });
  await user.type(dialog.getByLabelText('Type niko to confirm'), 'niko');
  expect(confirm.disabled).toBe(true);
  await user.type(dialog.getByLabelText('Your password'), 'a guess');
  await user.click(confirm);
  expect(await dialog.findByText('This is not your current password')).toBeTruthy();
  expect(api.people).toHaveLength(2);
  await user.clear(dialog.getByLabelText('Your password'));
  await user.type(dialog.getByLabelText('Your password'), '123niko{Enter}');
  expect(await screen.findByText('Your account was deleted')).toBeTruthy();
  expect(api.people.map(({ uid }) => uid)).toEqual(['toby']);
  expect(localStorage.getItem('jwt-token')).toBeNull();
});

test('the address /account/devices leads to the devices, and keeps the focus on their heading', async () => {
  await renderApp({ path: '/account/devices', signedInAs: toby });
  const heading = await screen.findByRole('heading', { level: 2, name: 'Devices' });
  await waitFor(() => expect(document.activeElement).toBe(heading));
});
