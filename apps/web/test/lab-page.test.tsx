import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderApp } from './render-app.tsx';

const setup = {
  foreign_port: 20001,
  fault_port: 20002,
  fault: null,
  faults: [{ id: 'wildcard', kind: 'permission', of: 'a proxy that allows *' }],
};

/** The server of the page, with a lab behind it or without one. */
function stubFetch(answer: () => Response): void {
  vi.stubGlobal('fetch', async () => answer());
}

test.each([
  ['answers with the app’s page', () => new Response('<!doctype html>', { status: 200 })],
  ['says that there is no lab', () => new Response('There is no lab here.', { status: 404 })],
])('the lab says where it exists, if the server of the page %s', async (_what, answer) => {
  stubFetch(answer);
  await renderApp({ path: '/lab' });
  expect(await screen.findByRole('heading', { name: 'There is no lab here' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Try it' })).toBeNull();
});

test('the lab shows its attacks with the first one open, and the faults of the proxy by name', async () => {
  stubFetch(() => Response.json(setup));
  await renderApp({ path: '/lab' });
  const first = await screen.findByText('Change a claim');
  expect(first.closest('details')?.open).toBe(true);
  expect(screen.getByText('Sign with another key').closest('details')?.open).toBe(false);
  expect(screen.getByRole('region', { name: 'A foreign page' })).toBeTruthy();
  expect(screen.getByRole('option', { name: 'A proxy that allows *' })).toBeTruthy();
});
