import { allowOriginOf } from '../allow-origin.ts';
import { answered, headerOf } from '../answers.ts';
import type { Facts } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** What the page and the probe show together: O5, O6, H26, C16 and F5. */
export function observeBrowser(facts: Facts): Observation[] {
  const { page, probe, target } = facts;
  if (!page || !probe || target.site === 'same-origin') return [];
  const found: Observation[] = [];
  const reads = answered(probe.reads);
  const isAbsent = reads.every(({ outcome }) => allowOriginOf(outcome, target.origin) === 'absent');
  const works = page.fetches?.some(({ mode, outcome }) => mode === 'cors' && outcome === 'answered');
  if (works && isAbsent && reads.length > 0)
    found.push({
      id: 'cors-extension',
      certainty: 'likely',
      isNotice: true,
      evidence: [
        { witness: 'page', saw: 'The page can read the answers.' },
        { witness: 'probe', saw: 'No answer allows the page.' },
      ],
    });
  const own = new URL(target.origin);
  const moved = probe.grantedOrigins.find((each) => {
    const listed = new URL(each);
    return listed.protocol === own.protocol && listed.hostname === own.hostname && listed.port !== own.port;
  });
  if (isAbsent && moved !== undefined)
    found.push({
      id: 'page-moved-port',
      certainty: 'proved',
      says: `The page moved from port ${new URL(moved).port} to ${own.port}.`,
      evidence: [{ witness: 'probe', saw: `The API allows ${moved}, and not ${target.origin}.` }],
    });
  const onlyLoopback = probe.grantedOrigins.every((each) => /\/\/(localhost|127\.0\.0\.1)/.test(each));
  if (
    isAbsent &&
    probe.grantedOrigins.length > 0 &&
    onlyLoopback &&
    !/^(localhost|127\.|\[::1\])/.test(own.hostname)
  )
    found.push({
      id: 'lan-or-tunnel',
      certainty: 'proved',
      says: `The page was opened as ${target.origin}; the API knows only the names of this machine.`,
      evidence: [{ witness: 'probe', saw: `The API allows ${probe.grantedOrigins.join(', ')}.` }],
    });
  const embedded = reads.find(
    ({ outcome }) =>
      /^image\//.test(headerOf(outcome, 'content-type') ?? '') &&
      headerOf(outcome, 'cross-origin-resource-policy') ===
        (target.site === 'cross-site' ? 'same-site' : 'same-origin'),
  );
  if (embedded)
    found.push({
      id: 'resource-policy',
      certainty: 'proved',
      breaks: ['cache'],
      evidence: [
        {
          witness: 'probe',
          saw: `${embedded.path} is ${headerOf(embedded.outcome, 'cross-origin-resource-policy')}.`,
        },
      ],
    });
  return found;
}
