import { maxId } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import {
  cursorOf,
  fittingLimit,
  maxPageBytes,
  numbersInCursor,
  pageOf,
  placeInCursor,
} from '../../src/http/page.ts';

const cursor = (key: string) => Buffer.from(key).toString('base64url');
const message = 'after is not a cursor of this API';
const refusal = expect.objectContaining({
  code: 'invalid_request',
  message,
  issues: [{ path: 'after', message }],
});

describe('a page', () => {
  test.each([
    ['no row', [], { items: [] }],
    ['as many rows as it may have', ['a', 'b'], { items: ['a', 'b'] }],
    ['more rows', ['a', 'b', 'c'], { items: ['a', 'b'], next: cursor('key of b') }],
  ])('of %s has the cursor of its last row if more follow', (_of, rows, page) => {
    expect(pageOf(rows, 2, (row) => `key of ${row}`)).toEqual(page);
  });

  test('of three rows has the cursor of the third', () => {
    expect(pageOf([1, 2, 3, 4], 3, String)).toEqual({ items: [1, 2, 3], next: cursor('3') });
  });

  test('that may have no row has no cursor', () => {
    expect(pageOf(['a'], 0, String)).toEqual({ items: [] });
  });

  test('ends before the row with which its JSON would be larger than a mebibyte, and has one row at least', () => {
    const [half, whole] = [maxPageBytes / 2, maxPageBytes].map((bytes) => 'x'.repeat(bytes - 2));
    expect(fittingLimit([], 9)).toBe(9);
    expect(fittingLimit([half, half], 9)).toBe(9);
    expect(fittingLimit([half, half, ''], 9)).toBe(2);
    expect(fittingLimit([half, half, ''], 1)).toBe(1);
    expect(fittingLimit([whole, ''], 9)).toBe(1);
    expect(fittingLimit([`${whole}x`, ''], 9)).toBe(1);
    expect(fittingLimit(['é'.repeat(maxPageBytes / 2), ''], 9)).toBe(1);
  });
});

describe('a cursor', () => {
  test('is read as its key, and without one nothing is read', () => {
    expect(cursorOf(cursor('key'), /^key$/)).toBe('key');
    expect(cursorOf(undefined, /^key$/)).toBeUndefined();
    expect(numbersInCursor(undefined)).toEqual([]);
    expect(placeInCursor(undefined, undefined)).toBeUndefined();
    expect(placeInCursor(undefined, '')).toBeUndefined();
  });

  test('of numbers has as many as the list has columns in its order, and none that a column cannot hold', () => {
    expect(numbersInCursor(cursor(String(maxId)))).toEqual([maxId]);
    expect(numbersInCursor(cursor('1.0.22'), 3)).toEqual([1, 0, 22]);
    for (const [key, count] of [
      ['', 1],
      ['1.2', 1],
      ['1', 2],
      [`${maxId + 1}`, 1],
      [`1.${maxId + 1}`, 2],
      ['12345678901', 1],
      ['1.12345678901', 2],
      ['1.', 2],
      ['.1', 2],
      ['x1', 1],
      ['1x', 1],
      ['1x2', 1],
      ['-1', 1],
    ] as const)
      expect(() => numbersInCursor(cursor(key), count), key).toThrow(refusal);
  });

  test('of a place is an id, and where the list is sorted by text also its text', () => {
    expect(placeInCursor(cursor('7'), undefined)).toEqual({ id: 7 });
    expect(placeInCursor(cursor('7.'), '')).toEqual({ id: 7, text: '' });
    expect(placeInCursor(cursor(`${maxId}.ada.b\nc`), 'ada')).toEqual({ id: maxId, text: 'ada.b\nc' });
    for (const [key, prefix] of [
      ['7.ada', undefined],
      ['7', ''],
      ['x7.ada', ''],
      ['.ada', ''],
      ['12345678901.ada', ''],
      [`${maxId + 1}.ada`, ''],
      ['7.a\0', ''],
      ['7.ada', 'bob'],
      ['7.ada', 'da'],
    ] as const)
      expect(() => placeInCursor(cursor(key), prefix), key).toThrow(refusal);
  });
});
