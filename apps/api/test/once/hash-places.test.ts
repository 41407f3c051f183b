import { describe, expect, test } from 'vitest';
import { createHashPlaces } from '../../src/auth/hash-places.ts';

describe('the places of the pool', () => {
  const take = (places: ReturnType<typeof createHashPlaces>, by: 'sign-in' | 'anyone' | number) => {
    try {
      return places.take(by);
    } catch {
      return undefined;
    }
  };

  test('are all for sign-ins, and half of them for the others', () => {
    const places = createHashPlaces(8);
    const frees = Array.from({ length: 5 }, () => take(places, 'anyone'));
    expect(frees.map((free) => free !== undefined)).toEqual([true, true, true, true, false]);
    for (let count = 0; count < 4; count += 1) expect(take(places, 'sign-in')).toBeDefined();
    expect(take(places, 'sign-in')).toBeUndefined();
    expect(places.taken()).toBe(8);
    frees[0]?.();
    expect(take(places, 'anyone')).toBeDefined();
    expect(() => places.take('anyone')).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterSeconds: 2 }),
    );
  });

  test('are four for each user, who gets them back', () => {
    const places = createHashPlaces(100);
    const frees = Array.from({ length: 5 }, () => take(places, 7));
    expect(frees.map((free) => free !== undefined)).toEqual([true, true, true, true, false]);
    for (let count = 0; count < 5; count += 1) expect(take(places, 'anyone')).toBeDefined();
    expect(take(places, 8)).toBeDefined();
    for (const free of frees) free?.();
    expect(places.taken()).toBe(6);
    for (let count = 0; count < 4; count += 1) expect(take(places, 7)).toBeDefined();
    expect(take(places, 7)).toBeUndefined();
  });
});
