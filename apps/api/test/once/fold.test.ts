import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../src/db/fold.ts';

const sigmas = fc.constantFrom('σ', 'ς', 'Σ', 'İ', 'ß', 'ẞ', 'ﬃ');

test('every character folds to the same text in upper and lower case, on its own and at the end of a word', () => {
  const escaped = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    for (const text of [character, `ab${character}`]) {
      const folded = fold(text);
      const others = [text.toLowerCase(), text.toUpperCase(), folded];
      if (others.some((other) => fold(other) !== folded)) escaped.push(code.toString(16));
    }
  }
  expect(escaped).toEqual([]);
});

test('the fold of a prefix is a prefix of the fold, if the prefix ends where a user-perceived character ends', () => {
  const graphemes = fc.array(fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), sigmas), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(graphemes, (characters) => {
      const whole = fold(characters.join(''));
      for (let length = 0; length < characters.length; length += 1)
        expect(whole.startsWith(fold(characters.slice(0, length).join('')))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('only marks and Hangul vowels and final consonants change the fold of the character before them', () => {
  const changing = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    const changes = ['a', 'οδυσ', '\u1112', '하'].some(
      (before) => !fold(before + character).startsWith(fold(before)),
    );
    if (changes && !/^(\p{M}|[\u1160-\u11ff])/u.test(character.normalize('NFKC')))
      changing.push(code.toString(16));
  }
  expect(changing).toEqual([]);
});
