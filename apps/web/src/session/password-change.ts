import {
  ApiError,
  type ChangePassword,
  endpoints,
  NetworkError,
  UnexpectedAnswerError,
} from '@signet/contracts';
import type { ClientFor } from './authorized-call.ts';
import type { Flows, StoredSession } from './flow.ts';
import type { Renewal } from './renewal.ts';
import type { Replacement } from './replacement.ts';
import { endingNotice } from './session-state.ts';
import type { StoredSessionWatch } from './stored-session.ts';

const timeoutMilliseconds = 30_000;

/** Whether the API has changed the password is not known. The message of the error says what to do. */
export class LostPasswordAnswer extends Error {
  override name = 'LostPasswordAnswer' as const;
}

type Dependencies = {
  flows: Flows;
  session: StoredSessionWatch;
  renewal: Renewal;
  replacement: Replacement;
  clientFor: ClientFor;
};

/**
 * Returns a function that changes the password and stores the new session, for all tabs. Rejects with the client's
 * errors, and with {@link LostPasswordAnswer} if the API may have changed the password without saying so.
 */
export function createPasswordChange({ flows, session, renewal, replacement, clientFor }: Dependencies) {
  return async (passwords: ChangePassword): Promise<void> => {
    session.reread();
    const state = session.state();
    if (state.status === 'signed-out') return;
    await replacement.hold(state.stored, () => change(state.stored, passwords));
  };

  async function change(given: StoredSession, body: ChangePassword): Promise<void> {
    const send = async (stored: StoredSession) => {
      const answer = await clientFor(stored).call(endpoints.changePassword, {
        body,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      // A sign-out or another sign-in during the change must not be overwritten.
      if (session.isCurrent(stored)) flows[stored.carrier].adopt(answer, stored);
      session.reread();
    };
    const first = session.latest(given);
    try {
      await send(first);
    } catch (error) {
      if (!isRenewable(first, error)) return fail(first, error);
      await renewal.renew(first);
      const second = session.latest(first);
      await send(second).catch((again: unknown) => fail(second, again));
    }
  }

  function isRenewable({ carrier }: StoredSession, error: unknown): boolean {
    return error instanceof ApiError && flows[carrier].renewableCodes.includes(error.problem.code);
  }

  /** If the answer was lost, the API is asked whether the session still lives: the change would have ended it. */
  async function fail(stored: StoredSession, error: unknown): Promise<never> {
    session.endIfRefused(stored, error);
    if (!isLost(error)) throw error;
    await clientFor(stored)
      .call(endpoints.readProtected, { signal: AbortSignal.timeout(timeoutMilliseconds) })
      .catch((refusal: unknown) => {
        if (endingNotice(refusal) === 'session_ended' && session.isCurrent(stored))
          session.end(stored, 'password_changed');
      });
    throw new LostPasswordAnswer('The answer was lost', { cause: error });
  }
}

function isLost(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof UnexpectedAnswerError ||
    (error instanceof DOMException && error.name === 'TimeoutError')
  );
}
