import { render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { lazyPart } from '../src/ui/lazy-part.ts';

const load = async () => ({ Greeting: ({ name }: { name: string }) => <p>Hello {name}</p> });

test('a part that has been loaded before is drawn at once, without its fallback', async () => {
  const Greeting = lazyPart(load, 'Greeting');
  await Greeting.load();
  const { container } = render(
    <Suspense fallback="Loading">
      <Greeting name="Toby" />
    </Suspense>,
  );
  expect(container.textContent).toBe('Hello Toby');
});

test('a part that has not been loaded shows the fallback until it is', async () => {
  const Greeting = lazyPart(load, 'Greeting');
  const { container } = render(
    <Suspense fallback="Loading">
      <Greeting name="Toby" />
    </Suspense>,
  );
  expect(container.textContent).toBe('Loading');
  await screen.findByText('Hello Toby');
  expect(container.textContent).toBe('Hello Toby');
});
