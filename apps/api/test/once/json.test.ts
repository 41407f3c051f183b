import { expect, test } from 'vitest';
import { parseJson, refuseHostile } from '../../src/http/json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

/** Arrays and objects in turn, so many levels of them. */
const nested = (levels: number): string => {
  if (levels === 0) return '1';
  return levels % 2 === 0 ? `[${nested(levels - 1)}]` : `{"a":${nested(levels - 1)}}`;
};

test.each([
  '1',
  'null',
  '"text"',
  '[]',
  ' {} ',
  '{"a":{"b":{"c":1},"d":[{"e":1},{"e":2}]}}',
  // What looks like a name within a text is not one.
  '{"a":"\\"b\\":1","c":"b\\\\","d":"x:"}',
  '{"a":["x",":y"]}',
  '{"a" \n : "b"}',
  '{"\\u0061":1,"b":"\\ud83d\\ude00 é"}',
  '{"__proto":1,"construct":1}',
  nested(32),
])('the JSON %s is read as JSON.parse reads it', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test.each([
  ['{', 'The body is not JSON'],
  ['', 'The body is not JSON'],
  ["{'a':1}", 'The body is not JSON'],
  ['{"a":1,"a":2}', 'The JSON names a member twice'],
  ['{"a":1,"\\u0061":2}', 'The JSON names a member twice'],
  ['{"a":{"b":1,"b":1}}', 'The JSON names a member twice'],
  ['[{"a":[{"b":1,"b" :1}]}]', 'The JSON names a member twice'],
  [nested(33), 'The JSON is nested deeper than 32'],
  ['{"__proto__":1}', 'The request has a member with a reserved name'],
  ['{"a":[{"constructor":1}]}', 'The request has a member with a reserved name'],
  ['{"prototype":1}', 'The request has a member with a reserved name'],
  ['"a\\u0000"', 'The request has a NUL or a lone surrogate in a text'],
  ['{"a\\u0000":1}', 'The request has a NUL or a lone surrogate in a text'],
  ['{"a":["\\ud800"]}', 'The request has a NUL or a lone surrogate in a text'],
  ['{"\\udc00":1}', 'The request has a NUL or a lone surrogate in a text'],
])('the JSON %s is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
});

test('the refusal of what is no JSON has no cause, which would quote it', () => {
  try {
    parse('{"password":"a secret"');
    expect.unreachable();
  } catch (error) {
    expect(error).not.toHaveProperty('cause');
  }
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => parseJson(Buffer.from('"\xff"', 'latin1'))).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: 'The text is not UTF-8',
      cause: expect.any(TypeError),
    }),
  );
});

test('a value that did not come as JSON is examined alike', () => {
  expect(() => refuseHostile({ q: 'a\0' })).toThrow();
  expect(() => refuseHostile({ q: ['fine', undefined, null, 1] })).not.toThrow();
});
