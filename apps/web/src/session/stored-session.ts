import type { Flows, StoredSession } from './flow.ts';
import {
  endingNotice,
  isCauseOf,
  type Notice,
  refusedTokenOf,
  type SessionState,
  SignedOutMessage,
  toState,
} from './session-state.ts';

type Dependencies = {
  flows: Flows;
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  /** Where `storage` events arrive: what other tabs wrote. */
  window: Pick<Window, 'addEventListener'>;
};

export type StoredSessionWatch = ReturnType<typeof createStoredSessionWatch>;

/** What this browser has stored of a sign-in, as the state that the app renders; the same in every tab. */
export function createStoredSessionWatch({ flows, channel, window }: Dependencies) {
  const find = () => flows.bearer.findStored() ?? flows.cookie.findStored();
  const listeners = new Set<() => void>();
  let state: SessionState = toState(find(), null);
  let latestSignInId = state.status === 'signed-in' ? state.stored.signInId : undefined;

  channel.addEventListener('message', (event) => {
    const message = SignedOutMessage.safeParse(event.data).data;
    if (message && message.sign_in_id === latestSignInId) hearSignOut(message);
  });
  window.addEventListener('storage', reread);

  return {
    state: () => state,
    subscribe,
    isCurrent,
    latest,
    successor,
    reread,
    end,
    endIfRefused,
  };

  function subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Whether this very version is stored: no tab has refreshed, signed out or signed in since. */
  function isCurrent(stored: StoredSession): boolean {
    return find()?.version === stored.version;
  }

  /** The successor of `stored`, or itself if it has none, because a call stays with the sign-in that made it. */
  function latest(stored: StoredSession): StoredSession {
    const current = find();
    return current?.signInId === stored.signInId ? current : stored;
  }

  /** The session that has replaced `stored`, by a refresh or a change of password; undefined if it has none. */
  function successor(stored: StoredSession): StoredSession | undefined {
    const current = find();
    const isSuccessor = current?.ownerId === stored.ownerId && current.version !== stored.version;
    return isSuccessor ? current : undefined;
  }

  /** Publishes what the storage says, if that is new. */
  function reread() {
    const stored = find();
    const known = state.status === 'signed-in' ? state.stored.version : undefined;
    if (stored?.version !== known) publish(toState(stored, 'signed_out_elsewhere'));
  }

  /** Signs out here and in every tab of the same sign-in. */
  function end(stored: StoredSession, notice: Notice, refusedToken?: string) {
    const isNews =
      latestSignInId === stored.signInId && (state.status === 'signed-in' || isCauseOf(notice, state.notice));
    if (isNews) channel.postMessage({ sign_in_id: stored.signInId, notice } satisfies SignedOutMessage);
    if (find()?.signInId === stored.signInId) flows[stored.carrier].forget();
    if (isNews) publish({ status: 'signed-out', notice, ...(refusedToken && { refusedToken }) });
  }

  /**
   * Signs out if `error` says that the session is over. The loser of a race clears nothing: the API may have refused
   * a token that another tab has replaced by a good one meanwhile.
   */
  function endIfRefused(stored: StoredSession, error: unknown) {
    const notice = endingNotice(error);
    if (notice && isCurrent(stored)) end(stored, notice, refusedTokenOf(stored, error));
  }

  /** This tab may have seen the empty storage, or a refusal, before the message; the message knows the reason. */
  function hearSignOut({ notice }: SignedOutMessage) {
    const isNews =
      state.status === 'signed-in' ||
      state.notice === 'signed_out_elsewhere' ||
      isCauseOf(notice, state.notice);
    if (!isNews) return;
    publish({ status: 'signed-out', notice: notice === 'signed_out' ? 'signed_out_elsewhere' : notice });
  }

  function publish(next: SessionState) {
    state = next;
    if (next.status === 'signed-in') latestSignInId = next.stored.signInId;
    for (const listener of listeners) listener();
  }
}
