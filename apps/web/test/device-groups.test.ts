import type { Session } from '@signet/contracts';
import { expect, test } from 'vitest';
import { findNewAddresses, groupDevices } from '../src/pages/account/device-groups.ts';
import { deviceOf } from '../src/pages/device-name.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36';

function session(id: string, changes: Partial<Session> = {}): Session {
  return {
    id,
    carrier: 'bearer',
    created_at: daysAgo(1),
    last_used_at: daysAgo(1),
    expires_at: daysAgo(-6),
    ip: '10.0.0.1',
    user_agent: chrome,
    current: false,
    ...changes,
  };
}

test.each([
  [chrome, 'Chrome on Linux', 'computer'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1',
    'Safari on iPhone',
    'phone',
  ],
  ['Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) Version/19.0 Safari/604.1', 'Safari on iPad', 'tablet'],
  ['curl/8.14.1', 'curl', 'program'],
  ['JobRunner/4.11', 'JobRunner/4.11', 'unknown'],
  [null, 'Unknown device', 'unknown'],
])('the user agent %s is shown as %s with the icon of a %s', (userAgent, name, kind) => {
  expect(deviceOf(userAgent)).toEqual({ name, kind });
});

test('sessions of one browser and carrier are one group, and the current one stays alone and first', () => {
  const groups = groupDevices([
    session('a'),
    session('b', { carrier: 'cookie' }),
    session('c', { user_agent: 'curl/8.14.1' }),
    session('d', { current: true }),
    session('e'),
  ]);
  expect(groups.map(({ name, sessions }) => [name, ...sessions.map(({ id }) => id)])).toEqual([
    ['Chrome on Linux', 'd'],
    ['Chrome on Linux', 'a', 'e'],
    ['Chrome on Linux', 'b'],
    ['curl', 'c'],
  ]);
});

test('a sign-in of this week from an address that no earlier one had is marked', () => {
  const marked = findNewAddresses(
    [
      session('known', { created_at: daysAgo(1) }),
      session('new', { created_at: daysAgo(2), ip: '192.0.2.7' }),
      session('again', { created_at: daysAgo(0), ip: '192.0.2.7' }),
      session('old', { created_at: daysAgo(9), ip: '198.51.100.1' }),
      session('first', { created_at: daysAgo(20) }),
    ],
    now,
  );
  expect([...marked]).toEqual(['new']);
});

test('another address of a known network is not marked, nor is the network that the reader uses now', () => {
  const marked = findNewAddresses(
    [
      session('first', { created_at: daysAgo(6) }),
      session('neighbour', { created_at: daysAgo(5), ip: '10.0.0.77' }),
      session('IPv6', { created_at: daysAgo(4), ip: '2001:db8:12:7:1:2:3:4' }),
      session('IPv6 again', { created_at: daysAgo(3), ip: '2001:db8:12:7:5:6:7:8' }),
      session('mapped', { created_at: daysAgo(3), ip: '::ffff:192.0.2.7' }),
      session('own network', { created_at: daysAgo(2), ip: '198.51.100.1' }),
      session('own', { created_at: daysAgo(1), ip: '198.51.100.1', current: true }),
    ],
    now,
  );
  expect([...marked]).toEqual(['neighbour', 'IPv6', 'mapped']);
});

test('the only sign-in is not marked, because nothing is known to compare it with', () => {
  expect(findNewAddresses([session('only')], now).size).toBe(0);
});
