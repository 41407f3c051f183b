import { expect, test } from 'vitest';
import { sourceOf } from '../../src/http/request-source.ts';
import { requestOf } from '../request-of.ts';

type Given = { forwarded?: string; ip?: string; remoteAddress?: string };

function read({ forwarded, ip, remoteAddress }: Given) {
  const headers = { 'x-forwarded-for': forwarded };
  return sourceOf(requestOf({ headers, ip, socket: { remoteAddress }, id: 'r-12345678' }));
}

test.each<[string, Given, string | null]>([
  [
    'of the connection, where nothing is forwarded',
    { ip: '192.0.2.1', remoteAddress: '192.0.2.2' },
    '192.0.2.2',
  ],
  [
    'that Express trusts, where one is forwarded',
    { forwarded: '192.0.2.1', ip: '192.0.2.1', remoteAddress: '192.0.2.2' },
    '192.0.2.1',
  ],
  [
    'of the connection, where what is forwarded is not an address',
    { forwarded: 'unknown', ip: 'unknown', remoteAddress: '192.0.2.2' },
    '192.0.2.2',
  ],
  ['that does not exist, where nobody knows one', { forwarded: 'unknown' }, null],
  ['that does not exist, once the caller has left', {}, null],
])('a request comes from the address %s', (_, given, ip) => {
  expect(read(given)).toEqual({ ip, user_agent: null, request_id: 'r-12345678' });
});
