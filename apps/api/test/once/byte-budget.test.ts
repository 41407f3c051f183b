import { expect, test, vi } from 'vitest';
import { createByteBudget } from '../../src/http/byte-budget.ts';

/** One that refuses soon. */
const budgetOf = (total: number, each: number) => createByteBudget({ total, each, patienceMs: 50 });

const refusal = { code: 'overloaded', retryAfterSeconds: 5 };

test('a caller holds no more than their share, and gets room again for what they give back', async () => {
  const budget = budgetOf(100, 30);
  const release = await budget.take('ann', 20);
  await expect(budget.take('ann', 20)).rejects.toMatchObject(refusal);
  release();
  release();
  await budget.take('ann', 30);
  expect(budget.held()).toBe(30);
});

test('callers who hold much leave room to those who hold little', async () => {
  const budget = budgetOf(100, 30);
  for (const caller of ['ann', 'bob']) await budget.take(caller, 30);
  await expect(budget.take('cid', 30)).rejects.toMatchObject(refusal);
  await budget.take('dan', 5);
  expect(budget.held()).toBe(65);
});

test('the process holds no more than the total, however many callers there are', async () => {
  const budget = budgetOf(100, 30);
  const all = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) => budget.take(`caller ${index}`, 3)),
  );
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(33);
  expect(budget.held()).toBe(99);
});

test('what is larger than a share is taken while the caller holds nothing else', async () => {
  const budget = budgetOf(100, 30);
  const release = await budget.take('ann', 60);
  await expect(budget.take('ann', 1)).rejects.toMatchObject(refusal);
  release();
  await budget.take('ann', 1);
});

test('those who wait are let in as soon as there is room, and only as many as it holds', async () => {
  const budget = createByteBudget({ total: 100, each: 10, patienceMs: 60_000 });
  const release = await budget.take('ann', 10);
  const order: number[] = [];
  const releases: (() => void)[] = [];
  const waiting = [1, 2].map(async (number) => {
    releases.push(await budget.take('ann', 10));
    order.push(number);
  });
  release();
  await waiting[0];
  expect([order, budget.held()]).toEqual([[1], 10]);
  releases[0]?.();
  await waiting[1];
  expect([order, budget.held()]).toEqual([[1, 2], 10]);
});

test('a share, the part of those who hold much, and the total can each be used up to the last byte', async () => {
  const budget = budgetOf(100, 40);
  await budget.take('ann', 30);
  await budget.take('ann', 10);
  await budget.take('bob', 30);
  await budget.take('cid', 10);
  await budget.take('dan', 10);
  await budget.take('eve', 10);
  expect(budget.held()).toBe(100);
  await expect(budget.take('fay', 1)).rejects.toMatchObject(refusal);
});

test('what is larger than everything is taken while nobody holds anything', async () => {
  const budget = budgetOf(100, 30);
  const release = await budget.take('ann', 500);
  expect(budget.held()).toBe(500);
  release();
  await budget.take('bob', 1);
});

test('a caller has 400 in line and all have 2000, and the next is refused without waiting', async () => {
  vi.useFakeTimers();
  try {
    const budget = createByteBudget({ total: 100, each: 10 });
    const release = await budget.take('the one who holds all', 100);
    const refused: number[] = [];
    const granted: number[] = [];
    const waiting = Array.from({ length: 2006 }, (_, index) =>
      // 400 of each caller and one more.
      budget.take(`caller ${Math.floor(index / 401)}`, 10).then(
        (giveBack) => {
          granted.push(index);
          giveBack();
        },
        () => void refused.push(index),
      ),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toEqual([400, 801, 1202, 1603, 2004, 2005]);
    release();
    await Promise.all(waiting);
    expect([granted.length, refused.length, budget.held()]).toEqual([2000, 6, 0]);
  } finally {
    vi.useRealTimers();
  }
});

test('who waits for ten seconds in vain is refused', async () => {
  vi.useFakeTimers();
  try {
    const budget = createByteBudget({ total: 100, each: 10 });
    await budget.take('ann', 100);
    let isRefused = false;
    budget.take('bob', 10).catch(() => {
      isRefused = true;
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(isRefused).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isRefused).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
