import { createClient, endpoints } from '@signet/contracts';
import { z } from 'zod';
import { type Flow, refreshTimeoutMilliseconds, type StoredSession } from './flow.ts';

const markerKey = 'signet-cookie-session';

/** No secret: says that there is a cookie, which script cannot see, and which of its successors is the latest. */
const Marker = z.strictObject({ sign_in_id: z.string().min(1), version: z.string().min(1) });
type Marker = z.infer<typeof Marker>;

type Dependencies = { storage: Storage; apiUrl: string; fetch: (request: Request) => Promise<Response> };

/** The token lives in an HttpOnly cookie, where only the server and the browser reach it, and travels by itself. */
export function createCookieFlow({ storage, apiUrl, fetch }: Dependencies): Flow {
  const client = createClient({ baseUrl: apiUrl, fetch: (request) => fetch(withCookies(request)) });
  const readMarker = () => Marker.safeParse(parseJson(storage.getItem(markerKey))).data;
  const store = (marker: Marker) => storage.setItem(markerKey, JSON.stringify(marker));

  return {
    carrier: 'cookie',
    // The access cookie's Max-Age is the token's lifetime: an expired token is usually one that is no longer sent.
    renewableCodes: ['token_expired', 'token_missing'],
    findStored() {
      const marker = readMarker();
      return marker ? toStoredSession(marker) : null;
    },
    async signIn(credentials) {
      await client.call(endpoints.authenticateUser, { body: credentials });
      store({ sign_in_id: randomId(), version: randomId() });
    },
    async refresh(stored) {
      await client.call(endpoints.refreshSession, {
        signal: AbortSignal.timeout(refreshTimeoutMilliseconds),
      });
      // Whoever signed out or in meanwhile has the last word.
      if (readMarker()?.version === stored.version)
        store({ sign_in_id: stored.signInId, version: randomId() });
    },
    forget() {
      storage.removeItem(markerKey);
    },
  };
}

function toStoredSession(marker: Marker): StoredSession {
  const { sign_in_id: signInId, version } = marker;
  return { carrier: 'cookie', signInId, version, versionName: version, token: null, authorize: withCookies };
}

/** No header of our own: a GET stays a simple request, which the browser sends without asking first. */
function withCookies(request: Request): Request {
  return new Request(request, { credentials: 'include' });
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

function randomId(): string {
  // randomUUID exists in secure contexts only, and a page may be opened over plain http in a home network.
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
