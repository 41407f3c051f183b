import { isLoopback } from '@signet/contracts';
import { allowOriginOf } from '../allow-origin.ts';
import { answered, headerOf } from '../answers.ts';
import { type Facts, hasRead, type PageFacts } from '../facts.ts';
import type { Observation } from '../finding.ts';
import { isLocal } from './network.ts';

/** What the page and the probe show together: O5, O6, H26, C16 and F5. */
export function observeBrowser(facts: Facts): Observation[] {
  const { page, probe, target } = facts;
  if (!page || target.site === 'same-origin') return [];
  if (!probe) return observeAlone(page, target.origin);
  const found: Observation[] = [];
  const reads = answered(probe.reads);
  const isAbsent = reads.every(({ outcome }) => allowOriginOf(outcome, target.origin) === 'absent');
  const works = hasRead(page);
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

/** Services that give a page on somebody's machine a public name. */
const tunnels =
  /\.(ngrok(-free)?\.(app|dev|io)|trycloudflare\.com|loca\.lt|github\.dev|gitpod\.io|devtunnels\.ms|serveo\.net)$/;

/**
 * O6 without a probe, as the page's server looks for pages of this machine alone: the page may read nothing, and its own
 * name is one that lists of development lack. Whether something answers cannot be told, because Signet forbids others to
 * embed its answers, and a call without CORS counts as that.
 */
function observeAlone(page: PageFacts, origin: string): Observation[] {
  const { hostname } = new URL(origin);
  const isRefused = page.fetches?.some(({ mode }) => mode === 'cors') && !hasRead(page);
  if (!isRefused || isLoopback(hostname) || !(isLocal(hostname) || tunnels.test(hostname))) return [];
  return [
    {
      id: 'lan-or-tunnel',
      certainty: 'possible',
      says: `The page was opened as ${origin}, which the list of the API may lack.`,
      evidence: [{ witness: 'page', saw: 'The page can read no answer of the API.' }],
      fix: [
        { for: 'signet', do: 'Add the origin to the list, after a comma.', line: `WEB_ORIGINS=${origin}` },
      ],
      next: 'Open the page on the machine of the API, or run the command there: both see what the API allows.',
    },
  ];
}
