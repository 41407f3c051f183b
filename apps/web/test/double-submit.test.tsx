import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { findDialog, niko, renderApp, toby } from './render-app.tsx';

type App = Awaited<ReturnType<typeof renderApp>>;
type Case = {
  name: string;
  path: string;
  signedInAs?: typeof toby | typeof niko;
  call: Parameters<App['api']['callsOf']>[0];
  isForm?: true;
  open: (app: App) => Promise<HTMLElement>;
};

const password = 'a long pass phrase';
const button = (name: string | RegExp) => screen.findByRole('button', { name });

/** Every form and dialog that changes something, filled in; `open` returns the button that sends it. */
const cases: Case[] = [
  {
    name: 'the sign-in form',
    isForm: true,
    path: '/sign-in',
    call: 'createToken',
    async open({ user }) {
      await user.type(await screen.findByLabelText('User ID'), 'toby');
      await user.type(screen.getByLabelText('Password'), '123toby');
      return button('Sign in with a bearer token');
    },
  },
  {
    name: 'the sign-up form',
    isForm: true,
    path: '/sign-up',
    call: 'signUp',
    async open({ user }) {
      await user.type(await screen.findByLabelText('Name'), 'Ada Lovelace');
      await user.type(screen.getByLabelText('User ID'), 'ada');
      await user.type(screen.getByLabelText('Password'), password);
      return button('Create account and sign in');
    },
  },
  {
    name: 'a new post',
    isForm: true,
    path: '/feed',
    signedInAs: toby,
    call: 'createPost',
    async open({ user }) {
      await user.click(await button('Write a post…'));
      await user.type(await screen.findByLabelText('Note'), 'Once');
      return button('Post');
    },
  },
  {
    name: 'an edited post',
    isForm: true,
    path: '/feed',
    signedInAs: toby,
    call: 'updatePost',
    async open({ user }) {
      await user.click((await screen.findAllByRole('button', { name: /^Edit the post/ }))[0] as HTMLElement);
      return button('Save changes');
    },
  },
  {
    name: 'a new player',
    isForm: true,
    path: '/players',
    signedInAs: toby,
    call: 'createPlayer',
    async open({ user }) {
      await user.click(await button('New player'));
      const dialog = await findDialog('New player');
      await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
      await user.type(dialog.getByLabelText('User ID'), 'ada');
      await user.type(dialog.getByLabelText('Password'), password);
      return dialog.getByRole('button', { name: 'Create player' });
    },
  },
  {
    name: 'a new user',
    isForm: true,
    path: '/users',
    signedInAs: toby,
    call: 'createUser',
    async open({ user }) {
      await user.click(await button('New user'));
      const dialog = await findDialog('New user');
      await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
      await user.type(dialog.getByLabelText('User ID'), 'ada');
      await user.type(dialog.getByLabelText('Password'), password);
      return dialog.getByRole('button', { name: 'Create user' });
    },
  },
  {
    name: 'the profile',
    isForm: true,
    path: '/account',
    signedInAs: niko,
    call: 'updateUser',
    async open({ user }) {
      await user.type(await screen.findByLabelText('Name'), ' II');
      return button('Save profile');
    },
  },
  {
    name: 'the password',
    isForm: true,
    path: '/account',
    signedInAs: niko,
    call: 'changePassword',
    async open({ user }) {
      await user.type(await screen.findByLabelText('Current password'), '123niko');
      await user.type(screen.getByLabelText('New password'), password);
      return button('Change password');
    },
  },
  {
    name: 'the deletion of the account',
    path: '/account',
    signedInAs: niko,
    call: 'deleteUser',
    async open({ user }) {
      await user.click(await button('Delete my account…'));
      const dialog = await findDialog('Delete your account?', 'alertdialog');
      await user.type(dialog.getByLabelText('Type niko to confirm'), 'niko');
      await user.type(dialog.getByLabelText('Your password'), '123niko');
      return dialog.getByRole('button', { name: 'Delete my account' });
    },
  },
  {
    name: 'the refresh of the token',
    path: '/',
    signedInAs: toby,
    call: 'refreshSession',
    open: () => button('Refresh the token'),
  },
  {
    name: 'the sign-out',
    path: '/',
    signedInAs: toby,
    call: 'endCurrentSession',
    async open({ user }) {
      const sidebar = await screen.findByRole('complementary', { name: 'Sidebar' });
      await user.click(await within(sidebar).findByRole('button', { name: /^Your account and settings/ }));
      return within(sidebar).findByRole('button', { name: 'Sign out' });
    },
  },
];

function render({ path, signedInAs }: Case) {
  return renderApp({
    path,
    ...(signedInAs && { signedInAs }),
    prepare: ({ feed, people }) => people.slice(0, 1).map((author) => feed.addPost(author, 'A note')),
  });
}

describe.each(cases)('$name', (each) => {
  test('two clicks in one task send one request', async () => {
    const app = await render(each);
    const send = await each.open(app);
    send.click();
    send.click();
    await expect.poll(() => app.api.callsOf(each.call).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.api.callsOf(each.call)).toHaveLength(1);
  });
});

describe.each(cases.filter(({ isForm }) => isForm))('the form of $name', (each) => {
  test('Enter twice in one task sends one request', async () => {
    const app = await render(each);
    const form = (await each.open(app)).closest('form');
    if (!form) throw new Error('no form');
    fireEvent.submit(form);
    fireEvent.submit(form);
    await expect.poll(() => app.api.callsOf(each.call).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.api.callsOf(each.call)).toHaveLength(1);
  });
});

test('two devices can be signed out at the same time', async () => {
  const { api, user } = await renderApp({
    path: '/account',
    signedInAs: niko,
    prepare: (api) => {
      const person = api.people.find(({ uid }) => uid === 'niko');
      if (!person) throw new Error('niko is missing');
      for (const agent of ['Firefox/140.0', 'Chrome/141.0'])
        Object.assign(api.startSession(person, 'bearer'), { user_agent: agent });
      api.delay('endSession', new Promise(() => undefined));
    },
  });
  const buttons = await screen.findAllByRole('button', { name: /^Sign out .+, signed in/ });
  for (const each of buttons) await user.click(each);
  expect(api.callsOf('endSession')).toHaveLength(2);
});
