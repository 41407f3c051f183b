import { type Exchange, refusalRules, safelistedMethods } from '@signet/contracts';
import { times } from '../../ui/time.tsx';
import type { Entry } from '../exchange-entries.ts';
import type { PreflightVerdict } from './why-preflight.ts';

const reasonsWhyNot = {
  'same-origin': 'it goes to the origin of the page itself',
  simple: 'its method is simple, and script set no header for which the browser must ask',
  mode: 'its mode is not cors',
  'never-left': 'it was over before the browser sent it',
} as const;

/** One sentence: whether the call was preflighted, and why. */
export function preflightSentence({ kind, reasons, why, since, until }: PreflightVerdict): string {
  const because = listOf(reasons);
  switch (kind) {
    case 'asked':
      return because ? `Preflighted, because of ${because}.` : 'Preflighted.';
    case 'remembered':
      return since !== undefined && until !== undefined
        ? `Not preflighted, although ${because} needs it: the grant of ${times.clock(since)} is remembered until ${times.clock(until)} at most.`
        : `Not preflighted, although ${because} needs it: the browser remembers a grant that this tab did not see.`;
    case 'needed':
      return `Needs a preflight, because of ${because}. Only the API sees whether one was sent.`;
    case 'not-needed':
      return why && why !== 'redirect'
        ? `Not preflighted, because ${reasonsWhyNot[why]}.`
        : 'Not preflighted: only browsers ask first.';
    case 'unknown':
      if (why === 'redirect')
        return 'It goes to the origin of the page itself, or was redirected. For the address that a redirect names, the browser may have asked or remembered a grant.';
      return 'The API saw no preflight. Whether one was needed, only the page that sent the call knows.';
    default:
      return kind satisfies never;
  }
}

/** One sentence: which cookies travelled, and why. */
export function cookieSentence({ call, exchange }: Entry): string {
  if (!exchange)
    return call?.credentials === 'omit'
      ? 'No cookie travels with it, because the call says credentials: omit.'
      : 'Only the API sees which cookies travelled: script never does.';
  if (exchange.answered_by) return 'nginx reports no cookies.';
  const { cookies, fetch_site: site } = exchange;
  if (cookies.length > 0) {
    const who = call ? 'The browser added' : 'It carried';
    const why =
      site === undefined
        ? ''
        : `: the call is ${site}${call ? `, and its credentials are ${call.credentials}` : ''}`;
    return `${who} ${cookies.length === 1 ? 'the cookie' : 'the cookies'} ${cookies.join(', ')}${why}.`;
  }
  if (call?.credentials === 'omit') return 'No cookie travelled, because the call says credentials: omit.';
  if (call?.credentials === 'same-origin' && site !== 'same-origin')
    return 'No cookie travelled, because the call goes to another origin without credentials: include.';
  if (site === 'cross-site')
    return 'No cookie travelled. The call is cross-site, and there SameSite=Lax and Strict hold a cookie back.';
  return 'No cookie travelled: the browser has none that belongs to this address.';
}

/** One sentence: how it ended. */
export function endSentence({ call, exchange, preflight }: Entry): string {
  const problem = exchange?.problem ?? preflight?.problem;
  if (problem?.rule)
    return `Refused by the rule ${problem.rule}, because ${refusalRules[problem.rule].because}`;
  if (problem) return `Refused as ${problem.code}.`;
  const outcome = call?.outcome;
  if (call && !outcome) return 'Under way.';
  if (outcome?.neverLeft) return 'It never left the page.';
  if (outcome?.error) {
    if (outcome.error !== 'TypeError') return `The page stopped waiting: ${outcome.error}.`;
    if (exchange)
      return `The API answered, and the browser kept the answer from the page, because ${
        call?.mode === 'no-cors'
          ? 'its Cross-Origin-Resource-Policy lets no other origin use it'
          : 'the answer grants it nothing'
      }.`;
    return preflight
      ? 'The preflight was refused, so the request was never sent.'
      : 'The page got no answer. Nothing reached the API, or the log does not have it.';
  }
  if (outcome?.status === 0)
    return 'The answer is opaque: in the mode no-cors script sees neither its status nor its body.';
  return `Answered with ${exchange?.status ?? outcome?.status ?? preflight?.status}.`;
}

export type Asked = { readonly what: string; readonly granted: boolean };

/** What the preflight asked for, and whether each was granted (Fetch, section 4.8, steps 7.5 and 7.6). */
export function askedAndGranted({ preflight, grant, origin }: Exchange): readonly Asked[] {
  if (!preflight) return [];
  const has = (names: readonly string[] | undefined, name: string) =>
    names?.some((each) => each.toLowerCase() === name.toLowerCase()) ?? false;
  return [
    { what: 'the origin', granted: grant !== undefined && grant.origin === origin },
    {
      what: `the method ${preflight.method}`,
      granted: safelistedMethods.includes(preflight.method) || has(grant?.methods, preflight.method),
    },
    ...preflight.headers.map((name) => ({ what: `the header ${name}`, granted: has(grant?.headers, name) })),
  ];
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
