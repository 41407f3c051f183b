import { expect, test } from 'vitest';
import { diagnose, type Facts } from '../src/index.ts';
import { withholdValues } from '../src/probe/withhold-values.ts';

const token = `${'a'.repeat(36)}.${'b'.repeat(4200)}.${'c'.repeat(43)}`;

const sent = (method: string, path: string, headers: [string, string][], body = '') => ({
  url: `http://localhost:8086${path}`,
  method,
  path,
  outcome: { status: 200, headers, body, at: 0 },
});

test('The facts for the page have no token of the probe’s sign-in, and lead to the same verdict.', () => {
  const allowed: [string, string][] = [
    ['Access-Control-Allow-Origin', 'http://localhost:4100'],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Vary', 'Origin'],
    ['X-Request-Id', '0f2f6f2e-1111-2222-3333-444455556666'],
  ];
  const facts: Facts = {
    target: { api: 'http://localhost:8086', origin: 'http://localhost:4100', site: 'same-site' },
    probe: {
      addresses: [{ address: '127.0.0.1' }],
      reads: [sent('GET', '/', allowed, token)],
      preflights: [],
      otherOrigins: [],
      grantedOrigins: [],
      guarded: [],
      signetElsewhere: [],
      signIn: sent(
        'POST',
        '/api/users/authenticate',
        [...allowed, ['Set-Cookie', `jwt=${token}; Path=/`]],
        token,
      ),
    },
  };
  const withheld = withholdValues(facts);
  expect(JSON.stringify(withheld)).not.toMatch(/a{32}|b{32}|c{32}/);
  expect(withheld.probe?.signIn?.outcome).toMatchObject({ headers: expect.arrayContaining([allowed[3]]) });
  expect(diagnose(withheld)).toEqual(diagnose(facts));
  expect(diagnose(facts).findings.map(({ id }) => id)).toEqual(['too-long']);
});
