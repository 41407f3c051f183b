import { expect, test } from 'vitest';
import { withoutRuns } from '../../src/auth/keyboard-runs.ts';

test.each([
  ['', ''],
  ['ab', 'ab'],
  ['abc', ''],
  ['zyx', ''],
  ['abd', 'abd'],
  ['aab', 'aab'],
  ['aaab', 'b'],
  ['aabb', 'aabb'],
  ['xabcdy', 'xy'],
  ['qwex', 'x'],
  ['xpoi', 'x'],
  ['🦊🦊🦊a', 'a'],
])('the text %j without its runs of three characters or more is %j', (text, rest) => {
  expect(withoutRuns(text)).toBe(rest);
});
