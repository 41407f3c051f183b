import { ApiError, type Carrier, type Credentials, endpoints, Problem, TokenAnswer } from '@signet/contracts';
import type { Probe, Probed } from '../probe.ts';

/** What one run of a flow saw. Each call names its exchange. */
export type FlowFacts = {
  readonly carrier: Carrier;
  readonly signIn: Probed;
  /** The access token, if script can read it in the answer of the sign-in. */
  readonly tokenLength: number | undefined;
  /** The names in `document.cookie` that were not there before the sign-in. */
  readonly newCookieNames: readonly string[];
  /** A call to which script adds nothing. */
  readonly bare: Probed;
  /** A call as the flow makes it. */
  readonly own: Probed;
  readonly reloaded: Probed;
  /** The same API at its other address; `blocked` if the page's policy forbids the call, undefined without an address. */
  readonly elsewhere: Probed | 'blocked' | undefined;
  readonly refreshed: Probed;
  /** What was usable before the sign-out, sent again after it. */
  readonly replayed: Probed;
};

export const steps = ['sign-in', 'protected', 'reload', 'another origin', 'refresh', 'sign-out'] as const;
export type Step = (typeof steps)[number];

type RunDeps = {
  readonly probe: Probe;
  /** Resolves to what a reloaded document gets by a call with what the browser still stores. */
  readonly reload: (carrier: Carrier, token: string | undefined) => Promise<Probed>;
  readonly otherOrigin: string | undefined;
  /** Whether the browser has a cookie session of the user, which no call of the bearer flow may use. */
  readonly hasOwnCookie: boolean;
  readonly readCookieNames: () => readonly string[];
  readonly onStep: (carrier: Carrier, step: Step) => void;
};

/**
 * Signs in by one flow, uses the session in every step, and signs it out, also after a failure. Nothing of it is stored
 * where the app keeps its own session. Rejects with the client's errors if it cannot sign in, or if a call gets no
 * answer.
 */
export async function observeFlow(
  carrier: Carrier,
  credentials: Credentials,
  { probe, reload, otherOrigin, hasOwnCookie, readCookieNames, onStep }: RunDeps,
): Promise<FlowFacts> {
  const mode = carrier === 'cookie' ? 'include' : 'omit';
  onStep(carrier, 'sign-in');
  const before = readCookieNames();
  const signIn = await (carrier === 'bearer'
    ? probe(endpoints.createToken, {
        credentials: mode,
        body: { username: credentials.uid, password: credentials.password },
      })
    : probe(endpoints.authenticateUser, { credentials: mode, body: credentials }));
  requireAnswer(signIn);
  let tokens = TokenAnswer.safeParse(signIn.body).data;
  const signOut = () => probe(endpoints.endCurrentSession, { credentials: mode, token: tokens?.token });
  let isSignedIn = true;
  try {
    const newCookieNames = readCookieNames().filter((name) => !before.includes(name));
    onStep(carrier, 'protected');
    const bare = await probe(endpoints.readProtected, {
      credentials: carrier === 'bearer' && hasOwnCookie ? 'omit' : 'include',
    });
    const own = await probe(endpoints.readProtected, { credentials: mode, token: tokens?.token });
    onStep(carrier, 'reload');
    const reloaded = await reload(carrier, tokens?.token);
    onStep(carrier, 'another origin');
    const elsewhere =
      otherOrigin === undefined
        ? undefined
        : await probe(endpoints.readProtected, {
            origin: otherOrigin,
            credentials: mode,
            token: tokens?.token,
          }).catch(() => 'blocked' as const);
    onStep(carrier, 'refresh');
    const refreshed = await probe(endpoints.refreshSession, {
      credentials: mode,
      ...(tokens && { body: { refresh_token: tokens.refresh_token } }),
    });
    requireAnswer(refreshed);
    tokens = TokenAnswer.safeParse(refreshed.body).data ?? tokens;
    onStep(carrier, 'sign-out');
    await signOut();
    isSignedIn = false;
    const replayed = await probe(endpoints.readProtected, { credentials: mode, token: tokens?.token });
    return {
      carrier,
      signIn,
      tokenLength: tokens?.token.length,
      newCookieNames,
      bare,
      own,
      reloaded,
      elsewhere,
      refreshed,
      replayed,
    };
  } finally {
    if (isSignedIn) await signOut().catch(() => undefined);
  }
}

/** Throws the API's problem, as the client does. */
function requireAnswer({ status, body }: Probed): void {
  if (status < 400) return;
  const problem = Problem.safeParse(body);
  if (problem.success) throw new ApiError(problem.data);
  throw new Error(`The API answered with status ${status}`);
}
