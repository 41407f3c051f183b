import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { findOverviewOf, renderApp } from './render-app.tsx';

async function renderSignUp(search = '', prepare?: Parameters<typeof renderApp>[0]['prepare']) {
  const app = await renderApp({ path: `/sign-up${search}`, ...(prepare && { prepare }) });
  await screen.findByRole('heading', { level: 1, name: 'Create an account' });
  const fillIn = async ({ name = 'Ada Lovelace', uid = 'ada', password = 'analytical engine' } = {}) => {
    await app.user.type(screen.getByLabelText('Name'), name);
    await app.user.type(screen.getByLabelText('User ID'), uid);
    await app.user.type(screen.getByLabelText('Password'), password);
    await app.user.click(screen.getByRole('button', { name: 'Create account and sign in' }));
  };
  return { ...app, fillIn };
}

test.each([
  ['bearer', ''],
  ['cookie', '?flow=cookie'],
])('a new account is signed in by the chosen flow (%s)', async (carrier, search) => {
  const { api, fillIn } = await renderSignUp(search);
  await fillIn();
  expect(await findOverviewOf('Ada Lovelace')).toBeTruthy();
  expect(api.sessions.map((session) => session.carrier)).toEqual([carrier]);
});

test('a date of birth that was left empty is sent as null', async () => {
  const { api, fillIn } = await renderSignUp();
  await fillIn();
  await findOverviewOf('Ada Lovelace');
  expect(api.callsOf('signUp')[0]?.body).toEqual({
    name: 'Ada Lovelace',
    uid: 'ada',
    password: 'analytical engine',
    dob: null,
  });
});

test('the sign-up form names its fields for password managers', async () => {
  await renderSignUp();
  expect(screen.getByLabelText('User ID').getAttribute('autocomplete')).toBe('username');
  expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('new-password');
});

describe('the sign-up form', () => {
  test.each([
    ['a short name', { name: 'A' }, 'Enter at least 2 characters'],
    ['a user ID with a space', { uid: 'a b' }, 'Use letters, digits, and _ . - @ only'],
    ['a user ID in two scripts', { uid: 't\u043eby' }, 'User ID has letters of more than one script'],
    [
      'a name with an invisible character',
      { name: 'Ada\u200b Lovelace' },
      'Name has an invisible character, or one that changes the direction of the text',
    ],
    ['a short password', { password: 'short' }, 'Use at least 8 characters'],
  ])('%s is refused beside its field, without a request', async (_, details, message) => {
    const { api, fillIn } = await renderSignUp();
    await fillIn(details);
    expect(await screen.findByText(message)).toBeTruthy();
    expect(api.calls).toEqual([]);
  });

  test('a user ID that is in use is refused beside its field', async () => {
    const { fillIn } = await renderSignUp();
    await fillIn({ uid: 'toby' });
    const uid = screen.getByLabelText('User ID');
    expect(await screen.findAllByText('This user ID is already in use')).not.toEqual([]);
    expect(uid.getAttribute('aria-invalid')).toBe('true');
  });
});

test('a closed sign-up is refused with what to do about it', async () => {
  const { fillIn } = await renderSignUp('', (api) =>
    api.respond('signUp', () => problem('forbidden', 'Sign-up is closed')),
  );
  await fillIn();
  expect(await screen.findByText('Sign-up is closed')).toBeTruthy();
  expect(screen.getByText('Ask an admin, or sign in as the owner.')).toBeTruthy();
});
