import { expect, test } from 'vitest';
import { countOf } from '../../src/http/raw-headers.ts';

test.each([
  [['Host', 'a', 'hOST', 'b'], 2],
  [['X-Name', 'host', 'Host', 'a'], 1],
  [['hose', 'a', 'hosts', 'b', 'hos', 'c'], 0],
  [[], 0],
])('the fields of %j that are Host, in any case, are counted: %i', (rawHeaders, count) => {
  expect(countOf(rawHeaders, 'host')).toBe(count);
});
