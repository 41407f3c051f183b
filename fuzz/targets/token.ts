import { createHmac } from 'node:crypto';
import { createKeyRing } from '../../apps/api/src/auth/keys.ts';
import { createTokens } from '../../apps/api/src/auth/tokens.ts';
import { attempt, promise, type Target } from '../target.ts';

const secret = Buffer.from('a secret that only the fuzzer knows, of 48 bytes');
const now = 1_800_000_000;
const keys = createKeyRing({
  secret,
  previousSecrets: [],
  algorithm: 'HS256',
  previousPublicKeys: [],
});
const tokens = createTokens({
  keys,
  issuer: 'http://localhost:8086',
  audience: 'signet',
  lifetimeSeconds: 3600,
  now: () => now * 1000,
});

const header = JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: keys.signing.kid });
const claims = {
  iss: 'http://localhost:8086',
  aud: 'signet',
  sub: '1',
  _uid: 'toby',
  sid: 'AAAAAAAAAAAAAAAAAAAAAA',
  jti: 'BBBBBBBBBBBBBBBBBBBBBB',
  iat: now,
  exp: now + 3600,
};
const payload = JSON.stringify(claims);

/**
 * Access tokens. With a line break the input is a header and a payload, which are signed with the right
 * key; without one it is the whole token.
 */
export const target: Target = {
  seeds: [
    `${header}\n${payload}`,
    `${header}\n${JSON.stringify({ ...claims, exp: now - 1, iat: now - 3600 })}`,
    `${header}\n${JSON.stringify({ ...claims, nbf: now })}`,
    `{"alg":"none","typ":"at+jwt","kid":"${keys.signing.kid}"}\n${payload}`,
    `${header}\nnull`,
    tokens.sign({ user_id: 1, uid: 'toby', session_id: claims.sid }),
    'a.b.c',
  ],
  words: [
    '"alg":',
    '"none"',
    '"RS256"',
    '"crit":["exp"]',
    '"jku":"http://a"',
    '"nbf":',
    '1e400',
    '-1',
    '.',
    '=',
  ],
  run(input) {
    const text = input.toString('utf8');
    const end = text.indexOf('\n');
    const token = end < 0 ? text : signed(text.slice(0, end), text.slice(end + 1));
    const first = attempt(() => tokens.verify(token));
    const second = attempt(() => tokens.verify(token));
    promise(JSON.stringify(first) === JSON.stringify(second), 'the memory of tokens changes no answer');
    if ('code' in first) {
      const known = ['token_invalid', 'token_expired', 'token_not_yet_valid'];
      return promise(known.includes(first.code), `a refusal is a 401 of a token, not ${first.code}`);
    }
    const [head = '', body = '', signature = ''] = token.split('.');
    promise(Buffer.from(head, 'base64url').toString() !== '', 'an accepted token has a header');
    const members = JSON.parse(Buffer.from(head, 'base64url').toString());
    promise(Object.keys(members).sort().join() === 'alg,kid,typ', 'its header has our members alone');
    const stated = JSON.parse(Buffer.from(body, 'base64url').toString());
    const taken = Object.entries(first.value);
    promise(
      taken.every(([name, value]) => stated[name] === value),
      'its claims are those of the text',
    );
    promise(stated.iss === claims.iss && stated.aud === claims.aud, 'it is ours');
    promise(stated.exp > now && stated.iat <= now + 5 && stated.exp - stated.iat <= 3600, 'it is of now');
    const right = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
    promise(signature === right, 'its signature is ours');
  },
};

function signed(head: string, body: string): string {
  const text = [head, body].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
