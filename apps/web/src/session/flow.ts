import type { Carrier, Credentials, ProblemCode, Refreshed } from '@signet/contracts';

/** What this browser has stored of a sign-in at one moment. A value: it does not change when another tab refreshes. */
export type StoredSession = {
  readonly carrier: Carrier;
  /** Identifies the sign-in: the same after every refresh, a different one after the next sign-in. */
  readonly signInId: string;
  /** Identifies whose session this is: the same after a refresh and after a change of password. */
  readonly ownerId: string;
  /** Changes with every refresh: while it is unchanged, no tab has refreshed, signed out or signed in. */
  readonly version: string;
  /** A name for the version that may appear in a lock's name, because the version may be the token itself. */
  readonly versionName: string;
  /** The access token, where the flow lets script read it. */
  readonly token: string | null;
  /** Returns a copy of the request with this flow's credentials. */
  authorize(request: Request): Request;
};

/** A refresh holds a lock that other tabs wait for, so it has to end. */
export const refreshTimeoutMilliseconds = 15_000;

/** One way of signing in. There are two; everything above them knows this interface only. */
export type Flow = {
  readonly carrier: Carrier;
  /** Problems that a refresh may solve. */
  readonly renewableCodes: readonly ProblemCode[];
  /** Reads the storage at every call, because another tab may have written there. */
  findStored(): StoredSession | null;
  /** Rejects with the client's errors, and then leaves the storage as it was. */
  signIn(credentials: Credentials): Promise<void>;
  /**
   * Exchanges `stored` for its successor, and stores that only if no tab has changed the storage meanwhile. Rejects
   * with the client's errors.
   */
  refresh(stored: StoredSession): Promise<void>;
  /** Stores the session that replaces `stored` after a change of password. */
  adopt(answer: Refreshed, stored: StoredSession): void;
  /** Removes what is stored. A cookie is out of script's reach, so the API clears it. */
  forget(): void;
};

export type Flows = Readonly<Record<Carrier, Flow>>;
