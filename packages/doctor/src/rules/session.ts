import { answered, headerOf } from '../answers.ts';
import type { CallFacts, Facts } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** So far an API's clock may be from the caller's: Date has whole seconds, and tokens five seconds of leeway. */
const leewayMs = 30_000;

/** S, G and B: clocks, sessions, the origin guard and bodies. */
export function observeSession(facts: Facts): Observation[] {
  return [
    ...observeClocks(facts),
    ...observeReplicas(facts),
    ...(facts.call ? [...observeRefusal(facts.call), ...observeBody(facts.call)] : []),
  ];
}

/**
 * S1, S2. A difference between this machine and the API is the API's fault where the page agrees with this
 * machine, and this machine's where page and probe differ from the API alike.
 */
function observeClocks({ probe, trace, page, target }: Facts): Observation[] {
  const offset = probe && clockOffsetOf(probe, trace);
  if (offset !== undefined && Math.abs(offset) > leewayMs) {
    const isHere = page?.clockOffsetMs !== undefined && !isLoopbackTarget(target.api);
    const amount = `${Math.round(Math.abs(offset) / 1000)} s ${offset > 0 ? 'ahead of' : 'behind'}`;
    return [
      isHere
        ? {
            id: 'client-clock',
            certainty: 'likely',
            breaks: ['clock'],
            evidence: [{ witness: 'page', saw: `The API is ${amount} this computer.` }],
          }
        : {
            id: 'server-clocks',
            certainty: 'proved',
            breaks: ['clock'],
            says: `The clock of the API is ${amount} this machine, so its tokens do not seem to be of this moment.`,
            evidence: [{ witness: 'probe', saw: `The API is ${amount} this machine.` }],
          },
    ];
  }
  if (probe || page?.clockOffsetMs === undefined || Math.abs(page.clockOffsetMs) <= leewayMs) return [];
  return [
    {
      id: 'client-clock',
      certainty: 'possible',
      breaks: ['clock'],
      isNotice: true,
      evidence: [
        {
          witness: 'page',
          saw: `This computer and the API differ by ${Math.round(page.clockOffsetMs / 1000)} s.`,
        },
      ],
      next: 'Compare both with another clock.',
    },
  ];
}

function isLoopbackTarget(api: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(api);
}

/** The API's clock minus this machine's, in milliseconds: by its trace, which no proxy rewrites, else by Date. */
export function clockOffsetOf(probe: NonNullable<Facts['probe']>, trace: Facts['trace']): number | undefined {
  for (const { outcome } of answered(probe.reads)) {
    const id = headerOf(outcome, 'x-request-id');
    const exchange = id === undefined ? undefined : trace?.find(({ request_id }) => request_id === id);
    if (exchange) return Date.parse(exchange.at) - outcome.at;
  }
  for (const { outcome } of answered(probe.reads)) {
    const date = Date.parse(headerOf(outcome, 'date') ?? '');
    // An answer with Age comes from a cache, and its Date from an earlier time.
    if (Number.isFinite(date) && headerOf(outcome, 'age') === undefined) return date + 500 - outcome.at;
  }
  return undefined;
}

/** S8: one token, several answers. */
function observeReplicas({ probe }: Facts): Observation[] {
  const statuses = probe?.sameToken;
  if (!statuses?.includes(200) || !statuses.includes(401)) return [];
  return [
    {
      id: 'replicas-differ',
      certainty: 'proved',
      breaks: ['token', 'cookies'],
      evidence: [
        { witness: 'probe', saw: `One token, sent ${statuses.length} times: ${statuses.join(', ')}.` },
      ],
    },
  ];
}

function observeRefusal({ outcome, exchange, method }: CallFacts): Observation[] {
  if (outcome.kind !== 'answered') return [];
  const rule = exchange?.problem?.rule;
  const one = (id: Observation['id'], witness: 'api' | 'page', saw: string): Observation[] => [
    { id, certainty: 'proved', breaks: ['token'], evidence: [{ witness, saw }] },
  ];
  if (rule === 'origin-unlisted' || rule === 'preflight-origin')
    return one('origin-refused', 'api', `A page of ${exchange?.origin} tried to ${method}.`);
  if (rule === 'fetch-site')
    return one('cross-site-refused', 'api', 'There is no Origin, and Sec-Fetch-Site names another site.');
  if (rule === 'not-before') return one('server-clocks', 'api', 'The token is from the future.');
  if (rule === 'refresh-session')
    return one('database-fresh', 'api', 'The session of the token is not in the database.');
  if (rule === 'refresh-reused' || outcome.code === 'refresh_reused')
    return one('refresh-reused', rule ? 'api' : 'page', 'The refresh token was exchanged before.');
  if (outcome.code === 'session_ended') return one('session-ended', 'page', 'The answer says session_ended.');
  if (outcome.code === 'refresh_elsewhere')
    return one('refresh-race', 'page', 'The answer says refresh_elsewhere.').map((each) => ({
      ...each,
      isNotice: true,
    }));
  if (rule === 'no-refresh-token' && exchange?.cookies.some((name) => /jwt$/.test(name)))
    return one('refresh-path', 'api', 'The refresh cookie is not in this request.').map((each) => ({
      ...each,
      isNotice: true,
    }));
  return [];
}

function observeBody({ outcome, body }: CallFacts): Observation[] {
  if (outcome.kind !== 'answered') return [];
  const saw = (text: string) => [{ witness: 'page', saw: text }] as const;
  if (body === 'object' && outcome.status === 400)
    return [{ id: 'not-json-body', certainty: 'proved', evidence: saw('The body begins with [object.') }];
  if (outcome.status === 415 || (body === 'text' && outcome.status === 400))
    return [
      {
        id: 'not-json-type',
        certainty: 'proved',
        evidence: saw('The answer says that the type is not JSON.'),
      },
    ];
  return [];
}
