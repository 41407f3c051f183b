import { ApiError, type Client } from '@signet/contracts';
import { decodeToken } from '../token/decode.ts';
import type { Flows, StoredSession } from './flow.ts';
import type { Renewal } from './renewal.ts';
import type { Replacement } from './replacement.ts';
import type { ServerClock } from './server-clock.ts';
import { endingNotice } from './session-state.ts';
import type { StoredSessionWatch } from './stored-session.ts';
import type { OnUploadProgress } from './transport.ts';

/** How long before it expires a token is renewed, so that it cannot expire on its way to the API. */
const renewBeforeSeconds = 10;

export type ClientFor = (stored: StoredSession | null, onUploadProgress?: OnUploadProgress) => Client;

type Dependencies = {
  flows: Flows;
  session: StoredSessionWatch;
  renewal: Renewal;
  replacement: Replacement;
  clock: ServerClock;
  clientFor: ClientFor;
};

/**
 * Returns a function that makes the API client's `call` with the stored session's credentials: it renews a token that
 * is about to expire, retries once after the API reports an expired one, and signs out if the session is over.
 *
 * A call that was made as one user is never retried as another.
 */
export function createAuthorizedCall(dependencies: Dependencies) {
  const { flows, session, renewal, replacement, clock, clientFor } = dependencies;

  return (onUploadProgress?: OnUploadProgress): Client['call'] =>
    async (endpoint, ...options) => {
      const send = (stored: StoredSession | null) =>
        clientFor(stored, onUploadProgress).call(endpoint, ...options);
      session.reread();
      const state = session.state();
      if (state.status === 'signed-out') return send(null);
      const first = await renewIfDue(state.stored);
      try {
        return await send(first);
      } catch (error) {
        if (!isRenewable(first, error)) {
          const successor = await successorAfter(first, error);
          if (!successor) return fail(first, error);
          return send(successor).catch((again: unknown) => fail(successor, again));
        }
        await renewal.renew(first);
        const second = session.successor(first);
        if (!second) throw error;
        return send(second).catch((again: unknown) => fail(second, again));
      }
    };

  async function renewIfDue(stored: StoredSession): Promise<StoredSession> {
    const expiresAt = stored.token === null ? undefined : decodeToken(stored.token)?.claims?.exp;
    if (expiresAt === undefined || clock.now() < (expiresAt - renewBeforeSeconds) * 1000) return stored;
    // Not a failure yet: the token may still be valid, and the API decides.
    await renewal.renew(stored).catch(() => undefined);
    return session.successor(stored) ?? stored;
  }

  function isRenewable({ carrier }: StoredSession, error: unknown): boolean {
    return error instanceof ApiError && flows[carrier].renewableCodes.includes(error.problem.code);
  }

  /**
   * The session that has replaced `stored` where `error` says that it is over: another call may have been under way
   * while a tab changed the password.
   */
  async function successorAfter(stored: StoredSession, error: unknown): Promise<StoredSession | undefined> {
    if (!endingNotice(error)) return undefined;
    await replacement.settled(stored);
    return session.successor(stored);
  }

  function fail(stored: StoredSession, error: unknown): never {
    session.endIfRefused(stored, error);
    throw error;
  }
}
