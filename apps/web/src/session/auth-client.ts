import {
  ApiError,
  type Carrier,
  type Client,
  type Credentials,
  createClient,
  endpoints,
} from '@signet/contracts';
import { createBearerFlow } from './bearer-flow.ts';
import { createCookieFlow } from './cookie-flow.ts';
import type { Flow, StoredSession } from './flow.ts';
import { createRenewal, type Locks } from './renewal.ts';
import { createServerClock } from './server-clock.ts';
import {
  endingNotice,
  isCauseOf,
  type Notice,
  type SessionState,
  SignedOutMessage,
  toState,
} from './session-state.ts';
import { decodeToken } from './token.ts';
import type { OnUploadProgress, Transport } from './transport.ts';

/** How long before its end a token is renewed unasked, so that it cannot expire on the way. */
const renewBeforeSeconds = 10;

const signOutTimeoutMilliseconds = 5000;

type Dependencies = {
  apiUrl: string;
  fetch: Transport;
  storage: Storage;
  locks: Locks | undefined;
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  /** Where `storage` events arrive: what other tabs wrote. */
  window: Pick<Window, 'addEventListener'>;
  now: () => number;
};

export type AuthClient = ReturnType<typeof createAuthClient>;

/**
 * Who is signed in in this browser, kept the same in all of its tabs.
 *
 * `call` is the API client with the session's care around it: an expired token is renewed, once for all calls and
 * tabs that met it, and the call repeated once; a refusal that ends the session signs out, unless what was refused
 * is no longer what is stored. A call that was made as one user is never repeated as another.
 */
export function createAuthClient({ apiUrl, fetch, storage, locks, channel, window, now }: Dependencies) {
  const clock = createServerClock({ storage, now });
  const observedFetch: Transport = async (request, onUploadProgress) => {
    const response = await fetch(request, onUploadProgress);
    // Readable only where page and API share an origin: CORS does not expose it.
    clock.observe(Date.parse(response.headers.get('date') ?? ''));
    return response;
  };
  const clientFor = (stored: StoredSession | null, onUploadProgress?: OnUploadProgress) =>
    createClient({
      baseUrl: apiUrl,
      fetch: (request) =>
        observedFetch(
          stored ? stored.authorize(request) : new Request(request, { credentials: 'omit' }),
          onUploadProgress,
        ),
    });
  const anonymous = clientFor(null);
  const flows: Record<Carrier, Flow> = {
    bearer: createBearerFlow({ storage, clock, anonymous }),
    cookie: createCookieFlow({ storage, apiUrl, fetch: observedFetch }),
  };

  const findStored = () => flows.bearer.findStored() ?? flows.cookie.findStored();
  const isCurrent = (stored: StoredSession) => findStored()?.version === stored.version;
  const listeners = new Set<() => void>();
  let state: SessionState = toState(findStored(), null);
  let latestSignInId = state.status === 'signed-in' ? state.stored.signInId : undefined;

  function publish(next: SessionState) {
    state = next;
    if (next.status === 'signed-in') latestSignInId = next.stored.signInId;
    recheck();
    for (const listener of listeners) listener();
  }

  /** Takes over what storage says, if it says anything new. */
  function reread() {
    const stored = findStored();
    const known = state.status === 'signed-in' ? state.stored.version : null;
    if (stored?.version !== (known ?? undefined)) publish(toState(stored, 'signed_out_elsewhere'));
  }

  /** Signed out here and in every tab of the same sign-in. */
  function leave(stored: StoredSession, notice: Notice) {
    const isNews =
      latestSignInId === stored.signInId && (state.status === 'signed-in' || isCauseOf(notice, state.notice));
    if (isNews) channel.postMessage({ sign_in_id: stored.signInId, notice } satisfies SignedOutMessage);
    if (findStored()?.signInId === stored.signInId) flows[stored.carrier].forget();
    if (isNews) publish({ status: 'signed-out', notice });
  }

  /** The loser of a race clears nothing: what was refused must still be what is stored. */
  function leaveIfEnded(stored: StoredSession, error: unknown) {
    const notice = endingNotice(error);
    if (notice && isCurrent(stored)) leave(stored, notice);
  }

  async function refresh(stored: StoredSession) {
    try {
      await flows[stored.carrier].refresh(stored);
    } catch (error) {
      const lostRace = endingNotice(error) && !isCurrent(stored);
      if (lostRace) return;
      leaveIfEnded(stored, error);
      throw error;
    } finally {
      reread();
    }
  }

  const { renew, recheck } = createRenewal({ locks, window, isCurrent, refresh });

  /** What `stored` has become, or itself where it has no successor: a call stays with the sign-in that it was made by. */
  function latest(stored: StoredSession): StoredSession {
    const current = findStored();
    return current?.signInId === stored.signInId ? current : stored;
  }

  async function renewedIfDue(stored: StoredSession): Promise<StoredSession> {
    const expiresAt = stored.token === null ? undefined : decodeToken(stored.token)?.claims?.exp;
    if (expiresAt === undefined || clock.now() < (expiresAt - renewBeforeSeconds) * 1000) return stored;
    // Not yet a failure: the token may still be good, and if it is not, the answer says so.
    await renew(stored).catch(() => undefined);
    return latest(stored);
  }

  const createCall =
    (onUploadProgress?: OnUploadProgress): Client['call'] =>
    async (endpoint, ...options) => {
      reread();
      if (state.status === 'signed-out') return anonymous.call(endpoint, ...options);
      const stored = await renewedIfDue(state.stored);
      try {
        return await clientFor(stored, onUploadProgress).call(endpoint, ...options);
      } catch (error) {
        if (!isRenewable(flows[stored.carrier], error)) {
          leaveIfEnded(stored, error);
          throw error;
        }
        await renew(stored);
        const renewed = latest(stored);
        if (renewed.version === stored.version) throw error;
        return clientFor(renewed, onUploadProgress)
          .call(endpoint, ...options)
          .catch((second: unknown) => {
            leaveIfEnded(renewed, second);
            throw second;
          });
      }
    };

  channel.addEventListener('message', (event) => {
    const message = SignedOutMessage.safeParse(event.data).data;
    if (!message || message.sign_in_id !== latestSignInId) return;
    // The emptied storage, or a refusal, may have been noticed first; the message knows more.
    const isNews =
      state.status === 'signed-in' ||
      state.notice === 'signed_out_elsewhere' ||
      isCauseOf(message.notice, state.notice);
    if (isNews)
      publish({
        status: 'signed-out',
        notice: message.notice === 'signed_out' ? 'signed_out_elsewhere' : message.notice,
      });
  });
  window.addEventListener('storage', reread);

  return {
    apiUrl,
    /** The server's time in milliseconds, as far as it is known. */
    serverNow: clock.now,
    state: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    call: createCall(),
    /** `call`, which also tells how much of the body has been sent; from the start again where the call is repeated. */
    callWithProgress: createCall,
    async signIn(carrier: Carrier, credentials: Credentials) {
      await flows[carrier].signIn(credentials);
      flows[carrier === 'bearer' ? 'cookie' : 'bearer'].forget();
      reread();
    },
    /** Renews now, whether or not it is due. Rejects with the client's errors. */
    async refresh() {
      if (state.status === 'signed-in') await renew(state.stored);
    },
    /** Ends the session at the server if it can be reached, and here in any case. */
    async signOut() {
      if (state.status === 'signed-out') return;
      const { stored } = state;
      const told = await clientFor(latest(stored))
        .call(endpoints.endCurrentSession, { signal: AbortSignal.timeout(signOutTimeoutMilliseconds) })
        .then(
          () => true,
          () => false,
        );
      leave(stored, told ? 'signed_out' : 'server_not_told');
    },
    /** Signs out here once `end` has ended the session at the server, at the user's own wish. Rejects as `end` does. */
    async leaveBy(notice: 'sessions_ended' | 'account_deleted', end: () => Promise<void>) {
      const stored = state.status === 'signed-in' ? state.stored : null;
      await end();
      if (stored) leave(stored, notice);
    },
  };
}

function isRenewable(flow: Flow, error: unknown): boolean {
  return error instanceof ApiError && flow.renewableCodes.includes(error.problem.code);
}
