import { expect, test } from 'vitest';
import { fold } from '../../src/db/fold.ts';

test('no character escapes by being spelled in the other case, on its own or at the end of a word', () => {
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
