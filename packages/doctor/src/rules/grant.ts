import { corsPolicy, safelistedMethods } from '@signet/contracts';
import { type AllowOrigin, allowOriginOf } from '../allow-origin.ts';
import {
  type Answered,
  answered,
  headerOf,
  isSignet,
  isSuccess,
  linesOf,
  listOf,
  nameOf,
} from '../answers.ts';
import type { Facts, ProbeFacts, Target } from '../facts.ts';
import type { Observation, Scope } from '../finding.ts';
import { observeCaches, observeExposed, observeMaxAge } from './grant-notices.ts';
import { asksForCredentials } from './origin.ts';

/** What a preflight that fails takes with it: all calls but simple reads. */
const behindPreflights: readonly Scope[] = ['preflights', 'sign-in', 'cookies', 'token', 'method', 'header'];

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
    ...observePreflightAnswers(preflights, reads, target.origin),
    ...observePreflightLists(preflights, facts, probe),
    ...observeReads(reads, preflights, target.origin, isSignet(probe)),
    ...observeCaches(reads, target.origin),
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
  const setsCookies = all.some(({ outcome }) => linesOf(outcome, 'set-cookie').length > 0);
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

/** H7 to H11 and H16: a preflight that fails as a whole. */
function observePreflightAnswers(
  preflights: readonly Answered[],
  reads: readonly Answered[],
  origin: string,
): Observation[] {
  const found: Observation[] = [];
  const isGranted = ({ outcome }: Answered) => allowOriginOf(outcome, origin) !== 'absent';
  const readsAreGranted = reads.some(isGranted);
  for (const preflight of preflights) {
    const { outcome } = preflight;
    const saw = `${nameOf(preflight)} is answered with ${outcome.status}.`;
    const known = { certainty: 'proved', breaks: behindPreflights } as const;
    const asks = asksForCredentials(outcome.status) || (outcome.status === 403 && readsAreGranted);
    if (outcome.status >= 300 && outcome.status < 400) found.push(ofRedirect(preflight));
    else if (asks) {
      found.push({
        ...known,
        id: 'preflight-needs-auth',
        says: `The preflight was asked for credentials (${outcome.status}). Browsers never send any with it.`,
        evidence: [
          { witness: 'probe', saw },
          ...(readsAreGranted ? [{ witness: 'probe', saw: 'A simple GET is allowed.' } as const] : []),
        ],
      });
    } else if (!isSuccess(outcome) && (readsAreGranted || isGranted(preflight))) {
      found.push({
        ...known,
        id: 'preflight-status',
        says: `The preflight is answered with ${outcome.status}. It must be 2xx.`,
        evidence: [{ witness: 'probe', saw }],
      });
    } else if (isSuccess(outcome) && readsAreGranted && !isGranted(preflight)) {
      found.push({
        ...known,
        id: 'nginx-if',
        evidence: [
          { witness: 'probe', saw: `${saw} It has no Access-Control-Allow-Origin.` },
          { witness: 'probe', saw: `A GET allows ${origin}.` },
        ],
      });
    }
  }
  return found;
}

function ofRedirect(preflight: Answered): Observation {
  const { outcome, path } = preflight;
  const target = headerOf(outcome, 'location') ?? '';
  const from = new URL(path, preflight.url);
  const to = URL.canParse(target, from.href) ? new URL(target, from.href) : from;
  const known = {
    certainty: 'proved',
    breaks: behindPreflights,
    evidence: [
      {
        witness: 'probe',
        saw: `${nameOf(preflight)} is answered with ${outcome.status} to ${to.origin}${to.pathname}.`,
      },
    ],
  } as const;
  const isSignIn =
    to.hostname !== from.hostname ||
    /log-?in|sign-?in|auth|sso/i.test(to.pathname.replace(from.pathname, ''));
  if (isSignIn)
    return {
      ...known,
      id: 'preflight-to-sign-in',
      says: `A sign-in page of ${to.host} answers in the API’s place.`,
    };
  if (from.protocol === 'http:' && to.protocol === 'https:')
    return {
      ...known,
      id: 'preflight-redirect-https',
      fix: [
        { for: 'fetch', do: 'Call the https address at once.', line: to.origin },
        {
          for: 'nginx',
          do: 'Refuse http calls of the API instead of redirecting them.',
          line: 'return 403;',
        },
      ],
    };
  return {
    ...known,
    id: 'preflight-redirect-slash',
    says: `The preflight is redirected to ${to.pathname}, and browsers follow no redirect of a preflight.`,
    fix: [{ for: 'fetch', do: 'Call the path to which it leads.', line: to.pathname }],
  };
}

/** H12 to H15 and H24: a preflight that allows something, and not what the call needs. */
function observePreflightLists(
  preflights: readonly Answered[],
  { target }: Facts,
  probe: ProbeFacts,
): Observation[] {
  const found: Observation[] = [];
  // Which methods and headers the pages of another API use is not known, unless the call was named.
  const isKnown = isSignet(probe);
  for (const preflight of preflights) {
    const { outcome, asked } = preflight;
    const allowed = allowOriginOf(outcome, target.origin);
    if (!asked || !isSuccess(outcome) || allowed === 'absent') continue;
    const malformed = ['access-control-allow-methods', 'access-control-allow-headers'].find((name) =>
      listOf(outcome, name).some((each) => !/^[\w!#$%&'*+.^`|~-]+$/.test(each)),
    );
    if (malformed !== undefined) {
      found.push({
        id: 'grant-syntax',
        certainty: 'proved',
        breaks: ['preflights', 'method', 'header', 'sign-in', 'cookies', 'token'],
        evidence: [
          {
            witness: 'probe',
            saw: `${nameOf(preflight)} has ${malformed}: ${headerOf(outcome, malformed)}.`,
          },
        ],
      });
      continue;
    }
    const isNotice = !isKnown && !isNamed(preflight, target);
    const withCredentials = isKnown || headerOf(outcome, 'access-control-allow-credentials') === 'true';
    found.push(
      ...ofMethod(preflight, asked.method, withCredentials).map((each) => ({ ...each, isNotice })),
      ...asked.headers.flatMap((name) =>
        ofHeader(preflight, name, { withCredentials, isMeant: isKnown || isNamed(preflight, target) }),
      ),
    );
  }
  return found;
}

function isNamed({ asked }: Answered, { call }: Target): boolean {
  return call !== undefined && asked !== undefined && call.method === asked.method;
}

function ofMethod(preflight: Answered, method: string, withCredentials: boolean): Observation[] {
  const list = listOf(preflight.outcome, 'access-control-allow-methods');
  const isAllowed =
    safelistedMethods.includes(method) || list.includes(method) || (!withCredentials && list.includes('*'));
  if (isAllowed) return [];
  const isCase = list.includes(method.toUpperCase());
  return [
    {
      id: isCase ? 'method-case' : 'method-not-granted',
      certainty: 'proved',
      breaks: ['method'],
      says: isCase
        ? `${method} in small letters is another method than ${method.toUpperCase()}.`
        : `The preflight allows ${list.join(', ') || 'no method'}; the call is a ${method}.`,
      evidence: [
        { witness: 'probe', saw: `${nameOf(preflight)} allows the methods ${list.join(', ') || '(none)'}.` },
      ],
    },
  ];
}

type Meaning = { readonly withCredentials: boolean; readonly isMeant: boolean };

function ofHeader(preflight: Answered, name: string, { withCredentials, isMeant }: Meaning): Observation[] {
  const list = listOf(preflight.outcome, 'access-control-allow-headers').map((each) => each.toLowerCase());
  if (list.includes(name)) return [];
  const hasWildcard = list.includes('*');
  if (hasWildcard && !withCredentials && name !== 'authorization') return [];
  const breaks: readonly Scope[] =
    name === 'authorization' ? ['header', 'token'] : ['header', 'sign-in', 'cookies'];
  return [
    {
      id: hasWildcard ? 'header-wildcard' : 'header-not-granted',
      certainty: 'proved',
      breaks,
      isNotice: !isMeant && !(hasWildcard && withCredentials),
      says: hasWildcard
        ? `Access-Control-Allow-Headers: * does not cover ${name}. It must be named.`
        : `The preflight does not allow the header ${name}.`,
      evidence: [
        { witness: 'probe', saw: `${nameOf(preflight)} allows the headers ${list.join(', ') || '(none)'}.` },
      ],
      fix: [
        {
          for: 'express',
          do: 'Name the headers.',
          line: `cors({ allowedHeaders: ['${corsPolicy.headers.join("', '")}'] })`,
        },
        {
          for: 'nginx',
          do: 'Name the headers.',
          line: `add_header Access-Control-Allow-Headers "${corsPolicy.headers.join(',')}" always;`,
        },
      ],
    },
  ];
}

/** H17, and H1 of single answers. */
function observeReads(
  reads: readonly Answered[],
  preflights: readonly Answered[],
  origin: string,
  isOurs: boolean,
): Observation[] {
  const isAbsent = ({ outcome }: Answered) => allowOriginOf(outcome, origin) === 'absent';
  const successes = reads.filter(({ outcome }) => isSuccess(outcome));
  const errors = reads.filter(({ outcome }) => outcome.status >= 400);
  const somethingIsGranted =
    successes.some((each) => !isAbsent(each)) ||
    preflights.some((each) => !isAbsent(each) && isSuccess(each.outcome));
  if (!somethingIsGranted) return [];
  const found: Observation[] = [];
  const silent = errors.find((each) => isAbsent(each) && (isOurs || each.outcome.status !== 404));
  if (silent)
    found.push({
      id: 'errors-without-grant',
      certainty: 'proved',
      breaks: ['errors'],
      says: `The page sees a CORS error where there is a ${silent.outcome.status}.`,
      evidence: [
        { witness: 'probe', saw: `${nameOf(silent)} answers ${silent.outcome.status} without a permission.` },
        { witness: 'probe', saw: 'A successful answer has one.' },
      ],
    });
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
