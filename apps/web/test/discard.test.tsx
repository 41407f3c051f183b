import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { findDialog, renderApp, toby } from './render-app.tsx';

describe.each([
  ['/users', 'New user'],
  ['/players', 'New player'],
])('the dialog on %s', (path, title) => {
  const open = async () => {
    const app = await renderApp({ path, signedInAs: toby });
    await app.user.click(await screen.findByRole('button', { name: title }));
    return { ...app, dialog: await findDialog(title) };
  };

  test('an untouched form closes without a question', async () => {
    const { user } = await open();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  test.each(['Escape', 'the cross'])('%s asks before it discards what was entered', async (way) => {
    const { user, dialog } = await open();
    await user.type(dialog.getByLabelText('Name'), 'Ada');
    const close = () =>
      way === 'Escape'
        ? user.keyboard('{Escape}')
        : user.click(dialog.getByRole('button', { name: 'Close' }));
    await close();
    const question = await findDialog('Discard changes?', 'alertdialog');
    await user.click(question.getByRole('button', { name: 'Keep editing' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(dialog.getByLabelText<HTMLInputElement>('Name').value).toBe('Ada');
    await close();
    const again = await findDialog('Discard changes?', 'alertdialog');
    await user.click(again.getByRole('button', { name: 'Discard changes' }));
    await user.click(await screen.findByRole('button', { name: title }));
    const empty = await findDialog(title);
    expect(empty.getByLabelText<HTMLInputElement>('Name').value).toBe('');
  });
});
