import { type Carrier, type Credentials, createClient, endpoints } from '@signet/contracts';
import type { ReadEvents } from '@signet/contracts/event-stream';
import type { KeptStorage } from '../browser/storage.ts';
import { type ClientFor, createAuthorizedCall } from './authorized-call.ts';
import { createBearerFlow } from './bearer-flow.ts';
import { createCallLog } from './call-log.ts';
import { createCookieFlow } from './cookie-flow.ts';
import type { Flows } from './flow.ts';
import { createKnownRole } from './known-role.ts';
import { createPasswordChange } from './password-change.ts';
import { createRenewal } from './renewal.ts';
import { createReplacement, type Locks } from './replacement.ts';
import { createServerClock } from './server-clock.ts';
import { createStoredSessionWatch } from './stored-session.ts';
import type { Transport } from './transport.ts';

const signOutTimeoutMilliseconds = 5000;

type Dependencies = {
  apiUrl: string;
  fetch: Transport;
  /** Where the sign-in is stored, for all tabs. */
  storage: KeptStorage;
  /** For this tab only, until it is closed. */
  tabStorage: KeptStorage;
  locks: Locks | undefined;
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  /** Where `storage` events arrive: what other tabs wrote. */
  window: Pick<Window, 'addEventListener'>;
  now: () => number;
};

export type AuthClient = ReturnType<typeof createAuthClient>;

/**
 * The API client of a browser in which one user at a time is signed in, by either flow and in all tabs alike.
 * Every method rejects with the client's errors: ApiError, NetworkError, UnexpectedAnswerError.
 */
export function createAuthClient({
  apiUrl,
  fetch,
  storage,
  tabStorage,
  locks,
  channel,
  window,
  now,
}: Dependencies) {
  const clock = createServerClock({ storage, now });
  const callLog = createCallLog({ now });
  const recordedFetch = callLog.record(fetch);
  const observedFetch: Transport = async (request, onUploadProgress) => {
    const response = await recordedFetch(request, onUploadProgress);
    // Readable only if page and API share an origin: CORS does not expose it.
    clock.observe(Date.parse(response.headers.get('date') ?? ''));
    return response;
  };
  const clientFor: ClientFor = (stored, onUploadProgress) =>
    createClient({
      baseUrl: apiUrl,
      fetch: (request) =>
        observedFetch(
          stored ? stored.authorize(request) : new Request(request, { credentials: 'omit' }),
          onUploadProgress,
        ),
    });
  const flows = {
    bearer: createBearerFlow({ storage, clock, anonymous: clientFor(null) }),
    cookie: createCookieFlow({ storage, apiUrl, fetch: observedFetch }),
  } satisfies Flows;
  const session = createStoredSessionWatch({ flows, channel, window });
  const replacement = createReplacement({ locks });
  const renewal = createRenewal({ flows, session, replacement, locks, window });
  const authorizedCall = createAuthorizedCall({ flows, session, renewal, replacement, clock, clientFor });
  const changePassword = createPasswordChange({ flows, session, renewal, replacement, clientFor });

  return {
    apiUrl,
    /** The calls of this page, without values. */
    callLog,
    /** Whether this browser keeps the sign-in, or this tab alone has it. */
    storage: { keepsData: storage.keepsData, subscribe: storage.subscribe },
    /** What this tab alone keeps, until it is closed. */
    tabStorage,
    knownRole: createKnownRole(storage),
    /** The server's time in milliseconds, as far as it is known. */
    serverNow: clock.now,
    state: session.state,
    subscribe: session.subscribe,
    /** The API client's `call`, with the stored session's credentials. */
    call: authorizedCall(),
    /**
     * `call` with this token alone, or with none: without the stored session and without cookies. `readEvents` is needed
     * for streams only.
     */
    callAs: (token: string | null, readEvents?: ReadEvents) =>
      createClient({
        baseUrl: apiUrl,
        fetch: (request) => {
          const alone = new Request(request, { credentials: 'omit' });
          if (token !== null) alone.headers.set('authorization', `Bearer ${token}`);
          return observedFetch(alone);
        },
        ...(readEvents && { readEvents }),
      }).call,
    /** Sends the request as it is, without the stored session. */
    send: (request: Request) => observedFetch(request),
    /** `call` that also reports how much of the body has been sent; a retried call starts again at 0. */
    callWithProgress: authorizedCall,
    async signIn(carrier: Carrier, credentials: Credentials) {
      await flows[carrier].signIn(credentials);
      flows[carrier === 'bearer' ? 'cookie' : 'bearer'].forget();
      session.reread();
    },
    /** Signs in with a cookie that an earlier page has left, if the API accepts it. Never rejects. */
    async resumeByCookie() {
      if (session.state().status === 'signed-out' && (await flows.cookie.resume())) session.reread();
    },
    /** Renews now, whether or not it is due. */
    async refresh() {
      const state = session.state();
      if (state.status === 'signed-in') await renewal.renew(state.stored);
    },
    changePassword,
    /** Ends the session at the API if that can be reached, and here in any case. */
    async signOut() {
      const state = session.state();
      if (state.status === 'signed-out') return;
      const isApiTold = await clientFor(session.latest(state.stored))
        .call(endpoints.endCurrentSession, { signal: AbortSignal.timeout(signOutTimeoutMilliseconds) })
        .then(
          () => true,
          () => false,
        );
      session.end(state.stored, isApiTold ? 'signed_out' : 'server_not_told');
    },
    /** Signs out here once `request` has ended the session at the API, because the user asked for it. Rejects as `request` does. */
    async signOutAfter(request: () => Promise<void>, notice: 'sessions_ended' | 'account_deleted') {
      const state = session.state();
      await request();
      if (state.status === 'signed-in') session.end(state.stored, notice);
    },
  };
}
