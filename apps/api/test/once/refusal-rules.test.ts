import { createHmac, randomBytes } from 'node:crypto';
import { type RefusalRule, refusalRules } from '@signet/contracts';
import { expect, test } from 'vitest';
import { createAuthenticate, findBearer } from '../../src/auth/authenticate.ts';
import { createCookies } from '../../src/auth/cookies.ts';
import { createKeyRing } from '../../src/auth/keys.ts';
import { createTokens } from '../../src/auth/tokens.ts';
import { AppError } from '../../src/errors.ts';
import type { Principal } from '../../src/http/call.ts';
import { refuseStrangers } from '../../src/system/metrics-access.ts';

const secret = randomBytes(48);
const keys = createKeyRing({ secret, previousSecrets: [], algorithm: 'HS256', previousPublicKeys: [] });
const now = Date.UTC(2026, 0, 1);
const issuer = 'http://localhost:8086';
const tokens = createTokens({ keys, issuer, audience: 'signet', lifetimeSeconds: 3600, now: () => now });

const session_id = 'A'.repeat(22);
const live: Principal = { user_id: 2, uid: 'niko', role: 'user', session_id, carrier: 'bearer' };
const authenticate = createAuthenticate({
  tokens,
  cookies: createCookies({ profile: 'local', partitioned: false, tokenSeconds: 3600, refreshSeconds: 60 }),
  findPrincipal: async (id) => (id === session_id ? live : undefined),
});

const good = tokens.sign({ user_id: 2, uid: 'niko', session_id });
const [head = '', payload = '', signature = ''] = good.split('.');
const header = read(head);
const claims = read(payload);

function read(segment: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(segment, 'base64url').toString());
}

function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** A token that the API's own key signs, whatever it says. */
function forge(headerPart: unknown, payloadPart: unknown): string {
  const input = `${encode(headerPart)}.${encode(payloadPart)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const iat = now / 1000;
const bearer = (token: string) => ({ authorization: [`Bearer ${token}`] });

/** Requests that differ from a good one in one thing, by the rule that has to refuse them. */
const refused: readonly (readonly [RefusalRule, Record<string, string[]>])[] = [
  ['no-token', {}],
  ['scheme', { authorization: ['Basic dG9ieTo='] }],
  ['bearer-syntax', { authorization: ['Bearer'] }],
  ['bearer-syntax', bearer(`Bearer ${good}`)],
  ['bearer-syntax', bearer(`"${good}"`)],
  ['bearer-syntax', bearer(`"${good}`)],
  ['bearer-syntax', bearer(`${good}"`)],
  ['two-authorizations', { authorization: [`Bearer ${good}`, `Bearer ${good}`] }],
  ['two-cookies', { cookie: [`jwt=${good}; jwt=${good}`] }],
  ['token-size', bearer(forge(header, { ...claims, pad: 'x'.repeat(4096) }))],
  ['token-size', bearer('a'.repeat(4097))],
  ['token-shape', bearer('a'.repeat(4096))],
  ['token-shape', bearer('undefined')],
  ['token-shape', bearer(`${good}.${signature}`)],
  ['token-shape', bearer('a.b.c.d.e')],
  ['base64url', bearer(`${good}=`)],
  ['base64url', bearer(`${head}.${payload}.`)],
  ['header-json', bearer(forge('not json', claims))],
  ['header-json', bearer(forge('{"alg":"HS256","alg":"none","typ":"at+jwt","kid":"x"}', claims))],
  ['header-json', bearer(forge([], claims))],
  ['header-json', bearer(forge(`\ufeff${JSON.stringify(header)}`, claims))],
  ['header-member', bearer(forge({ ...header, crit: ['exp'] }, claims))],
  ['header-member', bearer(forge({ ...header, jku: 'https://evil.example' }, claims))],
  ['typ', bearer(forge({ ...header, typ: 'JWT' }, claims))],
  ['alg', bearer(forge({ ...header, alg: 'none' }, claims))],
  ['alg', bearer(forge({ ...header, alg: 'RS256' }, claims))],
  ['kid', bearer(forge({ ...header, kid: 'unknown' }, claims))],
  ['kid', bearer(forge({ ...header, kid: undefined }, claims))],
  ['signature', bearer(`${head}.${encode({ ...claims, sub: '1' })}.${signature}`)],
  ['payload-json', bearer(forge(header, 'not json'))],
  ['payload-json', bearer(forge(header, '"text"'))],
  ['payload-json', bearer(forge(header, `\ufeff${JSON.stringify(claims)}`))],
  ['claims', bearer(forge(header, { ...claims, sid: undefined }))],
  ['claims', bearer(forge(header, { ...claims, exp: '1' }))],
  ['iss', bearer(forge(header, { ...claims, iss: 'https://other.example' }))],
  ['aud', bearer(forge(header, { ...claims, aud: 'other' }))],
  ['lifetime', bearer(forge(header, { ...claims, exp: iat + 3601 }))],
  ['lifetime', bearer(forge(header, { ...claims, exp: iat }))],
  ['lifetime', bearer(forge(header, { ...claims, iat: iat + 4, exp: iat + 2 }))],
  ['not-before', bearer(forge(header, { ...claims, iat: iat + 6, exp: iat + 3606 }))],
  ['not-before', bearer(forge(header, { ...claims, nbf: iat + 6 }))],
  ['exp', bearer(forge(header, { ...claims, iat: iat - 3600, exp: iat }))],
  ['session', bearer(forge(header, { ...claims, sid: 'B'.repeat(22) }))],
  ['carrier', { cookie: [`jwt=${good}`] }],
  ['sub', bearer(forge(header, { ...claims, sub: '3' }))],
];

/** As Node and cookie-parser leave a request. */
function requestOf(headers: Record<string, string[]>) {
  const cookie = headers.cookie?.[0];
  const [, jwt] = /^jwt=([^;]+)/.exec(cookie ?? '') ?? [];
  const authorization = headers.authorization?.[0];
  const rawHeaders = Object.entries(headers).flatMap(([name, values]) =>
    values.flatMap((value) => [name, value]),
  );
  return {
    headers: { ...(cookie && { cookie }), ...(authorization !== undefined && { authorization }) },
    rawHeaders,
    cookies: jwt ? { jwt } : {},
  };
}

test('the request that the refused ones differ from is let in', async () => {
  expect(await authenticate(requestOf(bearer(good)))).toEqual(live);
});

test('the token of a bearer header is found whatever its case and its spaces, and no other header has one', async () => {
  for (const header of [`Bearer ${good}`, `bearer   ${good}`, ` BEARER ${good} `]) {
    expect(findBearer(header)).toBe(good);
    expect(await authenticate(requestOf({ authorization: [header] }))).toEqual(live);
  }
  for (const header of [
    undefined,
    '',
    'Bearer',
    'Basic dG9ieTo=',
    `Bearer ${good} ${good}`,
    `Bearer "${good}"`,
  ])
    expect(findBearer(header)).toBeUndefined();
});

test('a token of a cookie session is let in by its cookie, and refused in a header', async () => {
  const byCookie = createAuthenticate({
    tokens,
    cookies: createCookies({ profile: 'local', partitioned: false, tokenSeconds: 3600, refreshSeconds: 60 }),
    findPrincipal: () => ({ ...live, carrier: 'cookie' }),
  });
  const there = { ...live, carrier: 'cookie' };
  expect(await byCookie(requestOf({ cookie: [`jwt=${good}`] }))).toEqual(there);
  await expect((async () => byCookie(requestOf(bearer(good))))()).rejects.toMatchObject({ rule: 'carrier' });
});

test.each([
  ['issued five seconds from now', { iat: iat + 5, exp: iat + 3605 }],
  ['valid from five seconds from now on', { nbf: iat + 5 }],
  ['that expires in a second', { iat: iat - 3599, exp: iat + 1 }],
])('a token %s is let in, because the clocks of two machines differ', async (_name, times) => {
  expect(await authenticate(requestOf(bearer(forge(header, { ...claims, ...times }))))).toEqual(live);
});

test.each([1999, 2199])(
  'in the year %i the times of a token are compared with the clock that the API was given, and with no other',
  (year) => {
    const then = Date.UTC(year, 0, 1);
    const inThatYear = createTokens({
      keys,
      issuer,
      audience: 'signet',
      lifetimeSeconds: 3600,
      now: () => then,
    });
    const times = { iat: then / 1000, nbf: then / 1000 + 5, exp: then / 1000 + 3600 };
    const own = { ...claims, ...times };
    expect(inThatYear.verify(forge(header, own))).toEqual(own);
  },
);

test('an expired token still names its session and its user, and a token that we did not sign names none', () => {
  const expired = forge(header, { ...claims, iat: iat - 3600, exp: iat });
  expect(tokens.identify(expired)).toBe(session_id);
  expect(tokens.identifyDevice(expired)).toEqual({ user_id: 2, id: session_id });
  for (const foreign of [`${head}.${payload}.${'A'.repeat(43)}`, 'undefined', '']) {
    expect(tokens.identify(foreign)).toBeUndefined();
    expect(tokens.identifyDevice(foreign)).toBeUndefined();
  }
});

test.each(refused)('the rule %s refuses what breaks it, and no other rule does', async (rule, headers) => {
  const refusal = await Promise.resolve()
    .then(() => authenticate(requestOf(headers)))
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ rule, code: refusalRules[rule].code });
});

test('the rule operator-token refuses every other token at the metrics, and not the right one', () => {
  const access = { token: 'Wn7bT2xQ9kLr4vZs' };
  const refusalOf = (authorization: string) => {
    try {
      refuseStrangers(access, authorization);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const { code } = refusalRules['operator-token'];
  for (const given of [good, `${access.token}x`, access.token.toLowerCase()])
    expect(refusalOf(`Bearer ${given}`)).toMatchObject({ rule: 'operator-token', code });
  expect(refusalOf(`Bearer ${access.token}`)).toBeUndefined();
});

test.each(Object.entries(refusalRules))(
  'the rule %s completes a sentence and names its source',
  (_name, row) => {
    expect(row.because).toMatch(/^\S.*[^.]\.$/);
    expect(row.source).toMatch(/^(RFC \d{4}|Fetch|Fetch Metadata), section [\d.]+$/);
  },
);
