import {
  ApiError,
  type Carrier,
  type Credentials,
  type Exchange,
  endpoints,
  isLoopback,
} from '@signet/contracts';
import type { AuthClient } from '../../session/auth-client.ts';
import { createProbe, type Probe, type Probed } from '../probe.ts';
import { readTrace } from '../read-trace.ts';
import { joinTraces } from './join-traces.ts';
import { type FlowFacts, observeFlow, type Step } from './observe.ts';
import { acrossReload } from './reload.ts';
import { cellsOf, type Observed } from './rows.ts';

type Auth = Pick<AuthClient, 'apiUrl' | 'callAs' | 'send' | 'state'>;

/** Where the hidden document keeps the token of a run, and never where the app keeps its own. */
const throwAwayKey = 'signet-flows-token';

export type RunRequest = {
  readonly carriers: readonly Carrier[];
  readonly credentials: Credentials;
  readonly hasOwnCookie: boolean;
  readonly onStep: (carrier: Carrier, step: Step) => void;
};

/** One flow after the other, because the cookie of one would travel with the calls of the other. */
export async function runFlows(
  auth: Auth,
  { carriers, credentials, hasOwnCookie, onStep }: RunRequest,
): Promise<Observed> {
  const probe = createProbe(auth.apiUrl, auth.send);
  const deps = {
    probe,
    reload: createReload(probe),
    otherOrigin: otherNameOf(auth.apiUrl),
    hasOwnCookie,
    readCookieNames: () => document.cookie.split('; ').flatMap((pair) => pair.split('=', 1)),
    onStep,
  };
  const facts: FlowFacts[] = [];
  for (const carrier of carriers) facts.push(await observeFlow(carrier, credentials, deps));
  const calls = facts.flatMap(({ signIn, bare, own, refreshed, replayed }) => [
    signIn,
    bare,
    own,
    refreshed,
    replayed,
  ]);
  const trace = await waitForTrace(auth, calls);
  return Object.fromEntries(facts.map((each) => [each.carrier, cellsOf(each, trace, auth.apiUrl)]));
}

function createReload(probe: Probe) {
  return (carrier: Carrier, token: string | undefined): Promise<Probed> =>
    acrossReload(
      ({ localStorage }) => token !== undefined && localStorage.setItem(throwAwayKey, token),
      ({ localStorage, fetch }) => {
        const stored = localStorage.getItem(throwAwayKey) ?? undefined;
        localStorage.removeItem(throwAwayKey);
        return probe(endpoints.readProtected, {
          token: stored,
          credentials: carrier === 'cookie' ? 'include' : 'omit',
          send: (request) => fetch(request),
        });
      },
    );
}

/** The API under the other of this machine's two names; undefined for an API elsewhere, or on the page's own origin. */
function otherNameOf(apiUrl: string): string | undefined {
  const url = new URL(apiUrl);
  if (!isLoopback(apiUrl) || url.origin === window.location.origin) return undefined;
  url.hostname = url.hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';
  return url.origin;
}

/**
 * What the API saw, once it has noted these calls; undefined where it shows no trace. A call is noted when its answer
 * has left, which may be after it has arrived. Where the API has several processes, each has a trace of its own, and
 * the next attempt may read another one.
 */
async function waitForTrace(auth: Auth, calls: readonly Probed[]): Promise<readonly Exchange[] | undefined> {
  let known: readonly Exchange[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const exchanges = await readTrace(auth.callAs).catch((error: unknown) => {
      if (error instanceof ApiError) return undefined;
      throw error;
    });
    if (!exchanges) return undefined;
    known = joinTraces([known, exchanges]);
    const isComplete = calls.every(({ requestId }) => known.some((each) => each.request_id === requestId));
    if (isComplete || attempt === 10) return known;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
