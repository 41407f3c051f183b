import { type Client, endpoints } from '@signet/contracts';
import { QueryClient } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { beginFirstQueries } from '../src/first-queries.ts';
import { niko, renderApp } from './render-app.tsx';

const firstLists = [
  ['feed', '/feed', 'listPosts'],
  ['players', '/players', 'listPlayers'],
  ['account', '/account', 'listSessions'],
] as const;

test.each(firstLists)(
  'who is signed in and their list are asked for before the page %s is there',
  (page, _, list) => {
    const call = vi.fn(() => new Promise<never>(() => undefined));
    beginFirstQueries(page, { call: call as Client['call'] }, new QueryClient());
    expect(call.mock.calls.map(([endpoint]: unknown[]) => endpoint)).toEqual([
      endpoints.readMe,
      endpoints[list],
    ]);
  },
);

test.each(firstLists)(
  'the page %s takes what was asked for before it was there, and asks only once',
  async (_, path, list) => {
    const { api } = await renderApp({ path, signedInAs: niko });
    await screen.findByRole('heading', { level: 1 });
    expect(api.callsOf('readMe')).toHaveLength(1);
    expect(api.callsOf(list)).toHaveLength(1);
  },
);
