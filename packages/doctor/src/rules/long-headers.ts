import { allowOriginOf } from '../allow-origin.ts';
import { answered, headerOf, nameOf } from '../answers.ts';
import type { Facts, PageFetch } from '../facts.ts';
import type { Observation } from '../finding.ts';

/**
 * C15. A server that refuses 10 kB of cookies is worth knowing, and no fault: a browser may never send so many. It is one
 * where calls with cookies fail in this browser, and those without do not.
 */
export function observeLongHeaders({ page, probe, target }: Facts): Observation[] {
  if (!probe) return [];
  const long = probe.longHeader && answered([probe.longHeader])[0];
  const isRefused = long !== undefined && [400, 413, 431, 494].includes(long.outcome.status);
  const ends = (credentials: PageFetch['credentials']) =>
    page?.fetches?.find((each) => each.mode === 'cors' && each.credentials === credentials)?.outcome;
  const granted = answered(probe.reads).filter(
    ({ outcome }) => allowOriginOf(outcome, target.origin) === 'exact',
  );
  const allowsCredentials =
    granted.length > 0 &&
    granted.every(({ outcome }) => headerOf(outcome, 'access-control-allow-credentials') === 'true');
  const failsWithCookies = allowsCredentials && ends('omit') === 'answered' && ends('include') === 'rejected';
  if (!isRefused && !failsWithCookies) return [];
  return [
    {
      id: 'header-too-long',
      certainty: isRefused ? 'proved' : 'likely',
      isNotice: !failsWithCookies,
      breaks: ['cookies', 'sign-in'],
      ...(!failsWithCookies && {
        says: `A request with 10 kB of cookies is refused with ${long?.outcome.status}; the API itself takes it.`,
      }),
      evidence: [
        ...(isRefused
          ? [
              {
                witness: 'probe',
                saw: `${nameOf(long)} with 10 kB of cookies is answered with ${long.outcome.status}.`,
              } as const,
            ]
          : []),
        ...(failsWithCookies
          ? [
              {
                witness: 'page',
                saw: 'A call without cookies is answered; the same one with the cookies of this host fails.',
              } as const,
            ]
          : []),
      ],
      fix: [
        {
          for: 'browser',
          do: 'Delete the cookies of this host, which all ports share; a private window has none.',
        },
        { for: 'nginx', do: 'Take longer headers.', line: 'large_client_header_buffers 4 16k;' },
      ],
    },
  ];
}
