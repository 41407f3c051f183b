import { expect, test } from 'vitest';
import { countOf } from '../../src/http/raw-headers.ts';
import { remember } from '../../src/http/remember.ts';

function counting(most?: number) {
  const calls: string[] = [];
  const read = remember((text: string) => text.length + calls.push(text) * 0, most);
  return { calls, read };
}

test('a text is read once, and its result is returned again, also if it is falsy', () => {
  const { calls, read } = counting();
  expect([read('abc'), read(''), read('abc'), read('')]).toEqual([3, 0, 3, 0]);
  expect(calls).toEqual(['abc', '']);
});

test('results are forgotten when there are too many, so that callers cannot fill the memory', () => {
  const { calls, read } = counting(2);
  for (const text of ['a', 'b', 'c', 'a']) read(text);
  expect(calls).toEqual(['a', 'b', 'c', 'a']);
});

test('the result of a long text is not kept', () => {
  const { calls, read } = counting();
  const longest = 'x'.repeat(256);
  expect([read(longest), read(longest)]).toEqual([256, 256]);
  expect(calls.splice(0)).toHaveLength(1);
  const long = 'x'.repeat(257);
  expect([read(long), read(long)]).toEqual([257, 257]);
  expect(calls).toHaveLength(2);
});

test('the fields of one name are counted in any case, and values are no names', () => {
  const raw = ['Host', 'a', 'X', 'host', 'HOST', 'b', 'hosts', 'c'];
  expect(countOf(raw, 'host')).toBe(2);
  expect(countOf([], 'host')).toBe(0);
});
