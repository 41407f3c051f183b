import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

/** The words of each class list, in any order. */
function boxesOf(text: string): Set<string>[] {
  return [...text.matchAll(/class(?:Name)?="([^"]*)"/g)].map(([, list = '']) => new Set(list.split(' ')));
}

test('The frame that index.html draws before the script has boxes of the same size as the one of the app', () => {
  const app = boxesOf(['layout/frame.tsx'].map((file) => read(`src/pages/${file}`)).join('\n'));
  const sizes = /^(?:(?:sm:|lg:)?(?:-?m[trblxy]?-|p[trblxy]?-|h-|min-|max-w-\[|grid)|border-)/;
  const early = boxesOf(read('index.html')).filter(
    (box) => box.has('min-h-dvh') || box.has('h-14') || box.has('p-4') || box.has('py-6'),
  );
  expect(early).toHaveLength(4);
  for (const box of early) {
    const wanted = [...box].filter((word) => sizes.test(word));
    expect(wanted.length).toBeGreaterThan(0);
    const same = app.some((each) => wanted.every((word) => each.has(word)));
    expect(same, `frame.tsx has no box with ${wanted.join(' ')}`).toBe(true);
  }
});
