import { expect, test } from 'vitest';
import { parseQuery } from '../../src/http/query.ts';

test.each([
  [undefined, {}],
  [null, {}],
  ['', {}],
  ['a=1&b=%C3%A9+x&c', { a: '1', b: 'é x', c: '' }],
  ['a=1&a=2', { a: ['1', '2'] }],
])('the query %j is read as %j', (query, members) => {
  expect(parseQuery(query)).toEqual(members);
});

test('the members of a query are those of an ordinary object', () => {
  // A library may call a method of it.
  expect(Object.getPrototypeOf(parseQuery('a=1'))).toBe(Object.prototype);
});

test.each(['a=%ff', 'a=%', '%C3=1', 'a=1&b=%zz'])('the query %s is refused with the reason', (query) => {
  expect(() => parseQuery(query)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: 'The query is not UTF-8 in percent-encoding; a % itself is %25',
      cause: expect.any(URIError),
    }),
  );
});
