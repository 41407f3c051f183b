import { ApiError, createClient, endpoints, UnexpectedAnswerError } from '@signet/contracts';
import { z } from 'zod';
import { readJson, type TextStore } from '../browser/storage.ts';
import { type Flow, refreshTimeoutMilliseconds, type StoredSession } from './flow.ts';
import { markerKey } from './seems-signed-in.ts';

/**
 * No secret: records that a cookie exists, which script cannot see, its version, and whose it is. `user_id` is optional
 * because earlier versions of the page did not store it.
 */
const Marker = z.strictObject({
  sign_in_id: z.string().min(1),
  version: z.string().min(1),
  user_id: z.int().optional(),
});
type Marker = z.infer<typeof Marker>;

type Dependencies = { storage: TextStore; apiUrl: string; fetch: (request: Request) => Promise<Response> };

/** The browser keeps the token in an HttpOnly cookie, out of script's reach, and sends it automatically (RFC 6265). */
export function createCookieFlow({ storage, apiUrl, fetch }: Dependencies) {
  const client = createClient({ baseUrl: apiUrl, fetch: (request) => fetch(withCookies(request)) });
  const readMarker = () => Marker.safeParse(readJson(storage, markerKey)).data;
  const store = (marker: Marker) => storage.setItem(markerKey, JSON.stringify(marker));

  const flow: Flow = {
    carrier: 'cookie',
    // The access cookie's Max-Age is the token's lifetime, so the browser usually stops sending an expired token.
    renewableCodes: ['token_expired', 'token_missing'],
    findStored() {
      const marker = readMarker();
      return marker ? toStoredSession(marker) : null;
    },
    async signIn(credentials) {
      const { data } = await client.call(endpoints.authenticateUser, { body: credentials });
      store({ sign_in_id: randomId(), version: randomId(), user_id: data.user.id });
    },
    async refresh(stored) {
      const answer = await client.call(endpoints.refreshSession, {
        signal: AbortSignal.timeout(refreshTimeoutMilliseconds),
      });
      const marker = readMarker();
      // A sign-out or sign-in that happened during the refresh must not be overwritten.
      if (marker?.version !== stored.version) return;
      if (marker.user_id !== undefined && 'data' in answer && answer.data.user.id !== marker.user_id)
        await refuseForeign();
      store({ ...marker, version: randomId() });
    },
    adopt: (_answer, stored) => store({ ...readMarker(), sign_in_id: stored.signInId, version: randomId() }),
    forget() {
      storage.removeItem(markerKey);
    },
  };

  /**
   * Ends the session of a refresh cookie that belongs to another user. A sibling site can set such a cookie (RFC 6265bis,
   * section 8.6). If the user's own cookie has expired, the API sees only the planted one, and whatever the user then writes
   * would be stored in the attacker's account.
   */
  async function refuseForeign(): Promise<never> {
    await client.call(endpoints.endCurrentSession).catch(() => undefined);
    flow.forget();
    throw new UnexpectedAnswerError(200);
  }

  return {
    ...flow,
    /**
     * Where the browser does not keep the marker, only the API can tell whether there is a cookie. Stores a marker if
     * the API accepts the cookie, and says whether it does.
     */
    async resume(): Promise<boolean> {
      const signal = AbortSignal.timeout(refreshTimeoutMilliseconds);
      try {
        await client.call(endpoints.readProtected, { signal }).catch((error: unknown) => {
          if (!(error instanceof ApiError) || !flow.renewableCodes.includes(error.problem.code)) throw error;
          return client.call(endpoints.refreshSession, { signal });
        });
      } catch {
        return false;
      }
      store({ sign_in_id: randomId(), version: randomId() });
      return true;
    },
  };
}

function toStoredSession(marker: Marker): StoredSession {
  const { sign_in_id: signInId, version } = marker;
  return {
    carrier: 'cookie',
    signInId,
    ownerId: signInId,
    version,
    versionName: version,
    token: null,
    authorize: withCookies,
  };
}

/** Adds no header, so that a GET needs no preflight (Fetch standard, CORS-safelisted request-header). */
function withCookies(request: Request): Request {
  return new Request(request, { credentials: 'include' });
}

function randomId(): string {
  // randomUUID exists in secure contexts only, and the page may be opened over plain http in a local network.
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
