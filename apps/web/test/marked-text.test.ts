import { expect, test } from 'vitest';
import { splitAtMatches } from '../src/ui/marked-text.tsx';

test.each([
  ['Thomas Edison', 'edi', 'Thomas [Edi]son'],
  ['toby', 'TO', '[to]by'],
  ['Edison', 'dis', 'Edison'],
  ['anna-maria', 'ma', 'anna-[ma]ria'],
  ['Anna Annabel', 'anna', '[Anna] [Anna]bel'],
  ['Οδυσσεύς', 'οδυσ', '[Οδυσ]σεύς'],
  ['toby', '', 'toby'],
  ['a.b', '.b', 'a.b'],
])('in %s, a search for "%s" marks %s', (text, query, marked) => {
  const parts = splitAtMatches(text, query);
  expect(parts.map(({ part, isMatch }) => (isMatch ? `[${part}]` : part)).join('')).toBe(marked);
});
