import { type Endpoint, endpoints, type ProblemCode, TokenAnswer } from '@signet/contracts';
import type { AuthClient } from '../../session/auth-client.ts';
import { demoUser } from '../demo-user.ts';
import { hasOwnCookieSession } from '../own-cookie-session.ts';
import { createProbe, type Probe, type Probed } from '../probe.ts';
import { requireSuccess } from './kit.ts';

/** One call through the proxy, and whether this page got what it gets from a right set-up. */
export type Trial = {
  readonly what: string;
  readonly expected: string;
  /** Undefined where the call was not made, because it would have replaced the reader's own session. */
  readonly got?: string;
  readonly isRight?: boolean;
};

type Auth = Pick<AuthClient, 'apiUrl' | 'send' | 'state'>;

type Expected = number | ProblemCode;

/**
 * Makes the calls of an app through the proxy at `faultUrl`, with throw-away sign-ins, and ends those at the API itself,
 * which has no fault. Rejects if the API itself refuses the sign-in.
 */
export async function runTrials(auth: Auth, faultUrl: string): Promise<readonly Trial[]> {
  const direct = createProbe(auth.apiUrl, auth.send);
  const through = createProbe(faultUrl, auth.send);
  const hasOwnCookie = await hasOwnCookieSession(auth);
  const signedIn = requireSuccess(
    await direct(endpoints.createToken, {
      credentials: 'omit',
      body: { username: demoUser.uid, password: demoUser.password },
    }),
  );
  const { token } = TokenAnswer.parse(signedIn.body);
  const { readProtected, endCurrentSession, authenticateUser, readHealth } = endpoints;
  const cookie = { credentials: 'include' } as const;
  const trials: Trial[] = [
    await tryOut('Read without credentials', readHealth, 200, through, { credentials: 'omit' }),
    await tryOut('Read an error', readProtected, 'token_missing', through, { credentials: 'omit' }),
    await tryOut('Send a token', readProtected, 200, through, { credentials: 'omit', token }),
    await tryOut('Sign out with it', endCurrentSession, 204, through, { credentials: 'omit', token }),
  ];
  await direct(endCurrentSession, { credentials: 'omit', token });
  const withCookies = [
    ['Sign in by cookie', authenticateUser, 200, { ...cookie, body: demoUser }],
    ['Use the cookie', readProtected, 200, cookie],
    ['Sign out', endCurrentSession, 204, cookie],
    ['Use it after that', readProtected, 'token_missing', cookie],
  ] as const;
  for (const [what, endpoint, expected, options] of withCookies)
    trials.push(
      hasOwnCookie
        ? { what: titleOf(what, endpoint), expected: String(expected) }
        : await tryOut(what, endpoint, expected, through, options),
    );
  if (!hasOwnCookie) await direct(endCurrentSession, cookie);
  return trials;
}

async function tryOut(
  what: string,
  endpoint: Endpoint,
  expected: Expected,
  probe: Probe,
  options: Parameters<Probe>[1],
): Promise<Trial> {
  const answer = await probe(endpoint, options).catch(() => undefined);
  const got = answer && gotOf(answer);
  return {
    what: titleOf(what, endpoint),
    expected: String(expected),
    got: got === undefined ? 'no answer (TypeError)' : String(got),
    isRight: got === expected,
  };
}

/** The code of a problem, else the status. A body that is not the API's makes the answer a wrong one. */
function gotOf({ status, code, body }: Probed): Expected | string {
  if (code !== undefined) return code;
  return status === 204 || body !== undefined ? status : `${status}, not JSON`;
}

function titleOf(what: string, { method, path }: Endpoint): string {
  return `${what}: ${method} ${path}`;
}
