import { type Client, endpoints, TokenAnswer } from '@signet/contracts';
import { z } from 'zod';
import { decodeToken, isToken } from '../token/decode.ts';
import { type Flow, refreshTimeoutMilliseconds, type StoredSession } from './flow.ts';
import type { ServerClock } from './server-clock.ts';

const tokenKey = 'jwt-token';
const refreshTokenKey = 'jwt-refresh-token';

const StoredTokens = z.object({
  token: z.string().refine(isToken),
  refreshToken: z.string().regex(/^[\x21-\x7e]{1,512}$/),
});

type Dependencies = { storage: Storage; clock: ServerClock; anonymous: Client };

/** The token lives in localStorage, where script puts it, and travels in `Authorization`, where script puts it. */
export function createBearerFlow({ storage, clock, anonymous }: Dependencies): Flow {
  const readTokens = () =>
    StoredTokens.safeParse({
      token: storage.getItem(tokenKey),
      refreshToken: storage.getItem(refreshTokenKey),
    }).data;

  const store = (answer: TokenAnswer) => {
    // The token last: other tabs go by it, and must not meet it with its predecessor's refresh token.
    storage.setItem(refreshTokenKey, answer.refresh_token);
    storage.setItem(tokenKey, answer.token);
    const claims = decodeToken(answer.token)?.claims;
    // `iat` has whole seconds: half a second more is the nearest guess.
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
      // Whoever signed out or in meanwhile has the last word.
      if (readTokens()?.token === stored.version) store(answer);
    },
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
    version: token,
    versionName: claims?.jti ?? 'unreadable',
    token,
    authorize(request) {
      const headers = new Headers(request.headers);
      headers.set('authorization', `Bearer ${token}`);
      // A cookie that an earlier sign-in left behind has no business here.
      return new Request(request, { headers, credentials: 'omit' });
    },
  };
}
