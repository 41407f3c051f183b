/** A generator of pseudo-random numbers (mulberry32), so that a run can be repeated by its seed. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    /** A whole number from 0 to `below` - 1. */
    below: (below: number): number => next() % Math.max(1, below),
    pick: <Item>(items: readonly Item[]): Item | undefined => items[next() % Math.max(1, items.length)],
  };
}

export type Random = ReturnType<typeof createRandom>;
