import { type AllowOrigin, allowOriginOf, loopbackTwinsOf, spellingsOf } from '../allow-origin.ts';
import {
  type Answered,
  answered,
  headerOf,
  isSignet,
  linesOf,
  listOf,
  nameOf,
  problemCodeOf,
} from '../answers.ts';
import type { Facts, ProbeFacts } from '../facts.ts';
import type { Evidence, Observation } from '../finding.ts';

/** O: who asks, and whether the API allows this origin. H1 and H5 are here, as they are told from O1. */
export function observeOrigin(facts: Facts): Observation[] {
  const { origin, site } = facts.target;
  if (origin === 'null' || origin.startsWith('file:'))
    return [
      {
        id: 'opaque-origin',
        certainty: 'proved',
        evidence: [{ witness: 'probe', saw: 'The origin is null.' }],
      },
    ];
  if (site === 'same-origin' || !facts.probe) return [];
  const lost = observeLostOrigin(facts);
  if (lost) return [lost];
  return observeGrants(facts, facts.probe);
}

/** O7: another origin arrived than was sent, or none. */
function observeLostOrigin({ target, probe, trace }: Facts): Observation | undefined {
  if (!probe) return undefined;
  const { reads, guarded, preflights, signIn, signOut } = probe;
  const sent = answered(
    [...reads, ...guarded, ...preflights, signIn, signOut].filter((each) => each !== undefined),
  );
  for (const each of sent) {
    const { outcome, origin } = each;
    const exchange = trace?.find(({ request_id }) => request_id === headerOf(outcome, 'x-request-id'));
    if (exchange && exchange.origin !== origin)
      return {
        id: 'origin-lost',
        certainty: 'proved',
        says: `The page says that it is ${origin}; the API saw ${exchange.origin ?? 'no origin'}.`,
        evidence: [
          { witness: 'probe', saw: `${nameOf(each)} was sent with Origin: ${origin}.` },
          {
            witness: 'api',
            saw: `It arrived with ${exchange.origin ? `Origin: ${exchange.origin}` : 'no Origin'}.`,
          },
        ],
      };
  }
  // The origin guard answers before anything else, so an unlisted origin that gets past it has not arrived.
  const passed = answered(probe.guarded).find(
    ({ origin, outcome }) =>
      origin !== undefined &&
      origin !== target.origin &&
      ['invalid_request', 'credentials_invalid'].includes(problemCodeOf(outcome) ?? ''),
  );
  const added = answered(probe.guarded).find(
    ({ origin, outcome }) => origin === undefined && problemCodeOf(outcome) === 'origin_refused',
  );
  if (added)
    return {
      id: 'origin-lost',
      certainty: 'proved',
      says: 'Something before the API sets an Origin of its own in every request.',
      evidence: [
        {
          witness: 'probe',
          saw: `${added.method} ${added.path} was sent without Origin, and refused for its origin.`,
        },
      ],
    };
  return passed && isSignet(probe)
    ? {
        id: 'origin-lost',
        certainty: 'proved',
        evidence: [
          {
            witness: 'probe',
            saw: `${passed.method} ${passed.path} from ${passed.origin}, which no list has, was not refused.`,
          },
        ],
      }
    : undefined;
}

function observeGrants({ target: { origin } }: Facts, probe: ProbeFacts): Observation[] {
  const answers = answered([...probe.reads, ...probe.preflights]);
  const of = (kind: AllowOrigin) => answers.filter(({ outcome }) => allowOriginOf(outcome, origin) === kind);
  const found: Observation[] = [];
  const misspelled = of('misspelled');
  const spelling = misspelled[0] && linesOf(misspelled[0].outcome, 'access-control-allow-origin')[0];
  if (spelling !== undefined) found.push(ofSpelling(spelling, origin));
  const [other] = of('another');
  if (other) found.push(ofAnother(other, probe));
  const isSeen = answers.some(({ outcome }) => allowOriginOf(outcome, origin) !== 'absent');
  if (!isSeen && answers.length > 0) {
    const refusal = ofAbsence(answers, origin, probe);
    if (refusal) found.push(refusal);
  }
  return found;
}

function ofSpelling(spelling: string, origin: string): Observation {
  return {
    id: 'origin-spelling',
    certainty: 'proved',
    says: `The list of the API says ${spelling}; browsers write ${origin}.`,
    evidence: [{ witness: 'probe', saw: `The API allows ${spelling}.` }],
    fix: [
      { for: 'signet', do: 'Write the origin as browsers do.', line: `WEB_ORIGINS=${origin}` },
      { for: 'express', do: 'Or in cors.', line: `cors({ origin: ['${origin}'], credentials: true })` },
      { for: 'nginx', do: 'Or in the map of the origins.', line: `"${origin}" "${origin}";` },
    ],
  };
}

function ofAnother({ outcome, ...sent }: Answered, probe: ProbeFacts): Observation {
  const value = linesOf(outcome, 'access-control-allow-origin')[0] ?? '';
  const isConstant = answered(probe.otherOrigins).some(
    (each) => linesOf(each.outcome, 'access-control-allow-origin')[0] === value && each.origin !== value,
  );
  return {
    id: 'grant-for-another',
    certainty: isConstant ? 'proved' : 'likely',
    says: `Access-Control-Allow-Origin says ${value}, and the page is another origin.`,
    evidence: [
      { witness: 'probe', saw: `${nameOf({ outcome, ...sent })} allows ${value}.` },
      ...(isConstant ? [{ witness: 'probe', saw: 'Another origin gets the same value.' } as const] : []),
    ],
  };
}

/** No answer allows the page. Which of the reasons it is, other origins and the API's own words decide. */
function ofAbsence(answers: readonly Answered[], origin: string, probe: ProbeFacts): Observation | undefined {
  const preflights = answered(probe.preflights);
  const granted = probe.grantedOrigins;
  const twin = loopbackTwinsOf(origin).find((each) => granted.includes(each));
  if (twin !== undefined) return ofTwin(twin, origin);
  const spelling = spellingsOf(origin).find((each) => granted.includes(each));
  if (spelling !== undefined) return ofSpelling(spelling, origin);
  const refused = answered([...probe.preflights, ...probe.guarded]).find(
    ({ origin: from, outcome }) => from === origin && problemCodeOf(outcome) === 'origin_refused',
  );
  if (refused)
    return ofUnlisted(origin, 'proved', [
      { witness: 'probe', saw: `${nameOf(refused)} is refused with origin_refused.` },
      ...ofGranted(granted),
    ]);
  if (granted.length > 0) return ofUnlisted(origin, 'proved', ofGranted(granted));
  const refusing = preflights.find(
    ({ outcome }) => [400, 403].includes(outcome.status) && /cors|origin/i.test(outcome.body),
  );
  if (refusing)
    return ofUnlisted(origin, 'likely', [
      {
        witness: 'probe',
        saw: `${nameOf(refusing)} is refused with ${refusing.outcome.status}, and the answer speaks of the origin.`,
      },
    ]);
  // 401 is a question for credentials, so it is another cause, whatever else is missing.
  if (preflights.some(({ outcome }) => asksForCredentials(outcome.status))) return undefined;
  if (preflights.some(({ outcome }) => outcome.status >= 300 && outcome.status < 400)) return undefined;
  const hints = corsHeadersOf(answers);
  if (!isSignet(probe) && hints.length > 0)
    return ofUnlisted(origin, 'likely', [
      { witness: 'probe', saw: `The API knows CORS (${hints.join(', ')}), and does not allow ${origin}.` },
    ]);
  // An API may have CORS on its own paths only, and none of these was asked for.
  const isFound = answers.some(({ outcome }) => ![404, 405].includes(outcome.status));
  return {
    id: 'no-cors-at-all',
    certainty: isSignet(probe) ? 'proved' : isFound ? 'likely' : 'possible',
    ...(!isFound && {
      next: 'Name a call of the page, with --method and --path: every path that was tried is unknown.',
    }),
    evidence: [
      { witness: 'probe', saw: `No answer of ${answers.length} has Access-Control-Allow-Origin.` },
      ...(isSignet(probe)
        ? [{ witness: 'probe', saw: 'Signet refuses an unlisted origin with 403, and did not.' } as const]
        : []),
    ],
  };
}

function ofTwin(twin: string, origin: string): Observation {
  return {
    id: 'loopback-names',
    certainty: 'proved',
    says: `The API allows ${twin}, and the page is ${origin}. To a browser those are two sites.`,
    evidence: [{ witness: 'probe', saw: `${twin} is allowed, and ${origin} is not.` }],
    fix: [
      { for: 'browser', do: 'Open the page under the other name.', line: twin },
      { for: 'signet', do: 'Or list both names.', line: `WEB_ORIGINS=${twin},${origin}` },
    ],
  };
}

function ofUnlisted(
  origin: string,
  certainty: Observation['certainty'],
  evidence: readonly Evidence[],
): Observation {
  return {
    id: 'origin-not-listed',
    certainty,
    says: `The API does not allow the origin ${origin}.`,
    evidence,
    fix: [
      { for: 'signet', do: 'Add the origin to the list, after a comma.', line: `WEB_ORIGINS=${origin}` },
      { for: 'express', do: 'Add the origin.', line: `cors({ origin: ['${origin}'], credentials: true })` },
    ],
  };
}

function ofGranted(granted: readonly string[]): Evidence[] {
  return granted.length === 0 ? [] : [{ witness: 'probe', saw: `The API allows ${granted.join(', ')}.` }];
}

/** Signs that a server has rules for origins, although it allowed none of those that were tried. */
function corsHeadersOf(answers: readonly Answered[]): string[] {
  const names = new Set<string>();
  for (const { outcome } of answers) {
    if (listOf(outcome, 'vary').some((each) => each.toLowerCase() === 'origin')) names.add('Vary: Origin');
    for (const [name] of outcome.headers) if (/^access-control-allow-/i.test(name)) names.add(name);
  }
  return [...names];
}

export const asksForCredentials = (status: number): boolean => status === 401 || status === 407;
