import { describe, expect, test } from 'vitest';
import { unsafeHeaderNames } from '../src/browser/cors-rules.ts';

const namesOf = (headers: Record<string, string>) => unsafeHeaderNames(Object.entries(headers));

describe('the headers for which a browser asks first', () => {
  test.each([
    ['no header', {}],
    ['accept with media types', { accept: 'text/csv, */*;q=0.1' }],
    ['accept of 128 bytes', { accept: 'a'.repeat(128) }],
    ['accept with a tab', { accept: 'text/csv,\ttext/plain' }],
    ['a list of languages', { 'Accept-Language': 'de-CH, en;q=0.5, *' }],
    ['the language of the body', { 'content-language': 'de-CH' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }],
    ['an upload', { 'content-type': 'multipart/form-data; boundary=----x' }],
    ['text, in any case', { 'Content-Type': 'TEXT/Plain' }],
    ['a range with a start', { range: 'bytes=0-' }],
    ['a range with both ends', { range: 'bytes=5-5' }],
  ])('%s is safelisted', (_, headers) => {
    expect(namesOf(headers)).toEqual([]);
  });

  test.each([
    ['authorization', { Authorization: 'Bearer a' }, ['authorization']],
    ['a header of our own', { 'X-Request-Id': '1' }, ['x-request-id']],
    ['JSON', { 'content-type': 'application/json' }, ['content-type']],
    ['no media type', { 'content-type': '' }, ['content-type']],
    ['a boundary in quotation marks', { 'content-type': 'text/plain; a="b"' }, ['content-type']],
    ['accept of 129 bytes', { accept: 'a'.repeat(129) }, ['accept']],
    ['accept with a bracket', { accept: 'a(b' }, ['accept']],
    ['accept with DEL', { accept: 'a\x7f' }, ['accept']],
    ['a language with an underscore', { 'accept-language': 'de_CH' }, ['accept-language']],
    ['a range from the end', { range: 'bytes=-500' }, ['range']],
    ['a range that falls', { range: 'bytes=9-1' }, ['range']],
    ['two ranges', { range: 'bytes=0-1,3-4' }, ['range']],
    ['several, sorted', { 'x-b': '', Authorization: '', 'x-a': '' }, ['authorization', 'x-a', 'x-b']],
  ])('%s needs a preflight', (_, headers, names) => {
    expect(namesOf(headers)).toEqual(names);
  });

  test('safelisted headers of more than 1024 bytes together need a preflight, and of 1024 bytes they do not', () => {
    const eight = Array.from({ length: 8 }, () => ['accept', 'a'.repeat(128)] as const);
    expect(unsafeHeaderNames(eight)).toEqual([]);
    expect(unsafeHeaderNames([...eight, ['accept-language', 'd']])).toEqual(['accept', 'accept-language']);
  });
});
