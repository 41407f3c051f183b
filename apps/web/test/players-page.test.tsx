import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { placeOf } from '../src/pages/players/leaderboard.ts';
import { type FakeApi, problem } from './fake-api.ts';
import { chooseAction, findDialog, niko, renderApp, toby } from './render-app.tsx';

function addPlayers(api: FakeApi) {
  api.feed.addPlayer('Ahad Biabani', 'ahadB', 41);
  api.feed.addPlayer('Azeem Khan', 'azeemK', 45);
}

const rowOf = async (name: string) => {
  const row = (await screen.findByText(name, { selector: 'td p' })).closest('tr');
  if (!row) throw new Error(`${name} is in no row`);
  return within(row);
};

describe('the board', () => {
  test('players are ranked by tokens', async () => {
    await renderApp({ path: '/players', signedInAs: niko, prepare: addPlayers });
    await rowOf('Azeem Khan');
    const rows = screen.getAllByRole('row').slice(1);
    expect(
      rows.map((row) =>
        within(row)
          .getAllByRole('cell')
          .map((cell) => cell.textContent),
      ),
    ).toEqual([
      ['1', 'Azeem KhanazeemK', '45'],
      ['2', 'Ahad BiabaniahadB', '41'],
    ]);
  });

  test('players with equal tokens share a rank, and each share is relative to the leader', () => {
    const players = [40, 20, 20, 0].map((tokens, index) => ({
      id: index + 1,
      name: 'A player',
      uid: `p${index}`,
      tokens,
    }));
    expect(placeOf(players).map(({ rank, share }) => [rank, share])).toEqual([
      [1, 1],
      [2, 0.5],
      [2, 0.5],
      [4, 0],
    ]);
    expect(placeOf([{ id: 1, name: 'A player', uid: 'p', tokens: 0 }])).toMatchObject([
      { rank: 1, share: 0 },
    ]);
  });

  test('the list of players loads one page at a time', async () => {
    const prepare = (api: FakeApi) => {
      for (let index = 1; index <= 60; index += 1)
        api.feed.addPlayer(`Player ${index}`, `player.${index}`, 1000 - index);
    };
    const { user } = await renderApp({ path: '/players', signedInAs: niko, prepare });
    await rowOf('Player 50');
    expect(screen.queryByText('Player 51')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Load more players' }));
    expect((await rowOf('Player 60')).getByText('60')).toBeTruthy();
    // The first row of the second page, because the button that had the focus is gone.
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Player 51'));
  });

  test('a list of players that cannot be loaded can be tried again, and an empty one says so', async () => {
    const { api, user } = await renderApp({
      path: '/players',
      signedInAs: niko,
      prepare: (api) => api.respond('listPlayers', () => problem('internal')),
    });
    const button = await screen.findByRole('button', { name: 'Try again' });
    api.restore('listPlayers');
    await user.click(button);
    expect(await screen.findByText('No players yet')).toBeTruthy();
  });

  test('the form for a new player, opened by its address, asks who is signed in before it refuses', async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await renderApp({
      path: '/players/new',
      signedInAs: toby,
      prepare: (api) => api.delay('readMe', answered),
    });
    expect(await screen.findByText('Loading the form')).toBeTruthy();
    expect(screen.queryByText('Only admins can add players.')).toBeNull();
    answer();
    expect(await screen.findByRole('button', { name: 'Create player' })).toBeTruthy();
  });

  test('the form for a new player, opened by its address, is refused to a user', async () => {
    await renderApp({ path: '/players/new', signedInAs: niko });
    expect(await screen.findByText('Only admins can add players.')).toBeTruthy();
  });

  test('a user sees players without buttons to edit them', async () => {
    await renderApp({ path: '/players', signedInAs: niko, prepare: addPlayers });
    expect((await rowOf('Azeem Khan')).queryByRole('button')).toBeNull();
    expect(screen.queryByRole('button', { name: 'New player' })).toBeNull();
  });
});

describe('an admin', () => {
  test('an admin adds a player, who is ranked at once', async () => {
    const { user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    await user.click(await screen.findByRole('button', { name: 'New player' }));
    const dialog = await findDialog('New player');
    await user.type(dialog.getByLabelText('Name'), 'Ada Lovelace');
    await user.type(dialog.getByLabelText('User ID'), 'ada');
    await user.clear(dialog.getByLabelText('Tokens won'));
    await user.type(dialog.getByLabelText('Tokens won'), '43');
    await user.type(dialog.getByLabelText('Password'), 'analytical engine');
    await user.click(dialog.getByRole('button', { name: 'Create player' }));
    expect((await rowOf('Ada Lovelace')).getByText('2')).toBeTruthy();
  });

  test('editing a player without a new password sends none', async () => {
    const { api, user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    await chooseAction(user, 'ahadB', 'Edit');
    const dialog = await findDialog('Edit player');
    await user.clear(dialog.getByLabelText('Tokens won'));
    await user.type(dialog.getByLabelText('Tokens won'), '50');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(async () => expect((await rowOf('Ahad Biabani')).getByText('1')).toBeTruthy());
    expect(api.callsOf('updatePlayer')[0]?.body).toEqual({ name: 'Ahad Biabani', uid: 'ahadB', tokens: 50 });
  });

  test.each([
    ['1.5', 'Tokens must be a whole number'],
    ['-1', 'Tokens must not be negative'],
    ['', 'Tokens must be a whole number'],
  ])('"%s" tokens are refused beside the field, without a request', async (tokens, message) => {
    const { api, user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    await chooseAction(user, 'ahadB', 'Edit');
    const dialog = await findDialog('Edit player');
    await user.clear(dialog.getByLabelText('Tokens won'));
    if (tokens) await user.type(dialog.getByLabelText('Tokens won'), tokens);
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    expect(await dialog.findByText(message)).toBeTruthy();
    expect(api.callsOf('updatePlayer')).toEqual([]);
  });

  test('a user ID that is in use is refused once, beside its field, in the form of a player', async () => {
    const { api, user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    api.respond('updatePlayer', () => problem('uid_taken', 'This user id is taken'));
    await chooseAction(user, 'ahadB', 'Edit');
    const dialog = await findDialog('Edit player');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(dialog.getByLabelText('User ID').getAttribute('aria-invalid')).toBe('true'));
    expect(dialog.getByText('This user ID is already in use')).toBeTruthy();
    expect(dialog.queryByRole('alert')).toBeNull();
  });

  test('a problem without a field is shown above the button, until something is edited', async () => {
    const { api, user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    api.respond('updatePlayer', () => problem('quota_reached'));
    await chooseAction(user, 'ahadB', 'Edit');
    const dialog = await findDialog('Edit player');
    await user.click(dialog.getByRole('button', { name: 'Save changes' }));
    expect(await dialog.findByText('You have reached your limit')).toBeTruthy();
    await user.type(dialog.getByLabelText('Name'), 'x');
    expect(dialog.queryByText('You have reached your limit')).toBeNull();
  });

  test('deleting a player asks for confirmation', async () => {
    const { api, user } = await renderApp({ path: '/players', signedInAs: toby, prepare: addPlayers });
    await chooseAction(user, 'ahadB', 'Delete');
    const dialog = await findDialog('Delete Ahad Biabani?', 'alertdialog');
    expect(api.feed.players).toHaveLength(2);
    await user.click(dialog.getByRole('button', { name: 'Delete player' }));
    await waitFor(() => expect(screen.queryByText('Ahad Biabani', { selector: 'td p' })).toBeNull());
    expect(api.feed.players.map(({ uid }) => uid)).toEqual(['azeemK']);
  });
});
