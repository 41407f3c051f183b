import { endpoints } from '@signet/contracts';
import { act, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { niko, renderApp } from './render-app.tsx';

test('without a trace the log shows the half of the page, explains a call, and says what is missing', async () => {
  const { user } = await renderApp({ path: '/exchanges' });
  await screen.findByText(/^The half of the page only/);
  await screen.findByRole('region', { name: 'What happened in a call' });
  await user.click(screen.getByRole('button', { name: 'A preflight' }));
  const calls = await screen.findByRole('list', { name: 'Calls, the newest first' });
  await user.click(within(calls).getByRole('link', { name: /GET \/protected/ }));
  await screen.findByRole('heading', { level: 1, name: 'GET /protected, 401' });
  await screen.findByText(/^Needs a preflight, because of the header authorization/);
  expect(
    within(screen.getByRole('list', { name: 'What happened, in order' })).getAllByRole('listitem'),
  ).toHaveLength(2);
});

test('a log that the API failed to read is not taken for an API without an answer', async () => {
  await renderApp({
    path: '/exchanges',
    prepare: (api) => api.respond('listExchanges', () => problem('internal')),
  });
  await screen.findByText(/this page cannot read the log of the API at the moment\.$/);
});

test('an error box leads to its call in the log, also where no answer came', async () => {
  const { user, api } = await renderApp({
    path: '/sign-in',
  });
  api.state.isReachable = false;
  await user.type(await screen.findByLabelText('User ID'), 'niko');
  await user.type(screen.getByLabelText('Password'), 'wrong-password');
  await user.click(screen.getByRole('button', { name: /^Sign in with/ }));
  await user.click(await screen.findByRole('link', { name: 'Find out why' }));
  await screen.findByRole('heading', { level: 1, name: 'POST /token, no answer' });
});

test('the key e shows the last call at the foot of every page, which leads to the log, and hides it again', async () => {
  const { user } = await renderApp({ path: '/', signedInAs: niko });
  await screen.findByRole('heading', { level: 1, name: 'Your session' });
  expect(screen.queryByRole('complementary', { name: 'The last call' })).toBeNull();
  await user.keyboard('e');
  const strip = within(await screen.findByRole('complementary', { name: 'The last call' }));
  await user.click(strip.getByRole('link'));
  await screen.findByRole('heading', { level: 1, name: /^(GET|POST) \// });
  await user.keyboard('e');
  expect(screen.queryByRole('complementary', { name: 'The last call' })).toBeNull();
});

test('the last call at the foot of a page has the words of the log', async () => {
  const { api, user } = await renderApp({ path: '/sign-in' });
  api.state.isReachable = false;
  await user.type(await screen.findByLabelText('User ID'), 'niko');
  await user.type(screen.getByLabelText('Password'), 'wrong-password');
  await user.click(screen.getByRole('button', { name: /^Sign in with/ }));
  await screen.findByText('The API cannot be reached');
  await user.click(screen.getByRole('heading', { level: 1 }));
  await user.keyboard('e');
  const strip = within(await screen.findByRole('complementary', { name: 'The last call' }));
  expect(strip.getByRole('link').textContent).toBe('no answerPOST /token');
});

test('a filter that no call matches says so, and offers all calls again', async () => {
  const { user } = await renderApp({ path: '/exchanges', signedInAs: niko });
  await screen.findByRole('list', { name: 'Calls, the newest first' });
  await user.type(screen.getByRole('searchbox', { name: 'Method or path contains' }), 'no such path');
  await screen.findByText('No call matches');
  expect(screen.queryByText('No call yet')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show all calls' }));
  await screen.findByRole('list', { name: 'Calls, the newest first' });
});

test('of a long log the newest hundred calls are drawn, and the earlier ones when the reader asks', async () => {
  // Made before the log is open, because it draws all its rows again at each call.
  const { auth, user } = await renderApp({ path: '/inspector' });
  await act(async () => {
    for (let count = 0; count < 120; count += 1)
      await auth
        .callAs(null)(endpoints.readProtected)
        .catch(() => undefined);
  });
  await user.click(screen.getByRole('link', { name: 'Exchanges, 99+ new calls' }));
  const calls = await screen.findByLabelText('Calls, the newest first');
  expect(calls.children).toHaveLength(100);
  await user.click(screen.getByText(/^Show \d+ earlier calls$/));
  expect(calls.children.length).toBeGreaterThanOrEqual(120);
  expect(screen.queryByText(/earlier calls$/)).toBeNull();
});

test('a call is not said to be forgotten while the log of the API loads, or cannot be read', async () => {
  let fail = (_answer: Response) => {};
  const answer = new Promise<Response>((resolve) => {
    fail = resolve;
  });
  await renderApp({
    path: '/exchanges/long-ago',
    prepare: (api) => api.respond('listExchanges', () => answer.then((each) => each.clone())),
  });
  await screen.findByText('Loading the call');
  fail(problem('internal'));
  await screen.findByRole('heading', { name: 'Not loaded' });
  expect(screen.queryByText('No longer in memory')).toBeNull();
});

test('a call that is no longer in memory is said to be so', async () => {
  await renderApp({ path: '/exchanges/long-ago' });
  await screen.findByRole('heading', { name: 'No longer in memory' });
});
