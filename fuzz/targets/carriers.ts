import type { IncomingHttpHeaders } from 'node:http';
import { cookiePolicy } from '@signet/contracts';
import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import { createAuthenticate, findBearer } from '../../apps/api/src/auth/authenticate.ts';
import { createCookies } from '../../apps/api/src/auth/cookies.ts';
import { problemOf, promise, type Target } from '../target.ts';

const cookies = createCookies({ profile: 'local', partitioned: false, tokenSeconds: 60, refreshSeconds: 60 });
const { tokenName, refreshName, deviceName } = cookiePolicy.local;
const parseCookies = cookieParser();

/**
 * The two places of a token. A line that begins with `A` is an Authorization header, one with `C` a Cookie
 * header, as Node gives them to the API.
 */
export const target: Target = {
  seeds: [
    'ABearer abc.def.ghi',
    'Abearer  abc',
    'ABasic dG9ieTox',
    `C${tokenName}=a.b.c; ${refreshName}=s.1.m; theme=dark`,
    `C${tokenName}=a; ${tokenName}=b`,
    `C${tokenName}="a.b.c"; ${deviceName}=1.x.y~2.x.y`,
    `C${tokenName}=j:{"a":1}`,
    `C${tokenName}=%61`,
    `ABearer x\nC${tokenName}=a`,
  ],
  words: [
    'Bearer ',
    `${tokenName}=`,
    `${refreshName}=`,
    'j:{}',
    's:',
    '; ',
    ';',
    '"',
    '%3D',
    '__proto__=',
    '\n',
  ],
  async run(input) {
    const lines = input.toString('latin1').split('\n');
    const authorization = lines.flatMap((line) => (line.startsWith('A') ? [line.slice(1)] : []));
    const cookie = lines.flatMap((line) => (line.startsWith('C') ? [line.slice(1)] : [])).join('; ');
    const headers: IncomingHttpHeaders = {
      ...(authorization[0] !== undefined && { authorization: authorization[0] }),
      ...(cookie !== '' && { cookie }),
    };
    const rawHeaders = authorization.flatMap((value) => ['Authorization', value]);
    const request = { headers, rawHeaders } as unknown as Request; // All that they read.
    parseCookies(request, {} as Response, () => {});
    let verified: string | undefined;
    const authenticate = createAuthenticate({
      cookies,
      tokens: {
        verify(token) {
          verified = token;
          throw Object.assign(new Error('far enough'), { name: 'AppError', code: 'far' });
        },
      },
      findPrincipal: () => undefined,
    });
    const code = await Promise.resolve()
      .then(() => authenticate({ ...request, rawHeaders }))
      .then(() => '', problemOf);
    const all = cookies.readAll(headers);
    const isFromHeader = authorization.length > 0;
    if (verified === undefined) return promise(code !== 'far', 'a refusal has a code of its own');
    if (isFromHeader) {
      promise(authorization.length === 1, 'a token is read from one header');
      promise(
        /^bearer +\S+$/i.test((authorization[0] ?? '').trim()),
        'the header has the scheme and one token',
      );
      promise(findBearer(authorization[0]) === verified, 'both readers of the header agree');
      return;
    }
    promise(all.tokens.length === 1 && all.tokens[0] === verified, 'sign-out sees the cookie that signs in');
    promise(cookies.arePresent(headers), 'the origin guard sees the cookie that signs in');
    promise(cookie.includes(tokenName), 'the cookie has the name');
  },
};
