import { expect, test } from 'vitest';
import { createOriginGuard } from '../../src/http/origin-guard.ts';
import { requestOf } from '../request-of.ts';

const guard = createOriginGuard({ origins: ['https://app.example'], hasSessionCookie: () => true });

const sent = (method: string, headers: Record<string, string>) =>
  requestOf({ method, headers, protocol: 'https', host: 'api.example' });

test.each(['GET', 'HEAD', 'OPTIONS'])(
  '%s from a foreign page passes with a cookie of ours, because it changes nothing',
  (method) => {
    expect(() => guard(sent(method, { origin: 'https://evil.example' }), false)).not.toThrow();
  },
);

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s from a foreign page is refused with a cookie of ours',
  (method) => {
    expect(() => guard(sent(method, { origin: 'https://evil.example' }), false)).toThrow();
  },
);

test('a guarded endpoint is refused to a foreign page by any method', () => {
  expect(() => guard(sent('GET', { 'sec-fetch-site': 'cross-site' }), true)).toThrow();
  expect(() => guard(sent('GET', { 'sec-fetch-site': 'none' }), true)).not.toThrow();
});
