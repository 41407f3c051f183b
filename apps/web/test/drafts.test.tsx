import { endpoints } from '@signet/contracts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { type FakeApi, problem } from './fake-api.ts';
import { findDialog, renderApp, toby } from './render-app.tsx';

type App = Awaited<ReturnType<typeof renderApp>>;

const restored = 'Your unsent draft is back.';

/** The API has ended the session: the next request leads to the sign-in page. */
async function loseSession({ api, auth }: App) {
  api.endSessions(() => true);
  await auth.call(endpoints.readProtected).catch(() => undefined);
  await screen.findByRole('heading', { level: 1, name: 'Sign in' });
}

async function signIn({ user }: App, uid: string) {
  await user.type(await screen.findByLabelText('User ID'), uid);
  await user.type(screen.getByLabelText('Password'), `123${uid}{Enter}`);
}

const withPost = ({ feed, people }: FakeApi) => {
  for (const author of people.slice(0, 1)) feed.addPost(author, 'As it was');
};
function withResolvers() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}
const open = (path: string) => renderApp({ path, signedInAs: toby, prepare: withPost });
/** A field of the page. The composer is one line until it is opened, except where a draft waits in it. */
async function field(label: string) {
  if (label === 'Note') {
    const findDoor = () => screen.queryByRole('button', { name: 'Write a post…' });
    await waitFor(() => expect(findDoor() ?? screen.queryByLabelText('Note')).not.toBeNull());
    const door = findDoor();
    if (door) fireEvent.click(door);
  }
  return screen.findByLabelText<HTMLInputElement>(label);
}

describe('what was written and not sent', () => {
  test('a note is in the composer again after the session ended and the user signed in, and posting it clears the draft', async () => {
    const app = await open('/feed');
    await app.user.type(await field('Note'), 'Half a thought');
    await loseSession(app);
    await signIn(app, 'toby');
    expect(await screen.findByText(restored)).toBeTruthy();
    expect((await field('Note')).value).toBe('Half a thought');
    await app.user.click(screen.getByRole('button', { name: 'Post' }));
    await screen.findByText('Half a thought', { selector: 'p' });
    cleanup();
    await open('/feed');
    expect((await field('Note')).value).toBe('');
  });

  test('a note survives a reload of the page', async () => {
    const { user } = await open('/feed');
    await user.type(await field('Note'), 'Half a thought');
    cleanup();
    await open('/feed');
    await screen.findByText(restored);
    expect((await field('Note')).value).toBe('Half a thought');
  });

  test('a note that was written before the API has said who the user is survives a reload', async () => {
    const { promise: answered, resolve: release } = withResolvers();
    const { user } = await renderApp({
      path: '/feed',
      signedInAs: toby,
      prepare: (api) => api.delay('readMe', answered),
    });
    await user.type(await field('Note'), 'Half a thought');
    release();
    await screen.findByText('toby', { selector: 'aside span' });
    cleanup();
    await open('/feed');
    await screen.findByText(restored);
    expect((await field('Note')).value).toBe('Half a thought');
  });

  test('another user who signs in sees nothing of it, and the author finds it again', async () => {
    const app = await open('/feed');
    await app.user.type(await field('Note'), 'For my eyes');
    await loseSession(app);
    await signIn(app, 'niko');
    await screen.findByText('As it was');
    expect((await field('Note')).value).toBe('');
    expect(screen.queryByText(restored)).toBeNull();
    await loseSession(app);
    await signIn(app, 'toby');
    await screen.findByText(restored);
    expect((await field('Note')).value).toBe('For my eyes');
  });

  test('an edit is open again after the session ended, and Cancel drops it', async () => {
    const app = await open('/feed');
    await app.user.click(await screen.findByRole('button', { name: /^Edit the post/ }));
    const form = () => screen.findByRole('form', { name: 'Edit post' });
    await app.user.type(within(await form()).getByLabelText('Note'), ', and more');
    await loseSession(app);
    await signIn(app, 'toby');
    await screen.findByText(restored);
    expect(within(await form()).getByLabelText<HTMLTextAreaElement>('Note').value).toBe(
      'As it was, and more',
    );
    await app.user.click(screen.getByRole('button', { name: 'Cancel' }));
    cleanup();
    await open('/feed');
    await screen.findByText('As it was');
    expect(screen.queryByRole('form', { name: 'Edit post' })).toBeNull();
  });

  test('Escape cancels an untouched edit at once, and asks before it discards a changed one', async () => {
    const { user } = await open('/feed');
    const edit = async () => {
      await user.click(await screen.findByRole('button', { name: /^Edit the post/ }));
      return within(await screen.findByRole('form', { name: 'Edit post' })).getByLabelText('Note');
    };
    await edit();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('form', { name: 'Edit post' })).toBeNull());
    await user.type(await edit(), ', and more');
    await user.keyboard('{Escape}');
    const question = await findDialog('Discard changes?', 'alertdialog');
    await user.click(question.getByRole('button', { name: 'Discard changes' }));
    await waitFor(() => expect(screen.queryByRole('form', { name: 'Edit post' })).toBeNull());
    expect(screen.getByText('As it was')).toBeTruthy();
  });

  test('Ctrl and Enter post the note', async () => {
    const { api, user } = await open('/feed');
    await user.type(await field('Note'), 'By keyboard{Control>}{Enter}{/Control}');
    await screen.findByText('By keyboard', { selector: 'p' });
    expect(api.callsOf('createPost')).toHaveLength(1);
  });

  test('a refused post keeps its draft', async () => {
    const app = await open('/feed');
    app.api.respond('createPost', () => problem('not_ready'));
    await app.user.type(await field('Note'), 'Once more');
    await app.user.click(screen.getByRole('button', { name: 'Post' }));
    await screen.findByText('Saved data is safe. Try again in a moment.');
    cleanup();
    await open('/feed');
    await screen.findByText(restored);
    expect((await field('Note')).value).toBe('Once more');
  });

  test('the profile survives the end of the session, and Discard brings the saved one back', async () => {
    const app = await open('/account');
    await app.user.type(await field('Name'), ' II');
    await loseSession(app);
    await signIn(app, 'toby');
    await screen.findByText(restored);
    expect((await field('Name')).value).toBe('Thomas Edison II');
    await app.user.click(screen.getByRole('button', { name: 'Discard' }));
    expect((await field('Name')).value).toBe('Thomas Edison');
    cleanup();
    await open('/account');
    expect((await field('Name')).value).toBe('Thomas Edison');
    expect(screen.queryByText(restored)).toBeNull();
  });

  test('a dialog whose draft is back has the focus in its first field, not on the button that discards', async () => {
    const openForm = async () => {
      const { user } = await open('/users');
      await user.click(await screen.findByRole('button', { name: 'New user' }));
      return { user, dialog: await findDialog('New user') };
    };
    const { user, dialog } = await openForm();
    await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
    cleanup();
    const again = (await openForm()).dialog;
    expect(again.getByText(restored)).toBeTruthy();
    expect(document.activeElement).toBe(again.getByLabelText('Name'));
  });

  test.each([
    ['/users', 'New user'],
    ['/players', 'New player'],
  ])(
    'the fields of a dialog on %s survive the end of the session, except the password, and Discard empties them',
    async (path, title) => {
      const app = await open(path);
      await app.user.click(await screen.findByRole('button', { name: title }));
      const dialog = await findDialog(title);
      await app.user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
      await app.user.type(dialog.getByLabelText('Password'), 'not to be kept');
      await loseSession(app);
      expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('not to be kept');
      await signIn(app, 'toby');
      // The address is that of the form, which is a page of its own now.
      await screen.findByRole('heading', { level: 1, name: title });
      expect(await screen.findByText(restored)).toBeTruthy();
      expect((await field('Name')).value).toBe('Ada Lovelace');
      expect((await field('Password')).value).toBe('');
      await app.user.click(screen.getByRole('button', { name: 'Discard' }));
      expect((await field('Name')).value).toBe('');
      expect(screen.queryByText(restored)).toBeNull();
      expect(JSON.stringify({ ...sessionStorage })).not.toContain('Ada Lovelace');
    },
  );

  test('closing a dialog with a draft drops the draft', async () => {
    const app = await open('/users');
    const openDialog = async () => {
      await app.user.click(await screen.findByRole('button', { name: 'New user' }));
      return findDialog('New user');
    };
    const dialog = await openDialog();
    await app.user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
    await app.user.click(dialog.getByRole('button', { name: 'Close' }));
    const question = await findDialog('Discard changes?', 'alertdialog');
    await app.user.click(question.getByRole('button', { name: 'Discard changes' }));
    const empty = await openDialog();
    expect(empty.getByLabelText<HTMLInputElement>('Name').value).toBe('');
    expect(empty.queryByText(restored)).toBeNull();
  });

  test('no password of the account page is kept', async () => {
    const { user } = await open('/account');
    await user.type(await field('Current password'), 'secret of mine');
    await user.type(await field('New password'), 'another secret');
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toMatch(/secret/);
  });
});
