import { type CauseId, causes } from './causes/index.ts';
import { checksOf } from './checks.ts';
import type { Facts, Target } from './facts.ts';
import type { Finding, Observation, Report, Scope } from './finding.ts';
import { fitFix } from './fit-fix.ts';
import { precedence } from './precedence.ts';
import { observeBrowser } from './rules/browser.ts';
import { observeCall } from './rules/call.ts';
import { observeCookies } from './rules/cookies.ts';
import { observeGrant } from './rules/grant.ts';
import { observeLongHeaders } from './rules/long-headers.ts';
import { observeNetwork } from './rules/network.ts';
import { observeOrigin } from './rules/origin.ts';
import { observeSession } from './rules/session.ts';
import { observeToken } from './rules/token.ts';

/**
 * Says what is wrong, from what the witnesses saw: each root cause once, with its evidence and its fix, and
 * beneath it what follows from it. Where nothing is wrong, it has no findings.
 *
 * Of two causes that break the same calls the one above in the order of precedence is named, because the other
 * cannot be told from its consequences. Causes that break different calls are both named.
 */
export function diagnose(facts: Facts): Report {
  const observed = [...observe(facts)].sort((one, other) => rankOf(one.id) - rankOf(other.id));
  const unique = joined(observed);
  const findings: Finding[] = [];
  const broken = new Map<Scope, number>();
  for (const observation of unique.filter(({ isNotice }) => !isNotice)) {
    const { breaks = ['all'] } = observation;
    const root = rootOf(breaks, broken);
    if (root === undefined) {
      for (const scope of breaks) if (!broken.has(scope)) broken.set(scope, findings.length);
      findings.push(toFinding(observation, facts.target));
      continue;
    }
    const finding = findings[root];
    if (finding) findings[root] = { ...finding, consequences: [...finding.consequences, observation.id] };
  }
  const named = new Set<CauseId>(findings.flatMap(({ id, consequences }) => [id, ...consequences]));
  const notices = unique
    .filter(({ isNotice, id }) => isNotice && !named.has(id))
    .map((each) => toFinding(each, facts.target));
  return { findings, notices, checked: checksOf(facts, findings) };
}

/** Each cause once: what a second witness saw of it stands beside what the first one saw. */
function joined(observed: readonly Observation[]): Observation[] {
  const result: Observation[] = [];
  for (const each of observed) {
    const index = result.findIndex(({ id, isNotice }) => id === each.id && !isNotice === !each.isNotice);
    const first = result[index];
    if (!first) {
      result.push(each);
      continue;
    }
    const more = each.evidence.filter(
      ({ witness }) => !first.evidence.some((known) => known.witness === witness),
    );
    result[index] = { ...first, evidence: [...first.evidence, ...more] };
  }
  return result;
}

function* observe(facts: Facts): Generator<Observation> {
  if (!/^https?:\/\//i.test(facts.target.api)) {
    yield {
      id: 'not-http',
      certainty: 'proved',
      says: `${facts.target.api} does not begin with http:// or https://.`,
      evidence: [{ witness: 'probe', saw: 'The address has no scheme that browsers call.' }],
    };
    return;
  }
  yield* observeNetwork(facts, isRightOutside(facts));
  const ofOrigin = observeOrigin(facts);
  yield* ofOrigin;
  // Nothing can be said about the permission or the site of a page that has no origin.
  if (facts.target.origin === 'null') return;
  const isLost = ofOrigin.some(({ id }) => id === 'origin-lost');
  for (const each of observeGrant(facts)) if (!(isLost && needsOrigin.includes(each.id))) yield each;
  yield* observeBrowser(facts);
  yield* observeLongHeaders(facts);
  yield* observeCall(facts);
  yield* observeCookies(facts);
  yield* observeToken(facts);
  yield* observeSession(facts);
}

/** Whether a program outside of the browser is answered, and finds no fault. */
function isRightOutside({ page, call, ...outside }: Facts): boolean {
  if (!page || !outside.probe) return false;
  const { findings, checked } = diagnose(outside);
  return (
    findings.length === 0 && checked.some(({ check, result }) => check === 'origin' && result === 'right')
  );
}

/** What an API does to every caller whose origin does not arrive. */
const needsOrigin: readonly CauseId[] = [
  'no-cors-at-all',
  'nginx-if',
  'errors-without-grant',
  'preflight-needs-auth',
  'preflight-status',
];

/** Which finding already breaks every call that these scopes name; undefined if none does. */
function rootOf(breaks: readonly Scope[], broken: ReadonlyMap<Scope, number>): number | undefined {
  const all = broken.get('all');
  if (all !== undefined) return all;
  const roots = breaks.map((scope) => broken.get(scope));
  return roots.every((each) => each !== undefined) ? roots[0] : undefined;
}

function toFinding({ id, certainty, evidence, says, fix, next }: Observation, target: Target): Finding {
  const cause = causes[id];
  return {
    id,
    code: cause.code,
    says: says ?? cause.says,
    certainty,
    evidence,
    fix: fix ?? cause.fix.map((each) => fitFix(each, target)),
    references: cause.references,
    consequences: [],
    ...(next !== undefined && { next }),
  };
}

function rankOf(id: CauseId): number {
  return precedence.indexOf(id);
}
