import {
  ApiError,
  type Carrier,
  type Client,
  type Credentials,
  createClient,
  endpoints,
} from '@signet/contracts';
import { createBearerSession } from './bearer-session.ts';
import { createCookieSession } from './cookie-session.ts';
import { createRenewal, type Locks } from './renewal.ts';
import { createServerClock } from './server-clock.ts';
import type { Held, Session } from './session.ts';
import {
  endingNotice,
  explains,
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

export type Sessions = ReturnType<typeof createSessions>;

/**
 * Who is signed in in this browser, kept the same in all of its tabs.
 *
 * `call` is the API client with the session's care around it: an expired token is renewed, once for all calls and
 * tabs that met it, and the call repeated once; a refusal that ends the session signs out, unless what was refused
 * is no longer what is stored. A call that was made as one user is never repeated as another.
 */
export function createSessions({ apiUrl, fetch, storage, locks, channel, window, now }: Dependencies) {
  const clock = createServerClock({ storage, now });
  const observedFetch: Transport = async (request, onUploadProgress) => {
    const response = await fetch(request, onUploadProgress);
    // Readable only where page and API share an origin: CORS does not expose it.
    clock.observe(Date.parse(response.headers.get('date') ?? ''));
    return response;
  };
  const clientFor = (held: Held | null, onUploadProgress?: OnUploadProgress) =>
    createClient({
      baseUrl: apiUrl,
      fetch: (request) =>
        observedFetch(
          held ? held.authorize(request) : new Request(request, { credentials: 'omit' }),
          onUploadProgress,
        ),
    });
  const anonymous = clientFor(null);
  const flows: Record<Carrier, Session> = {
    bearer: createBearerSession({ storage, clock, anonymous }),
    cookie: createCookieSession({ storage, apiUrl, fetch: observedFetch }),
  };

  const findHeld = () => flows.bearer.held() ?? flows.cookie.held();
  const isStored = (held: Held) => findHeld()?.version === held.version;
  const listeners = new Set<() => void>();
  let state: SessionState = toState(findHeld(), null);
  let latestSignInId = state.status === 'signed-in' ? state.held.signInId : undefined;

  function publish(next: SessionState) {
    state = next;
    if (next.status === 'signed-in') latestSignInId = next.held.signInId;
    recheck();
    for (const listener of listeners) listener();
  }

  /** Takes over what storage says, if it says anything new. */
  function reread() {
    const held = findHeld();
    const known = state.status === 'signed-in' ? state.held.version : null;
    if (held?.version !== (known ?? undefined)) publish(toState(held, 'signed_out_elsewhere'));
  }

  /** Signed out here and in every tab of the same sign-in. */
  function leave(held: Held, notice: Notice) {
    const isNews =
      latestSignInId === held.signInId && (state.status === 'signed-in' || explains(notice, state.notice));
    if (isNews) channel.postMessage({ sign_in_id: held.signInId, notice } satisfies SignedOutMessage);
    if (findHeld()?.signInId === held.signInId) flows[held.carrier].forget();
    if (isNews) publish({ status: 'signed-out', notice });
  }

  /** The loser of a race clears nothing: what was refused must still be what is stored. */
  function leaveIfEnded(held: Held, error: unknown) {
    const notice = endingNotice(error);
    if (notice && isStored(held)) leave(held, notice);
  }

  async function refresh(held: Held) {
    try {
      await flows[held.carrier].refresh(held);
    } catch (error) {
      const lostRace = endingNotice(error) && !isStored(held);
      if (lostRace) return;
      leaveIfEnded(held, error);
      throw error;
    } finally {
      reread();
    }
  }

  const { renew, recheck } = createRenewal({ locks, window, isStored, refresh });

  /** What `held` has become, or itself where it has no successor: a call stays with the sign-in that it was made by. */
  function latest(held: Held): Held {
    const stored = findHeld();
    return stored?.signInId === held.signInId ? stored : held;
  }

  async function renewedIfDue(held: Held): Promise<Held> {
    const expiresAt = held.token === null ? undefined : decodeToken(held.token)?.claims?.exp;
    if (expiresAt === undefined || clock.now() < (expiresAt - renewBeforeSeconds) * 1000) return held;
    // Not yet a failure: the token may still be good, and if it is not, the answer says so.
    await renew(held).catch(() => undefined);
    return latest(held);
  }

  const createCall =
    (onUploadProgress?: OnUploadProgress): Client['call'] =>
    async (endpoint, ...options) => {
      reread();
      if (state.status === 'signed-out') return anonymous.call(endpoint, ...options);
      const held = await renewedIfDue(state.held);
      try {
        return await clientFor(held, onUploadProgress).call(endpoint, ...options);
      } catch (error) {
        if (!isRenewable(flows[held.carrier], error)) {
          leaveIfEnded(held, error);
          throw error;
        }
        await renew(held);
        const renewed = latest(held);
        if (renewed.version === held.version) throw error;
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
      explains(message.notice, state.notice);
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
      if (state.status === 'signed-in') await renew(state.held);
    },
    /** Ends the session at the server if it can be reached, and here in any case. */
    async signOut() {
      if (state.status === 'signed-out') return;
      const { held } = state;
      const told = await clientFor(latest(held))
        .call(endpoints.endCurrentSession, { signal: AbortSignal.timeout(signOutTimeoutMilliseconds) })
        .then(
          () => true,
          () => false,
        );
      leave(held, told ? 'signed_out' : 'server_not_told');
    },
    /** Signs out here once `end` has ended the session at the server, at the user's own wish. Rejects as `end` does. */
    async leaveBy(notice: 'sessions_ended' | 'account_deleted', end: () => Promise<void>) {
      const held = state.status === 'signed-in' ? state.held : null;
      await end();
      if (held) leave(held, notice);
    },
  };
}

function isRenewable(flow: Session, error: unknown): boolean {
  return error instanceof ApiError && flow.renewableCodes.includes(error.problem.code);
}
