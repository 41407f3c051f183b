import { corsPolicy } from '@signet/contracts';
import { allowOriginOf } from '../allow-origin.ts';
import { type Answered, headerOf, isSuccess, linesOf, listOf, nameOf } from '../answers.ts';
import type { Answer } from '../facts.ts';
import type { Observation } from '../finding.ts';

/**
 * H19. Without Vary the answer for one origin is the answer for all, which breaks a page as soon as something
 * stores it: where the answer says that it may be stored, it is a fault; else it is a notice.
 */
export function observeCaches(
  reads: readonly Answered[],
  origin: string,
  others: readonly Answered[],
): Observation[] {
  // An API that names one origin to everybody has one answer for all.
  if (others.some(({ outcome }) => allowOriginOf(outcome, origin) === 'exact')) return [];
  const dependent = reads.filter(({ outcome }) => allowOriginOf(outcome, origin) === 'exact');
  const careless = dependent.filter(({ outcome }) => !variesByOrigin(outcome));
  const stored = careless.find(({ outcome }) => isStored(outcome));
  const shown = stored ?? careless[0];
  if (!shown) return [];
  const control = headerOf(shown.outcome, 'cache-control');
  return [
    {
      id: 'vary-missing',
      certainty: 'proved',
      breaks: ['cache'],
      isNotice: stored === undefined,
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(shown)} has no Vary: Origin${control === undefined ? '' : `, and Cache-Control: ${control}`}.`,
        },
      ],
    },
  ];
}

/** H20. */
export function observeMaxAge(preflights: readonly Answered[]): Observation[] {
  const short = preflights.find(
    ({ outcome }) =>
      isSuccess(outcome) &&
      linesOf(outcome, 'access-control-allow-origin').length > 0 &&
      !(Number(headerOf(outcome, 'access-control-max-age') ?? 0) > 0),
  );
  if (!short) return [];
  return [
    {
      id: 'preflight-every-time',
      certainty: 'proved',
      isNotice: true,
      evidence: [{ witness: 'probe', saw: `${nameOf(short)} has no Access-Control-Max-Age above 0.` }],
    },
  ];
}

/** H18, for the headers that Signet's app reads. */
export function observeExposed(reads: readonly Answered[], isOurs: boolean): Observation[] {
  if (!isOurs) return [];
  for (const read of reads) {
    const exposed = listOf(read.outcome, 'access-control-expose-headers').map((each) => each.toLowerCase());
    const hidden = corsPolicy.exposedHeaders.find(
      (name) =>
        headerOf(read.outcome, name.toLowerCase()) !== undefined && !exposed.includes(name.toLowerCase()),
    );
    if (hidden !== undefined && linesOf(read.outcome, 'access-control-allow-origin').length > 0)
      return [
        {
          id: 'not-exposed',
          certainty: 'proved',
          isNotice: true,
          says: `${hidden} was sent, and script cannot read it, because it is not exposed.`,
          evidence: [
            { witness: 'probe', saw: `${nameOf(read)} exposes ${exposed.join(', ') || 'nothing'}.` },
          ],
        },
      ];
  }
  return [];
}

function variesByOrigin(answer: Answer): boolean {
  return listOf(answer, 'vary').some((each) => each === '*' || each.toLowerCase() === 'origin');
}

/** Whether a cache can hand it on without asking (RFC 9111, section 4.2.1). */
function isStored(answer: Answer): boolean {
  const control = headerOf(answer, 'cache-control') ?? '';
  if (/no-store|no-cache/i.test(control)) return false;
  const [, seconds] = /(?:s-maxage|max-age)\s*=\s*"?(\d+)/i.exec(control) ?? [];
  if (seconds !== undefined) return Number(seconds) > 0;
  return (
    Number(headerOf(answer, 'age') ?? 0) > 0 || Date.parse(headerOf(answer, 'expires') ?? '') > answer.at
  );
}
