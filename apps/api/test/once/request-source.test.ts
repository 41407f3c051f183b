import type { Request } from 'express';
import { expect, test } from 'vitest';
import { sourceOf } from '../../src/http/request-source.ts';

type Given = { forwarded?: string; ip?: string; remoteAddress?: string; agent?: string };

function read({ forwarded, ip, remoteAddress, agent }: Given) {
  const headers = { 'x-forwarded-for': forwarded, 'user-agent': agent };
  return sourceOf({ headers, ip, socket: { remoteAddress }, id: 'r-12345678' } as unknown as Request);
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

test.each([
  ['is taken as it is', 'curl/8.1', 'curl/8.1'],
  ['in UTF-8 is read as such', Buffer.from('Zoë 😀').toString('latin1'), 'Zoë 😀'],
  ['that is not UTF-8 is read as Latin-1', 'Zo\u00eb', 'Zoë'],
  ['has no control characters', 'a\tb\u0085c', 'a\ufffdb\ufffdc'],
  ['has at most 255 code points', Buffer.from('😀'.repeat(300)).toString('latin1'), '😀'.repeat(255)],
  ['that is empty stays so', '', ''],
])('the user agent %s', (_, agent, shown) => {
  expect(read({ agent }).user_agent).toBe(shown);
});
