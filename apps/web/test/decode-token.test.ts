import { expect, test } from 'vitest';
import { decodeToken } from '../src/token/decode.ts';

const part = (text: string) => Buffer.from(text).toString('base64url');

test('a token with a byte order mark before its JSON is not decoded, as in the API', () => {
  const [header, payload] = ['{"alg":"HS256"}', '{"sub":"1"}'];
  expect(decodeToken(`${part(header)}.${part(payload)}.c2ln`)).toMatchObject({
    header: { alg: 'HS256' },
    payload: { sub: '1' },
  });
  expect(decodeToken(`${part(header)}.${part(`\ufeff${payload}`)}.c2ln`)).toBeNull();
  expect(decodeToken(`${part(`\ufeff${header}`)}.${part(payload)}.c2ln`)).toBeNull();
});
