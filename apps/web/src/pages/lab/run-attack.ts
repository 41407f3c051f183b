import { type Exchange, type RefusalRule, refusalRules } from '@signet/contracts';
import type { AuthClient } from '../../session/auth-client.ts';
import { demoUser } from '../demo-user.ts';
import type { LabSetup } from '../lab-setup.ts';
import { hasOwnCookieSession } from '../own-cookie-session.ts';
import { createProbe } from '../probe.ts';
import { readTrace } from '../read-trace.ts';
import type { Attack } from './attack.ts';
import { attackRuns } from './attack-runs.ts';
import { createForeignFrame } from './foreign-frame.ts';
import { createKit, type Tried } from './kit.ts';
import { mint } from './mint.ts';

type Auth = Pick<AuthClient, 'apiUrl' | 'callAs' | 'send' | 'state'>;

/** What came of an attack. */
export type Outcome =
  | { readonly kind: 'not tried'; readonly because: string }
  | {
      readonly kind: 'tried';
      /** `POST /api/posts`. */
      readonly request: string;
      readonly isRefused: boolean;
      /** `401 token_invalid`. */
      readonly answer: string;
      /** What the page that tried it got. */
      readonly seen: string;
      /** The names of the cookies that arrived. */
      readonly cookies: readonly string[];
      readonly requestId: string;
      readonly rule?: { readonly name: RefusalRule; readonly because: string; readonly source: string };
    };

/**
 * Tries an attack and finds in the API's trace what refused it. Rejects with the client's errors if a throw-away sign-in
 * fails, and with an Error if the trace does not have the request.
 */
export async function runAttack(auth: Auth, attack: Attack, setup: LabSetup): Promise<Outcome> {
  const kit = createKit({
    probe: createProbe(auth.apiUrl, auth.send),
    frames: createForeignFrame(setup.foreign_port),
    credentials: demoUser,
    mint,
  });
  const hasOwnCookie = attack.need !== 'nothing' && (await hasOwnCookieSession(auth));
  if (attack.need === 'no cookie' && hasOwnCookie)
    return {
      kind: 'not tried',
      because: 'Your own session is in a cookie, which would hide this one. Sign out, or sign in by bearer.',
    };
  const known = new Set((await readTrace(auth.callAs)).map(({ id }) => id));
  try {
    if (attack.need === 'cookie' && !hasOwnCookie) await kit.signInByCookie();
    const tried = await attackRuns[attack.id](kit);
    return describe(tried, await findExchange(auth, tried, known));
  } finally {
    await kit.cleanUp();
  }
}

/** The exchange of this request, which is noted when its answer has left: that may be after it has arrived. */
async function findExchange(auth: Auth, tried: Tried, known: ReadonlySet<string>): Promise<Exchange> {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const exchanges = await readTrace(auth.callAs);
    const found = exchanges.find((each) => !known.has(each.id) && isOf(tried, each));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The request is not in the trace of the API.');
}

function isOf(tried: Tried, { request_id, origin, route, preflight }: Exchange): boolean {
  if (tried.by === 'this page') return request_id === tried.answer.requestId;
  return (
    origin === tried.origin &&
    route === tried.endpoint.path &&
    tried.isPreflight === (preflight !== undefined)
  );
}

function describe(tried: Tried, { status, problem, cookies, request_id, method }: Exchange): Outcome {
  return {
    kind: 'tried',
    request: `${method} ${tried.endpoint.path}`,
    isRefused: problem !== undefined,
    answer: problem ? `${status} ${problem.code}` : `${status}`,
    seen: tried.by === 'this page' ? `The answer, ${tried.answer.status}` : seenBy(tried.outcome),
    cookies,
    requestId: request_id,
    ...(problem?.rule && { rule: { name: problem.rule, ...refusalRules[problem.rule] } }),
  };
}

function seenBy(outcome: string): string {
  return outcome.startsWith('read ') ? `The answer, ${outcome.slice(5)}` : `No answer (${outcome})`;
}
