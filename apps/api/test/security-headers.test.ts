import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

test.each(['/healthz', '/problems/internal', '/protected', '/nothing'])(
  'the answer of %s tells browsers to run, embed, frame and sniff nothing of it',
  async (path) => {
    const api = await startApi();
    const { headers } = await api.send('GET', path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  },
);
