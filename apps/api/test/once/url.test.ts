import { expect, test } from 'vitest';
import { urlOf } from '../../src/http/url.ts';

test.each([
  ['127.0.0.1', 'IPv4', 'http://localhost:8086'],
  ['::1', 'IPv6', 'http://localhost:8086'],
  ['0.0.0.0', 'IPv4', 'http://localhost:8086'],
  ['::', 'IPv6', 'http://localhost:8086'],
  ['192.168.1.7', 'IPv4', 'http://192.168.1.7:8086'],
  ['2001:db8::7', 'IPv6', 'http://[2001:db8::7]:8086'],
])('the URL of a server that listens at %s can be opened', (address, family, url) => {
  expect(urlOf({ address, family, port: 8086 })).toBe(url);
  expect(new URL(url).origin).toBe(url);
});

test.each([
  ['/run/signet.sock', '/run/signet.sock'],
  [null, 'null'],
])('what listens at no port has no URL, and is named: %s', (listening, name) => {
  expect(urlOf(listening)).toBe(name);
});
