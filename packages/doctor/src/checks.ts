import type { CookieAssay } from '@signet/contracts';
import { answered, isSignet, isSuccess, linesOf } from './answers.ts';
import { type Facts, hasRead } from './facts.ts';
import type { Check, Finding } from './finding.ts';
import { clockOffsetOf } from './rules/session.ts';

type Name = Check['check'];

const checks: readonly Name[] = [
  'reach',
  'origin',
  'preflights',
  'answers',
  'cookies',
  'token',
  'clock',
  'browser',
];

/** What was looked at, in order of precedence, with what was seen; `unknown` where a witness is missing. */
export function checksOf(facts: Facts, findings: readonly Finding[]): Check[] {
  const faulty = new Map(findings.map(({ id, code, says }) => [checkOf(id, code), says]));
  // A fault that stops everything leaves the checks behind it without a witness.
  const first = Math.min(...checks.map((name, index) => (faulty.has(name) ? index : checks.length)));
  const stops = first <= 1;
  return checks.map((check, index) => {
    const fault = faulty.get(check);
    if (fault !== undefined) return { check, result: 'fault', saw: fault };
    const saw = stops && index > first ? undefined : sightOf(check, facts);
    return saw === undefined
      ? { check, result: 'unknown', saw: 'Nothing could be seen.' }
      : { check, result: 'right', saw };
  });
}

const browserCauses = [
  'csp-connect',
  'local-network',
  'blocked-by-extension',
  'service-worker',
  'third-party-blocked',
  'cookies-off',
];

function checkOf(id: string, code: string): Name {
  if (browserCauses.includes(id)) return 'browser';
  const letter = code.slice(0, 1);
  if (letter === 'N') return 'reach';
  if (letter === 'O' || id === 'no-cors-at-all') return 'origin';
  if (/^(preflight|method|header|nginx-if|grant-s)/.test(id) && letter === 'H') return 'preflights';
  if (letter === 'H') return 'answers';
  if (letter === 'C') return 'cookies';
  return id.endsWith('clock') || id.endsWith('clocks') ? 'clock' : 'token';
}

/** What was seen of a check that found no fault; undefined where no witness saw it. */
function sightOf(check: Name, { target, probe, trace, page }: Facts): string | undefined {
  if (check === 'browser') return hasRead(page) ? 'The page stops no request.' : undefined;
  if (check === 'cookies' && page?.assay) return sightOfAssay(page.assay);
  if (!probe) return sightOfPage(check, target, page);
  const reads = answered(probe.reads);
  const preflights = answered(probe.preflights);
  if (reads.length === 0) return undefined;
  switch (check) {
    case 'reach':
      return `${isSignet(probe) ? 'Signet' : 'An API'} answers at ${placeOf(target)}.`;
    case 'origin':
      if (target.site === 'same-origin') return 'Page and API have one origin, so no permission is needed.';
      return `${target.origin} is allowed.`;
    case 'preflights':
      if (target.site === 'same-origin')
        return 'Page and API have one origin, so browsers send no preflights.';
      if (preflights.length === 0) return undefined;
      return `${preflights.length} preflights are answered with what was asked for.`;
    case 'answers': {
      const errors = reads.filter(({ outcome }) => !isSuccess(outcome)).length;
      return `${reads.length} answers can be read by the page, ${errors} of them errors.`;
    }
    case 'cookies': {
      const lines = answered(
        [probe.signIn, probe.signOut, ...probe.reads].filter((each) => each !== undefined),
      ).flatMap(({ outcome }) => linesOf(outcome, 'set-cookie'));
      return lines.length === 0
        ? undefined
        : `${lines.length} Set-Cookie lines have the attributes that they need.`;
    }
    case 'token':
      return probe.withAuthorization && isSignet(probe) ? 'Authorization arrives.' : undefined;
    case 'clock':
      return clockOffsetOf(probe, trace) === undefined ? undefined : 'The clocks agree.';
  }
}

/** The cookies that the API set to try the browser; some break a rule on purpose, and must not come back. */
function sightOfAssay({ set, came }: CookieAssay): string | undefined {
  if (!came.includes('own')) return undefined;
  return `Of ${set.length} cookies that were tried, ${came.length} came back, among them one like those of a sign-in.`;
}

/** The address without a user and a password, which belong into no report. */
function placeOf({ api }: Facts['target']): string {
  const { origin, pathname } = new URL(api);
  return `${origin}${pathname === '/' ? '' : pathname}`;
}

/** What the page saw by itself: an answer that script could read shows the way to the API, and the permission. */
function sightOfPage(check: Name, target: Facts['target'], page: Facts['page']): string | undefined {
  if (!hasRead(page)) return undefined;
  if (check === 'reach') return `The page could read an answer of ${placeOf(target)}.`;
  return check === 'origin' ? `The page could read an answer, so ${target.origin} is allowed.` : undefined;
}
