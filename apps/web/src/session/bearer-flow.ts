import { type Client, endpoints, TokenAnswer } from '@signet/contracts';
import { z } from 'zod';
import type { TextStore } from '../browser/storage.ts';
import { decodeToken, isToken } from '../token/decode.ts';
import { type Flow, refreshTimeoutMilliseconds, type StoredSession } from './flow.ts';
import { tokenKey } from './seems-signed-in.ts';
import type { ServerClock } from './server-clock.ts';

const refreshTokenKey = 'jwt-refresh-token';

const StoredTokens = z.object({
  token: z.string().refine(isToken),
  refreshToken: z.string().regex(/^[\x21-\x7e]{1,512}$/),
});

type Dependencies = { storage: TextStore; clock: ServerClock; anonymous: Client };

/** Script keeps the token in localStorage, and sends it in the `Authorization` header (RFC 6750, section 2.1). */
export function createBearerFlow({ storage, clock, anonymous }: Dependencies): Flow {
  const readTokens = () =>
    StoredTokens.safeParse({
      token: storage.getItem(tokenKey),
      refreshToken: storage.getItem(refreshTokenKey),
    }).data;

  const store = (answer: TokenAnswer) => {
    // The token last, because other tabs react to it and must not combine it with the previous refresh token.
    storage.setItem(refreshTokenKey, answer.refresh_token);
    storage.setItem(tokenKey, answer.token);
    const claims = decodeToken(answer.token)?.claims;
    // `iat` is in whole seconds, so half a second more is the best estimate.
    if (claims) clock.observe(claims.iat * 1000 + 500);
  };

  return {
    carrier: 'bearer',
    renewableCodes: ['token_expired'],
    findStored() {
      const tokens = readTokens();
      return tokens ? toStoredSession(tokens.token) : null;
    },
    async signIn({ uid, password }) {
      store(await anonymous.call(endpoints.createToken, { body: { username: uid, password } }));
    },
    async refresh(stored) {
      const tokens = readTokens();
      if (tokens?.token !== stored.version) return;
      const signal = AbortSignal.timeout(refreshTimeoutMilliseconds);
      const answer = TokenAnswer.parse(
        await anonymous.call(endpoints.refreshSession, {
          body: { refresh_token: tokens.refreshToken },
          signal,
        }),
      );
      // A sign-out or sign-in that happened during the refresh must not be overwritten.
      if (readTokens()?.token === stored.version) store(answer);
    },
    adopt: (answer) => store(TokenAnswer.parse(answer)),
    forget() {
      storage.removeItem(tokenKey);
      storage.removeItem(refreshTokenKey);
    },
  };
}

function toStoredSession(token: string): StoredSession {
  const claims = decodeToken(token)?.claims;
  return {
    carrier: 'bearer',
    signInId: claims?.sid ?? token,
    ownerId: claims?.sub ?? token,
    version: token,
    versionName: claims?.jti ?? 'unreadable',
    token,
    authorize(request) {
      const headers = new Headers(request.headers);
      headers.set('authorization', `Bearer ${token}`);
      // Without `omit` the browser would add a cookie that is left from a sign-in by the other flow.
      return new Request(request, { headers, credentials: 'omit' });
    },
  };
}
