import { expect, test } from 'vitest';
import { loadCause } from '../src/causes/load-cause.ts';
import { causeIds, causes, isCauseId, precedence } from '../src/index.ts';

test('The catalogue has 118 causes in nine groups, each with a code of its own.', () => {
  const codes = causeIds.map((id) => causes[id].code);
  expect(new Set(codes).size).toBe(118);
  const count = (letter: string) => codes.filter((code) => code.startsWith(letter)).length;
  expect(Object.fromEntries([...'NOHCTSGBF'].map((letter) => [letter, count(letter)]))).toEqual({
    N: 24,
    O: 7,
    H: 26,
    C: 25,
    T: 18,
    S: 8,
    G: 2,
    B: 2,
    F: 6,
  });
});

test('The order of precedence has every cause once.', () => {
  expect([...precedence].sort()).toEqual([...causeIds].sort());
});

test('Every text is a sentence that ends with a full stop, and every cause has a source over https.', () => {
  for (const id of causeIds) {
    const { says, seen, why, fix, references } = causes[id];
    for (const text of [says, seen, why, ...fix.map((each) => each.do)])
      expect([id, text, /^\S.*[.?]$/.test(text)]).toEqual([id, text, true]);
    expect([id, references.length > 0 && references.every(({ url }) => url.startsWith('https://'))]).toEqual([
      id,
      true,
    ]);
  }
});

test('A text that is no id of a cause is refused, those of Object.prototype too.', () => {
  expect(['preflight-needs-auth', 'constructor', 'nothing'].map(isCauseId)).toEqual([true, false, false]);
});

test('Every cause can be loaded with its group alone, and a text that is no id loads nothing.', async () => {
  for (const id of causeIds) expect(await loadCause(id)).toBe(causes[id]);
  expect(await loadCause('constructor')).toBeUndefined();
});
