import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { createForwardedCheck, forwardedAddress } from '../../src/http/forwarded-address.ts';
import { requestOf } from '../request-of.ts';

test.each([
  ['192.0.2.43', '192.0.2.43'],
  ['192.0.2.43:47011', '192.0.2.43'],
  ['"192.0.2.43:47011"', '192.0.2.43'],
  ['192.0.2.43:_hidden', '192.0.2.43'],
  ['2001:db8::17', '2001:db8::17'],
  ['[2001:db8::17]', '2001:db8::17'],
  ['[2001:db8::17]:80', '2001:db8::17'],
  ['"[2001:db8::17]:_gate.1-x"', '2001:db8::17'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%eth0]:80', 'fe80::1'],
])('the address in what a proxy wrote is read: %s', (node, address) => {
  expect(forwardedAddress(node)).toBe(address);
});

test.each([
  undefined,
  '',
  '""',
  '[]',
  'unknown',
  '_hidden',
  '999.1.1.1',
  '192.0.2.43:',
  '192.0.2.43:_',
  '192.0.2.43:a1',
  '192.0.2.43:999999',
  '192.0.2.43:_a b',
  '[2001:db8::17',
  'x[2001:db8::17]',
  '[2001:db8::17]x',
  '"192.0.2.43',
  '192.0.2.43"',
  'a"192.0.2.43"',
  '"192.0.2.43"b',
])('anything else has no address: %s', (node) => {
  expect(forwardedAddress(node)).toBeUndefined();
});

test('an operator learns once of a proxy that forwards no address, and every request goes on', () => {
  const warn = vi.fn();
  const next = vi.fn();
  const check = createForwardedCheck({ warn });
  check(requestOf({ ip: '192.0.2.43' }), {} as Response, next);
  expect(warn).not.toHaveBeenCalled();
  for (const ip of ['unknown', 'unknown', '192.0.2.43', undefined])
    check(requestOf({ ip }), {} as Response, next);
  expect(next).toHaveBeenCalledTimes(5);
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^X-Forwarded-For .+ correct TRUST_PROXY\.$/)]]);
  expect(warn.mock.calls[0]?.[0]).toContain("share the limits of the proxy's own address");
});
