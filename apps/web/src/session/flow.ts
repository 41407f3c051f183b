import type { Carrier, Credentials, ProblemCode } from '@signet/contracts';

/** What this browser holds of a sign-in at one moment. A value: it does not change when another tab refreshes. */
export type StoredSession = {
  readonly carrier: Carrier;
  /** Names the sign-in: the same after every refresh, another one after the next sign-in. */
  readonly signInId: string;
  /** Another one after every refresh. Who finds it unchanged knows that nobody else has refreshed or signed out. */
  readonly version: string;
  /** Names the version without telling it, where the version is the token itself. */
  readonly versionName: string;
  /** The access token, where the flow lets script read it. */
  readonly token: string | null;
  /** The same request, with what this flow adds to it. */
  authorize(request: Request): Request;
};

/** A refresh holds a lock that other tabs wait for, so it has to end. */
export const refreshTimeoutMilliseconds = 15_000;

/** One flow of signing in. There are two; everything above them speaks to this interface only. */
export type Flow = {
  readonly carrier: Carrier;
  /** Refusals that a refresh may cure. */
  readonly renewableCodes: readonly ProblemCode[];
  /** Read from storage at every call, because another tab may have written there. */
  findStored(): StoredSession | null;
  /** Rejects with the client's errors, and leaves what is stored as it was. */
  signIn(credentials: Credentials): Promise<void>;
  /** Exchanges `stored` for its successor, and stores that only if `stored` is still what is stored. Rejects with the client's errors. */
  refresh(stored: StoredSession): Promise<void>;
  /** Removes what is stored. What script cannot reach (a cookie) is the server's to clear. */
  forget(): void;
};
