import type { Request } from 'express';
import { expect, test } from 'vitest';
import { createOriginGuard } from '../../src/http/origin-guard.ts';

const guard = createOriginGuard({ origins: ['https://app.example'], hasSessionCookie: () => true });

// What the guard reads of a request, and nothing else of Express's.
const requestOf = (method: string, headers: Record<string, string>) =>
  ({ method, headers, protocol: 'https', host: 'api.example' }) as unknown as Request;

test.each(['GET', 'HEAD', 'OPTIONS'])(
  '%s from a foreign page passes with a cookie of ours, because it changes nothing',
  (method) => {
    expect(() => guard(requestOf(method, { origin: 'https://evil.example' }), false)).not.toThrow();
  },
);

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s from a foreign page is refused with a cookie of ours',
  (method) => {
    expect(() => guard(requestOf(method, { origin: 'https://evil.example' }), false)).toThrow();
  },
);

test('a guarded endpoint is refused to a foreign page by any method', () => {
  expect(() => guard(requestOf('GET', { 'sec-fetch-site': 'cross-site' }), true)).toThrow();
  expect(() => guard(requestOf('GET', { 'sec-fetch-site': 'none' }), true)).not.toThrow();
});
