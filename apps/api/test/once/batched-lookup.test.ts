import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchedLookup } from '../../src/db/batched-lookup.ts';

type Row = { readonly id: number; readonly text: string };

function createTable(rows: readonly Row[]) {
  const asked: number[][] = [];
  const find = batchedLookup(
    async (ids: readonly number[]) => {
      asked.push([...ids]);
      await delay(1);
      return rows.filter(({ id }) => ids.includes(id));
    },
    ({ id }) => id,
  );
  return { asked, find };
}

test('look-ups of one turn of the event loop are one query, each answered with its own row', async () => {
  const { asked, find } = createTable([
    { id: 1, text: 'one' },
    { id: 2, text: 'two' },
  ]);
  const answers = await Promise.all([find(2), find(1), find(3), find(2)]);
  expect(answers.map((row) => row?.text)).toEqual(['two', 'one', undefined, 'two']);
  expect(asked).toEqual([[2, 1, 3]]);
});

test('a look-up during a query gets a query of its own, because the answer may have changed', async () => {
  const { asked, find } = createTable([{ id: 1, text: 'one' }]);
  const first = find(1);
  await new Promise(setImmediate);
  const second = find(1);
  await Promise.all([first, second]);
  expect(asked).toEqual([[1], [1]]);
});

test('more look-ups than a statement has parameters for are several queries', async () => {
  const { asked, find } = createTable([{ id: 1100, text: 'the last' }]);
  const answers = await Promise.all(Array.from({ length: 1101 }, (_, id) => find(id)));
  expect(answers.at(-1)?.text).toBe('the last');
  expect(asked.map((ids) => ids.length)).toEqual([500, 500, 101]);
});

test('look-ups of a failed query all fail, and the next query works', async () => {
  let isBroken = true;
  const find = batchedLookup(
    async (ids: readonly number[]) => {
      if (isBroken) throw new Error('gone');
      return ids.map((id) => ({ id }));
    },
    ({ id }) => id,
  );
  expect(await Promise.allSettled([find(1), find(2)])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  isBroken = false;
  expect(await find(1)).toEqual({ id: 1 });
});
