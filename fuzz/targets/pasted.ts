import { decodeToken } from '../../apps/web/src/token/decode.ts';
import { inspect, judge } from '../../apps/web/src/token/inspect.ts';
import { recognise } from '../../apps/web/src/token/recognise.ts';
import { readRedText } from '../../packages/doctor/src/red-text.ts';
import { readSetCookie } from '../../packages/doctor/src/set-cookie.ts';
import { promise, type Target } from '../target.ts';

const token = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"1","exp":1}').toString('base64url')}.c2ln`;

/** What people paste into the inspector and the doctor, and what other servers answer to the doctor. */
export const target: Target = {
  seeds: [
    token,
    `curl -H 'Authorization: Bearer ${token}' http://localhost:8086/protected`,
    `Cookie: jwt=${token}; a=b`,
    `{"token":"${token}"}`,
    'Access to fetch at http://localhost:8086 from origin http://localhost:4100 has been blocked by CORS policy',
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource. (Reason: CORS header missing).',
    'jwt=x; Path=/; Max-Age=3600; SameSite=Lax; HttpOnly; Expires=Thu, 26 Nov 2026 00:00:00 GMT',
    'undefined',
  ],
  words: [
    '.',
    'eyJ',
    '=',
    ';',
    "'",
    '"',
    'curl',
    'blocked by CORS policy',
    'preflight',
    'Max-Age=',
    '{{',
    '}}',
  ],
  run(input) {
    const text = input.toString('utf8');
    readRedText(text);
    readSetCookie(text);
    const found = recognise(text);
    if (found.kind === 'other') return promise(found.says !== '', 'what is no token has an explanation');
    promise(text.includes(found.token), 'a token is a piece of the text');
    judge(inspect(found.token), 1);
    const decoded = decodeToken(found.token);
    promise(decoded === null || decoded.parts.join('.') === found.token, 'what is decoded is the token');
  },
};
