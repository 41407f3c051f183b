import { type AllowOrigin, allowOriginOf } from '../allow-origin.ts';
import { type Answered, answered, headerOf, isSignet, isSuccess, linesOf, nameOf } from '../answers.ts';
import type { Fix } from '../causes/cause.ts';
import type { Answer, Facts, ProbeFacts } from '../facts.ts';
import type { Observation } from '../finding.ts';
import { isOfInfrastructure } from './cookies.ts';
import { observeCaches, observeExposed, observeMaxAge } from './grant-notices.ts';
import { observePreflightAnswers, observePreflightLists } from './preflights.ts';

/** H: the headers by which an API allows a page to call it. */
export function observeGrant(facts: Facts): Observation[] {
  const { target, probe } = facts;
  if (!probe || target.site === 'same-origin') return [];
  const reads = answered(probe.reads);
  const preflights = answered(probe.preflights);
  if (reads.length === 0) return [];
  const all = [...reads, ...preflights];
  return [
    ...observeLines(all, target.origin),
    ...observeCredentials(all, facts, probe),
    ...observePreflightAnswers(preflights, reads, facts),
    ...observePreflightLists(preflights, facts, probe),
    ...observeReads(reads, preflights, facts),
    ...observeCaches(reads, target.origin, answered(probe.otherOrigins)),
    ...observeMaxAge(preflights),
    ...observeExposed(reads, isSignet(probe)),
  ];
}

function having(answers: readonly Answered[], origin: string, kind: AllowOrigin): Answered | undefined {
  return answers.find(({ outcome }) => allowOriginOf(outcome, origin) === kind);
}

/** H3, H4: what no origin could match. */
function observeLines(all: readonly Answered[], origin: string): Observation[] {
  const found: Observation[] = [];
  const doubled = having(all, origin, 'doubled');
  if (doubled) {
    const lines = linesOf(doubled.outcome, 'access-control-allow-origin');
    found.push({
      id: 'grant-doubled',
      certainty: 'proved',
      evidence: [
        { witness: 'probe', saw: `${nameOf(doubled)} has ${lines.length} lines: ${lines.join(' and ')}.` },
      ],
    });
  }
  const list = having(all, origin, 'list');
  if (list)
    found.push({
      id: 'grant-list',
      certainty: 'proved',
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(list)} has the value ${headerOf(list.outcome, 'access-control-allow-origin')}.`,
        },
      ],
    });
  return found;
}

/** H2, H6. An API of another make may be meant for calls without credentials, so it has to show that it is not. */
function observeCredentials(all: readonly Answered[], facts: Facts, probe: ProbeFacts): Observation[] {
  const { origin } = facts.target;
  const setsCookies = all.some(({ outcome }) =>
    linesOf(outcome, 'set-cookie').some((line) => !isOfInfrastructure(line)),
  );
  const wantsCredentials = isSignet(probe) || setsCookies;
  const found: Observation[] = [];
  const wildcard = having(all, origin, 'wildcard');
  if (wildcard) {
    const says = headerOf(wildcard.outcome, 'access-control-allow-credentials');
    const isMeant = wantsCredentials || says !== undefined;
    found.push({
      id: 'wildcard-with-credentials',
      certainty: 'proved',
      isNotice: !isMeant,
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(wildcard)} allows *${says === undefined ? '' : `, and says that credentials are ${says}`}.`,
        },
      ],
    });
  }
  const exact = all.filter(({ outcome }) => allowOriginOf(outcome, origin) === 'exact');
  const without = exact.find(
    ({ outcome }) => headerOf(outcome, 'access-control-allow-credentials') !== 'true',
  );
  if (without) {
    const says = headerOf(without.outcome, 'access-control-allow-credentials');
    found.push({
      id: 'credentials-not-granted',
      certainty: 'proved',
      isNotice: !wantsCredentials && says === undefined,
      evidence: [
        {
          witness: 'probe',
          saw:
            says === undefined
              ? `${nameOf(without)} has no Access-Control-Allow-Credentials.`
              : `${nameOf(without)} has Access-Control-Allow-Credentials: ${says}. Only true counts.`,
        },
      ],
    });
  }
  return found;
}

/** H17, H22, and H1 of single answers. */
function observeReads(
  reads: readonly Answered[],
  preflights: readonly Answered[],
  { target, probe }: Facts,
): Observation[] {
  const isOurs = probe !== undefined && isSignet(probe);
  const isAbsent = ({ outcome }: Answered) => allowOriginOf(outcome, target.origin) === 'absent';
  const successes = reads.filter(({ outcome }) => isSuccess(outcome));
  const somethingIsGranted =
    successes.some((each) => !isAbsent(each)) ||
    preflights.some((each) => !isAbsent(each) && isSuccess(each.outcome));
  if (!somethingIsGranted) return [];
  const found: Observation[] = [];
  // Of another API, a preflight that is allowed shows that the path is meant for the page.
  const isMeant = ({ path }: Answered) =>
    isOurs || preflights.some((each) => each.path === path && !isAbsent(each) && isSuccess(each.outcome));
  // One rule that redirects every method is named once, at the preflight, which no browser lets be redirected.
  const isNamedAlready = ({ outcome }: Answered) =>
    isRedirect(outcome) && preflights.some((each) => isRedirect(each.outcome));
  const upload = probe?.upload && answered([probe.upload])[0];
  const silent = [...reads, ...(upload ? [upload] : [])].find(
    (each) =>
      isAbsent(each) &&
      each.outcome.status >= 300 &&
      each.outcome.status !== 304 &&
      isMeant(each) &&
      !isNamedAlready(each),
  );
  if (silent) found.push(ofSilent(silent));
  const mute = successes.find(isAbsent);
  if (mute && (isOurs || successes.every(isAbsent)))
    found.push({
      id: 'no-cors-at-all',
      certainty: isOurs ? 'proved' : 'possible',
      isNotice: !isOurs,
      breaks: ['preflights', 'sign-in', 'cookies', 'token', 'errors'],
      says: 'A preflight is allowed, and the answer to the call itself allows no page.',
      evidence: [{ witness: 'probe', saw: `${nameOf(mute)} has no Access-Control-Allow-Origin.` }],
    });
  return found;
}

const isRedirect = ({ status }: Answer): boolean => status >= 300 && status < 400 && status !== 304;

const takingImages: readonly Fix[] = [
  { for: 'nginx', do: 'Take images as large as the API does.', line: 'client_max_body_size 6m;' },
  {
    for: 'nginx',
    do: 'And allow the page to read the errors that nginx makes itself.',
    line: 'add_header Access-Control-Allow-Origin $granted_origin always;',
  },
];

function ofSilent(silent: Answered): Observation {
  const { outcome } = silent;
  const evidence = [
    { witness: 'probe', saw: `${nameOf(silent)} answers ${outcome.status} without a permission.` },
    { witness: 'probe', saw: 'A successful answer has one.' },
  ] as const;
  const known = { certainty: 'proved', breaks: ['errors'], evidence } as const;
  if (outcome.status >= 400)
    return {
      ...known,
      id: 'errors-without-grant',
      says: `The page sees a CORS error where there is a ${outcome.status}.`,
      ...(outcome.status === 413 && { fix: takingImages }),
    };
  const target = headerOf(outcome, 'location') ?? '';
  return {
    ...known,
    id: 'redirected-away',
    says: `${nameOf(silent)} is redirected to ${target}, by an answer that allows no page.`,
    fix: [{ for: 'fetch', do: 'Call the address to which it leads.', line: target }],
  };
}
