import { isLoopback } from '@signet/contracts';
import { answered, nameOf } from '../answers.ts';
import { bare } from '../bare.ts';
import type { Facts, Failure, ProbeFacts } from '../facts.ts';
import { isAnswer } from '../facts.ts';
import type { Observation } from '../finding.ts';
import { observeAnswers } from './answering-program.ts';
import { behindPreflights } from './scopes.ts';

/** Ports that browsers never connect to, of those above 1023 (Fetch, port blocking), and the commonest below. */
const badPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** N: the request never left the browser, or never arrived. `isRightOutside`: the probe finds no fault. */
export function observeNetwork(facts: Facts, isRightOutside: boolean): Observation[] {
  return [...observeAddress(facts), ...observePage(facts, isRightOutside), ...observeProbe(facts)];
}

function observeAddress({ target: { api, origin } }: Facts): Observation[] {
  const url = new URL(api);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const found: Observation[] = [];
  if (url.username !== '' || url.password !== '')
    found.push({
      id: 'unsendable',
      certainty: 'proved',
      says: 'The address of the API has a user or a password, and fetch refuses such an address.',
      evidence: [{ witness: 'probe', saw: `Something stands before the @ in the address of ${url.host}.` }],
      fix: [{ for: 'signet', do: 'Name the API without it.', line: `{"api_url":"${url.origin}"}` }],
    });
  if (url.port !== '' && badPorts.has(port))
    found.push({
      id: 'bad-port',
      certainty: 'proved',
      says: `Browsers never connect to port ${port}.`,
      evidence: [
        { witness: 'probe', saw: `The API has port ${port}, which is on the list of blocked ports.` },
      ],
    });
  if (origin.startsWith('https:') && url.protocol === 'http:' && !isLoopback(api))
    found.push({
      id: 'mixed-content',
      certainty: 'proved',
      evidence: [{ witness: 'probe', saw: `The page is ${origin}, and the API is ${url.origin}.` }],
    });
  if (isLocal(url.hostname) && !isLocal(new URL(origin === 'null' ? 'http://localhost' : origin).hostname))
    found.push({
      id: 'local-network',
      certainty: 'possible',
      isNotice: true,
      says: `${url.hostname} is on your own machine or network, and the browser asks before a page of ${origin} reaches it.`,
      evidence: [{ witness: 'probe', saw: `The page is ${origin}, and the API is ${url.origin}.` }],
      next: 'Look at the permission of the page in the browser, and serve the page over https.',
    });
  return found;
}

/** Loopback, private and link-local addresses (RFC 1918, RFC 4193), and names that end in them. */
export function isLocal(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd][0-9a-f]{2}:|\[fe80:)/.test(hostname) ||
    hostname.endsWith('.local')
  );
}

function observePage({ page, probe, target: { api } }: Facts, isRightOutside: boolean): Observation[] {
  if (!page) return [];
  const found: Observation[] = [];
  const saw = (text: string) => [{ witness: 'page', saw: text }] as const;
  if (page.blockedDirective !== undefined)
    found.push({
      id: 'csp-connect',
      certainty: 'proved',
      evidence: saw(`The policy of the page blocked ${new URL(api).origin} by ${page.blockedDirective}.`),
    });
  if (page.localNetwork === 'denied' && allRejected(page))
    found.push({
      id: 'local-network',
      certainty: 'proved',
      evidence: saw('The permission for the local network is denied.'),
    });
  if (page.serviceWorker !== undefined)
    found.push({
      id: 'service-worker',
      certainty: 'proved',
      evidence: saw(`The page is controlled by ${page.serviceWorker}.`),
    });
  if (isRightOutside && found.length === 0 && allRejected(page))
    found.push({
      id: 'blocked-by-extension',
      certainty: 'likely',
      says: 'Something in this browser stops the requests of this page, most likely an extension.',
      evidence: [
        ...saw('Every request is stopped, and no policy of the page stops it.'),
        { witness: 'probe', saw: 'Outside of the browser the same requests are answered.' },
      ],
      next: 'Open the page in a private window, where extensions are off: the call works there.',
    });
  if (page.signetElsewhere !== undefined && found.length === 0 && allRejected(page))
    found.push({
      id: 'wrong-port',
      certainty: 'proved',
      says: `The API is at ${page.signetElsewhere}, and the page calls ${new URL(api).origin}.`,
      evidence: [
        ...saw('Every request is stopped, and no policy of the page stops it.'),
        { witness: 'probe', saw: `Signet answers at ${page.signetElsewhere}.` },
      ],
      fix: [
        {
          for: 'signet',
          do: 'Tell the app the port, in config.json.',
          line: `{"api_url":"${page.signetElsewhere}"}`,
        },
      ],
    });
  const isHealthy = probe !== undefined && answered(probe.reads).length > 0;
  const simple = page.fetches?.filter(({ mode }) => mode === 'no-cors') ?? [];
  const stopped = simple.filter(({ outcome }) => outcome === 'rejected');
  if (isHealthy && stopped.length > 0 && stopped.length < simple.length)
    found.push({
      id: 'blocked-by-extension',
      certainty: 'likely',
      evidence: saw(`Requests to ${stopped.map(({ path }) => path).join(', ')} are stopped; others pass.`),
    });
  if (isHealthy && (page.openStreams ?? 0) >= 6 && page.fetches?.some(({ outcome }) => outcome === 'timeout'))
    found.push({
      id: 'connections-used-up',
      certainty: 'likely',
      evidence: saw(`${page.openStreams} streams are open, and a call waits.`),
    });
  return found;
}

function allRejected({ fetches = [] }: NonNullable<Facts['page']>): boolean {
  return fetches.length > 0 && fetches.every(({ outcome }) => outcome === 'rejected');
}

function observeProbe({ target: { api }, probe }: Facts): Observation[] {
  if (!probe) return [];
  const [first] = probe.reads;
  if (!first) return [];
  const url = new URL(api);
  const refused = probe.addresses.filter(({ failure }) => failure);
  const open = probe.addresses.filter(({ failure }) => !failure);
  if (!isAnswer(first.outcome)) return [ofFailure(first.outcome, probe, url, open.length > 0)];
  const found: Observation[] = [];
  for (const list of [probe.reads, probe.preflights]) {
    const broken = list.find(({ outcome }) => !isAnswer(outcome));
    if (broken && !isAnswer(broken.outcome))
      found.push({
        ...ofBreak(broken.outcome),
        certainty: 'proved',
        // Reads are answered where only preflights are not.
        ...(broken.asked && { breaks: behindPreflights }),
        evidence: [{ witness: 'probe', saw: `${nameOf(broken)} ended with ${broken.outcome.code}.` }],
      });
  }
  // A name may lead to another address; an address that was named itself may not.
  const [other] = open;
  if (refused.some(({ address }) => address === bare(url.hostname)) && other)
    found.push(ofFamily(url, other.address));
  if (probe.otherScheme === 'spoken')
    return [...found, ofTls(url, [{ witness: 'probe', saw: 'Every path answers 400.' }])];
  return [...found, ...observeAnswers(probe, url)];
}

/** Which cause a failure in the middle of an exchange has. */
function ofBreak(failure: Failure): Pick<Observation, 'id' | 'says'> {
  if (failure.code === 'UNDECODABLE') return { id: 'undecodable' };
  if (failure.code === 'UNENDED')
    return { id: 'no-answer', says: 'The API begins its answer, and does not end it.' };
  return { id: isTimeout(failure) ? 'no-answer' : 'closed-early' };
}

function ofFamily(url: URL, open: string): Observation {
  return {
    id: 'loopback-family',
    certainty: 'proved',
    says: `The API listens on ${open} only, and ${url.hostname} was asked.`,
    evidence: [{ witness: 'probe', saw: `${url.hostname} is refused, and ${open} answers.` }],
    fix: [
      {
        for: 'shell',
        do: 'Name the address at which the API listens.',
        line: `${url.protocol}//${open.includes(':') ? `[${open}]` : open}${url.port && `:${url.port}`}`,
      },
      {
        for: 'signet',
        do: 'Or let the API listen at the one that was asked.',
        line: `HOST=${bare(url.hostname)}`,
      },
    ],
  };
}

function ofTls(url: URL, evidence: Observation['evidence']): Observation {
  return {
    id: 'http-to-tls',
    certainty: 'proved',
    says: `${url.host} answers over https, and http was asked for.`,
    evidence: [...evidence, { witness: 'probe', saw: `${url.host} answers a TLS handshake.` }],
    fix: [{ for: 'signet', do: 'Name the API with https.', line: `{"api_url":"https://${url.host}"}` }],
  };
}

function ofFailure(failure: Failure, probe: ProbeFacts, url: URL, isOpen: boolean): Observation {
  const evidence = [
    { witness: 'probe', saw: `${url.origin} ended with ${failure.code}.` },
  ] as const satisfies Observation['evidence'];
  const proved = { certainty: 'proved', evidence } as const;
  if (failure.stage === 'name')
    return { ...proved, id: 'name-unknown', says: `No machine has the name ${url.hostname}.` };
  if (failure.stage === 'tls') {
    // A server with a certificate may answer http, too, with a page that says so.
    if (probe.otherScheme === 'spoken' && /EPROTO|ERR_SSL|ECONNRESET/.test(failure.code))
      return {
        ...proved,
        id: 'upgraded-to-https',
        says: `${url.host} answers over http, and https was asked for.`,
      };
    return {
      ...proved,
      id: 'certificate',
      says: `The certificate of ${url.hostname} is ${faultOf(failure.code)}.`,
    };
  }
  if (failure.stage === 'connect') return ofRefusal(failure, probe, url, isOpen);
  if (probe.otherScheme === 'spoken') return ofTls(url, evidence);
  if (['UNDECODABLE', 'UNENDED'].includes(failure.code) || isTimeout(failure))
    return { ...proved, ...ofBreak(failure) };
  if (failure.code.startsWith('HPE_'))
    return { ...proved, id: 'other-program', says: `What answers on port ${url.port} does not speak HTTP.` };
  return failure.code === 'INCOMPLETE'
    ? { ...proved, id: 'closed-early' }
    : { ...proved, id: 'bound-inside-container' };
}

function ofRefusal(failure: Failure, probe: ProbeFacts, url: URL, isOpen: boolean): Observation {
  const [elsewhere] = probe.signetElsewhere;
  const saw = `${url.host} ended with ${failure.code} on every address (${probe.addresses
    .map(({ address }) => address)
    .join(', ')}).`;
  if (isOpen) return ofFamily(url, probe.addresses.find((each) => !each.failure)?.address ?? '');
  if (elsewhere !== undefined)
    return {
      id: 'wrong-port',
      certainty: 'proved',
      says: `The API is at ${elsewhere}, and ${url.origin} was asked.`,
      evidence: [
        { witness: 'probe', saw },
        { witness: 'probe', saw: `Signet answers at ${elsewhere}.` },
      ],
      fix: [
        { for: 'signet', do: 'Tell the app the port, in config.json.', line: `{"api_url":"${elsewhere}"}` },
        {
          for: 'shell',
          do: 'Or start the API on the port that was asked.',
          line: `PORT=${url.port} npm run dev`,
        },
      ],
    };
  return {
    id: isTimeout(failure) ? 'no-answer' : 'api-not-running',
    certainty: 'proved',
    ...(!isTimeout(failure) && { says: `Nothing listens on ${url.host}. The API is not running.` }),
    evidence: [{ witness: 'probe', saw }],
  };
}

const isTimeout = ({ code }: Failure): boolean => code === 'ETIMEDOUT' || code === 'TIMEOUT';

function faultOf(code: string): string {
  if (/EXPIRED/.test(code)) return 'out of date';
  if (/ALTNAME/.test(code)) return 'for other names';
  if (/SELF_SIGNED/.test(code)) return 'self-signed';
  return `not trusted (${code})`;
}
