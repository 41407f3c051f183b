import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tolerateForeignChanges } from '../src/browser/foreign-changes.ts';
import { chooseAction, findDialog, findOverviewOf, niko, renderApp, signOut, toby } from './render-app.tsx';

/** What a translation makes of a text node: it is wrapped, or another one takes its place. */
const translations = {
  wrapped: (text: Text) => text,
  replaced: (text: Text) => document.createTextNode(text.data),
};
type Translation = keyof typeof translations;

const { removeChild, insertBefore } = Node.prototype;
let observer: MutationObserver | undefined;

beforeEach(() => tolerateForeignChanges(Node.prototype));
afterEach(() => {
  observer?.disconnect();
  Object.assign(Node.prototype, { removeChild, insertBefore });
});

/** Translates every text node now, and each that appears later, as the browser does. */
function translate(how: Translation) {
  const translateBelow = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) {
      const parent = text.parentElement;
      if (!parent || parent.closest('font, script, style, textarea, title, option') || !text.data.trim())
        continue;
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      parent.replaceChild(outer, text);
      outer.append(inner);
      inner.append(translations[how](text));
    }
  };
  translateBelow(document.body);
  observer = new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) translateBelow(node.parentNode ?? node);
  });
  observer.observe(document.body, { subtree: true, childList: true });
}

const expectNoCrash = () => expect(screen.queryByText('This page crashed')).toBeNull();

describe.each<Translation>(['wrapped', 'replaced'])('with every text node %s', (how) => {
  test('a wrong password is refused in the form, and the right one signs in', async () => {
    const { user } = await renderApp({ path: '/sign-in' });
    await user.type(await screen.findByLabelText('User ID'), 'toby');
    translate(how);
    await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
    await screen.findByText('Wrong user ID or password');
    expect(screen.getByLabelText<HTMLInputElement>('User ID').value).toBe('toby');
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await user.clear(screen.getByLabelText('Password'));
    await user.type(screen.getByLabelText('Password'), '123toby');
    await user.click(screen.getByRole('button', { name: 'Sign in with a cookie' }));
    await findOverviewOf('Thomas Edison');
    expectNoCrash();
  });

  test('the profile can be saved, and the session list and the sign-out work', async () => {
    const { user } = await renderApp({ path: '/account', signedInAs: niko });
    await user.type(await screen.findByLabelText('Name'), ' II');
    translate(how);
    await user.click(screen.getByRole('button', { name: 'Save profile' }));
    await screen.findByText('Profile saved');
    await user.click(screen.getByRole('button', { name: 'Delete my account…' }));
    const dialog = await findDialog('Delete your account?', 'alertdialog');
    await user.click(dialog.getByRole('button', { name: 'Cancel' }));
    expectNoCrash();
    await signOut(user);
    await screen.findByRole('heading', { level: 1, name: 'Sign in' });
    expectNoCrash();
  });

  test('a post is written, edited and deleted, and the counter follows', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: toby });
    await screen.findByText('No posts yet');
    await user.click(screen.getByRole('button', { name: 'Write a post…' }));
    await screen.findByLabelText('Note');
    translate(how);
    fireEvent.change(screen.getByLabelText('Note'), { target: { value: 'x'.repeat(9005) } });
    expect(screen.getByText('9,005 of 10,000 characters')).toBeTruthy();
    await user.clear(screen.getByLabelText('Note'));
    await user.type(screen.getByLabelText('Note'), 'Hallo');
    expect(screen.queryByText(/of 10,000 characters/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Post' }));
    await user.click(await screen.findByRole('button', { name: /^Edit the post/ }));
    const form = within(await screen.findByRole('form', { name: 'Edit post' }));
    await user.type(form.getByLabelText('Note'), ' Welt');
    await user.click(form.getByRole('button', { name: 'Save changes' }));
    await screen.findByText('Hallo Welt');
    await user.click(screen.getByRole('button', { name: /^Delete the post/ }));
    window.dispatchEvent(new Event('pagehide'));
    await screen.findByText('No posts yet');
    expectNoCrash();
  });

  test.each([
    ['/users', 'Users', 'New user'],
    ['/players', 'Players', 'New player'],
  ])('the list and the dialogs of %s work', async (path, heading, create) => {
    const { user } = await renderApp({ path, signedInAs: toby });
    await screen.findByRole('heading', { level: 1, name: heading });
    translate(how);
    await user.click(await screen.findByRole('button', { name: create }));
    const dialog = await findDialog(create);
    await user.click(dialog.getByRole('button', { name: /^Create/ }));
    await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
    await user.type(dialog.getByLabelText('User ID'), 'ada');
    await user.type(dialog.getByLabelText('Password'), 'a long pass phrase');
    await user.click(dialog.getByRole('button', { name: /^Create/ }));
    await screen.findByText('Ada Lovelace');
    await chooseAction(user, 'ada', 'Delete');
    const confirmation = await findDialog('Delete Ada Lovelace?', 'alertdialog');
    if (path === '/users') await user.type(confirmation.getByRole('textbox'), 'ada');
    await user.click(confirmation.getByRole('button', { name: /^Delete/ }));
    await waitFor(() => expect(screen.queryByText('Ada Lovelace')).toBeNull());
    expectNoCrash();
  });

  test('every page can be visited from the navigation', async () => {
    const { user } = await renderApp({ path: '/', signedInAs: toby });
    await findOverviewOf('Thomas Edison');
    translate(how);
    await user.click(screen.getByRole('button', { name: 'Refresh the token' }));
    const pages = within(screen.getByRole('complementary', { name: 'Sidebar' }));
    for (const name of ['Feed', 'Players', 'Users', 'Audit log']) {
      await user.click(await pages.findByRole('link', { name }));
      await screen.findByRole('heading', { level: 1, name });
    }
    await user.click(pages.getByRole('button', { name: /^Your account and settings/ }));
    await user.click(pages.getByRole('link', { name: 'Account' }));
    await screen.findByRole('heading', { level: 1, name: 'Account' });
    expectNoCrash();
  });
});

test('a node that an extension has moved or removed is removed without an error', () => {
  const [parent, elsewhere] = [document.createElement('div'), document.createElement('div')];
  const [text, next] = [document.createTextNode('a'), document.createElement('p')];
  parent.append(text, next);
  elsewhere.append(text);
  parent.removeChild(text);
  next.remove();
  const added = parent.insertBefore(document.createElement('b'), next);
  expect([elsewhere.textContent, parent.lastChild]).toEqual(['a', added]);
});
