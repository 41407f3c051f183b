import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { niko, renderApp } from './render-app.tsx';

async function open(options: Partial<Parameters<typeof renderApp>[0]> = {}) {
  const app = await renderApp({ path: '/inspector', ...options });
  await screen.findByRole('heading', { name: 'Token inspector' });
  const field = screen.getByRole('textbox', { name: 'A token, or text with a token in it' });
  return { ...app, field };
}

const rung = (name: string) =>
  screen.getAllByRole('listitem').find((item) => within(item).queryByText(name, { exact: true }))
    ?.textContent ?? '';

test('a visitor without a session sees an example, verifies it with its secret, and nothing is sent until the API is asked', async () => {
  let calls = 0;
  const { user } = await open({
    prepare: (api) => {
      const { fetch } = api;
      api.fetch = (request) => {
        calls += 1;
        return fetch(request);
      };
    },
  });
  await user.click(screen.getByRole('button', { name: 'An example' }));
  expect(await screen.findByRole('textbox', { name: 'Value of _uid' })).toHaveProperty('value', '"niko"');
  expect(rung('Signature')).toContain('Not checked');
  await user.click(await screen.findByRole('button', { name: 'Verify with this secret' }));
  await screen.findByText(/holds under this secret/);
  expect(rung('Signature')).toContain('Holds');
  expect(calls).toBe(0);
  await user.click(screen.getByRole('button', { name: 'Ask the API' }));
  await screen.findByText('401 session_ended');
  expect(calls).toBeGreaterThan(0);
});

test('a changed claim fails the signature by its name, and putting it back takes that away', async () => {
  const { user } = await open();
  await user.click(screen.getByRole('button', { name: 'An example' }));
  const subject = await screen.findByRole('textbox', { name: 'Value of sub' });
  await user.clear(subject);
  await user.type(subject, '"1"');
  expect(rung('Signature')).toContain('You changed sub');
  await user.click(await screen.findByRole('button', { name: 'Verify with this secret' }));
  await screen.findByText(/does not belong to this secret/);
  await user.click(screen.getByRole('button', { name: 'Put back' }));
  expect(rung('Signature')).toContain('Not checked');
});

test('a signed-in reader begins with the own token, and the API accepts it when asked', async () => {
  const { user, field } = await open({ signedInAs: niko });
  expect(field).toHaveProperty('value', localStorage.getItem('jwt-token'));
  await user.click(screen.getByRole('button', { name: 'Ask the API' }));
  await screen.findByText("The API accepts this token. It is niko's.");
  expect(rung('Session')).toContain('Judged by the API');
});

test('in the cookie flow the reader learns why the own token is not there', async () => {
  await open({ signedInAs: { ...niko, carrier: 'cookie' } });
  screen.getByText(/so this page cannot read it/);
  expect(screen.getByRole('button', { name: 'Ask the API about it' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'My token' })).toBeNull();
});

test('text without a token is named, and a token inside a command is taken out of it', async () => {
  const { user, field } = await open({ signedInAs: niko });
  await user.clear(field);
  await user.type(field, 'undefined');
  await screen.findByText(/This is the word undefined/);
  await screen.findByRole('region', { name: 'What is checked' });
  await user.clear(field);
  await user.click(field);
  await user.paste(
    `curl -H "Authorization: Bearer ${localStorage.getItem('jwt-token')}" http://localhost:8086/protected`,
  );
  await screen.findByText('Found in a curl command.');
  screen.getByDisplayValue('"niko"');
});
