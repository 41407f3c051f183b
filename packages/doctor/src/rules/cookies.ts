import { cookiePaths, cookiePolicy, type Exchange, isLoopback } from '@signet/contracts';
import {
  type Answered,
  answered,
  headerOf,
  isSignet,
  isSuccess,
  linesOf,
  nameOf,
  problemCodeOf,
} from '../answers.ts';
import { type Facts, isAnswer, type ProbeFacts, type Sent, type Target } from '../facts.ts';
import type { Observation } from '../finding.ts';
import { domainCovers, pathCovers, readSetCookie, type SetCookie } from '../set-cookie.ts';
import { observeAssay } from './assay.ts';
import { fixOfSite, siteCauseOf } from './site.ts';

/** Browsers drop a cookie whose name and value together are longer (RFC 6265bis, section 5.7). */
const longest = { pair: 4096, attribute: 1024 } as const;

/** C: cookies that are not kept, or not sent. */
export function observeCookies(facts: Facts): Observation[] {
  const ofProbe = observeProbe(facts);
  const isExplained = ofProbe.some(({ isNotice }) => !isNotice);
  return [...ofProbe, ...observeAssay(facts, isExplained)].map((each) => ({ breaks: ['cookies'], ...each }));
}

type Seen = { readonly cookie: SetCookie; readonly from: Answered; readonly clears: boolean };

function observeProbe(facts: Facts): Observation[] {
  const { probe, target } = facts;
  if (!probe) return [];
  const lost = observeLost(facts, probe);
  if (lost) return [lost];
  const stripped = observeStripped(facts, probe);
  const all = cookiesOf(probe);
  const isOurs = isSignet(probe);
  // How a cookie is set decides; how it is cleared shows it only where nothing sets it.
  const isSet = ({ cookie }: Seen) => all.some((each) => !each.clears && each.cookie.name === cookie.name);
  const seen = all.filter((each) => !each.clears || !isSet(each));
  return [
    ...(stripped ? [stripped] : []),
    ...seen.flatMap(({ cookie, from }) => observeAttributes(cookie, from, target)),
    ...seen.flatMap(({ cookie, from, clears }) => (clears ? [] : observeLife(cookie, from))),
    ...(isOurs ? seen.flatMap(({ cookie, from }) => observePath(cookie, from)) : []),
    ...observePairs(all),
  ];
}

/**
 * C21. The trace has the names that left. Without it: Signet's sign-out clears its cookies in every answer, so one
 * without Set-Cookie has lost them.
 */
function observeLost({ trace }: Facts, { signOut, signIn, ...probe }: ProbeFacts): Observation | undefined {
  for (const sent of [signIn, signOut]) {
    if (!isAnswered(sent) || !isSuccess(sent.outcome)) continue;
    const lines = linesOf(sent.outcome, 'set-cookie');
    const arrived = lines.map((line) => bareName(readSetCookie(line).name));
    const left = exchangeOf(sent, trace)?.set_cookies.map(({ name }) => bareName(name));
    const isTaken = (name: string) => {
      // Several cookies in one line are another cause.
      return !arrived.includes(name) && !lines.some((line) => line.includes(`, ${name}=`));
    };
    // Signet sets and clears its two cookies together.
    const lost = (left ?? ownCookies).filter(isTaken);
    if (lost.length === 0 || !(left || isSignet({ ...probe }))) continue;
    const isRenamed = arrived.length > 0 && lost.length >= arrived.length && arrived.every(isForeign(left));
    return {
      id: 'set-cookie-lost',
      certainty: left ? 'proved' : 'likely',
      ...(arrived.length > 0 && {
        says: isRenamed
          ? 'The API sets its cookies, and they arrive under other names.'
          : `The API sets ${lost.join(', ')}, and it does not arrive.`,
      }),
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(sent)} arrived with ${arrived.length === 0 ? 'no Set-Cookie' : arrived.join(', ')}.`,
        },
        ...(left ? [{ witness: 'api', saw: `It left with ${left.join(', ')}.` } as const] : []),
      ],
    };
  }
  return undefined;
}

const ownCookies = [cookiePolicy.local.tokenName, cookiePolicy.local.refreshName];

const isForeign = (left: readonly string[] = ownCookies) => {
  return (name: string): boolean => !left.includes(name);
};

/** C25: a cookie that was sent, and that the API did not see. */
function observeStripped({ trace }: Facts, { withCookie }: ProbeFacts): Observation | undefined {
  if (!isAnswered(withCookie) || problemCodeOf(withCookie.outcome) !== 'token_missing') return undefined;
  const exchange = exchangeOf(withCookie, trace);
  if (exchange && exchange.cookies.length > 0) return undefined;
  return {
    id: 'cookie-stripped',
    certainty: exchange ? 'proved' : 'likely',
    evidence: [
      { witness: 'probe', saw: `${nameOf(withCookie)} was sent with the cookies of a sign-in.` },
      exchange
        ? { witness: 'api', saw: 'It arrived without a cookie.' }
        : { witness: 'probe', saw: 'The API answers that the token is missing.' },
    ],
  };
}

/** A prefix that does not fit the attributes is a cause of its own. */
const bareName = (name: string): string => name.replace(/^__(host|secure)-/i, '');

function exchangeOf({ outcome }: Answered, trace: Facts['trace']): Exchange | undefined {
  const id = headerOf(outcome, 'x-request-id');
  return id === undefined ? undefined : trace?.find(({ request_id }) => request_id === id);
}

function isAnswered(sent: Sent | undefined): sent is Answered {
  return sent !== undefined && isAnswer(sent.outcome);
}

function cookiesOf({ reads, signIn, signOut }: ProbeFacts): Seen[] {
  return answered([signIn, signOut, ...reads].filter((each) => each !== undefined)).flatMap((from) =>
    linesOf(from.outcome, 'set-cookie')
      .map((line) => ({
        cookie: readSetCookie(line),
        from,
        clears: from.method === 'DELETE' || problemCodeOf(from.outcome) !== undefined,
      }))
      .filter(({ cookie }) => !isOfInfrastructure(cookie.name)),
  );
}

/** Load balancers and CDNs set cookies of their own, on which no page depends. */
export function isOfInfrastructure(name: string): boolean {
  return /^(__cf|_cf|cf_|__cflb|AWSALB|ARRAffinity|GAESA|INGRESSCOOKIE|SERVERID|BIGip|incap_|visid_|ak_bmsc|bm_s|_ga|_gid)/i.test(
    name,
  );
}

function observeAttributes(cookie: SetCookie, from: Answered, target: Target): Observation[] {
  const { name, sameSite, secure, domain, path, partitioned } = cookie;
  const api = new URL(target.api);
  const isHttp = api.protocol === 'http:';
  const found: Observation[] = [];
  const add = (id: Observation['id'], says: string, saw: string, more: Partial<Observation> = {}) =>
    found.push({
      id,
      certainty: 'proved',
      says,
      evidence: [{ witness: 'probe', saw: `${nameOf(from)}: ${saw}` }],
      ...more,
    });

  for (const oddity of cookie.oddities)
    add(
      'set-cookie-syntax',
      `The Set-Cookie line of ${name || 'a cookie'} ${oddity}.`,
      `the line ${oddity}.`,
    );
  const missing = missingForPrefix(cookie);
  if (missing.length > 0)
    add(
      'prefix-rule',
      `${name} needs Secure, Path=/ and no Domain; it fails in ${missing.join(' and ')}.`,
      `${name} fails in ${missing.join(' and ')}.`,
    );
  if (sameSite === 'none' && !secure)
    add(
      'none-without-secure',
      `${name} has SameSite=None without Secure, which every browser refuses.`,
      `${name} has SameSite=None and no Secure.`,
    );
  if (partitioned && !secure)
    add(
      'partition-differs',
      `${name} is Partitioned without Secure, so browsers refuse it.`,
      `${name} is Partitioned and not Secure.`,
    );
  if (secure && isHttp && !isLoopback(target.api))
    add('secure-over-http', `${name} is Secure, and ${api.origin} is http.`, `${name} is Secure.`);
  if (secure && isHttp && isLoopback(target.api))
    add(
      'secure-on-http-loopback',
      `Safari and Postman refuse the Secure cookie ${name} over http on loopback.`,
      `${name} is Secure.`,
      { isNotice: true },
    );
  const isSuffix = domain !== undefined && domain === target.publicSuffix && domain !== api.hostname;
  if (domain !== undefined && (isSuffix || !domainCovers(domain, api.hostname)))
    add(
      'domain-attribute',
      `${name} has Domain=${domain}, which does not cover ${api.hostname}.`,
      `${name} has Domain=${domain}.`,
    );
  if (cookie.bytes > longest.pair || cookie.longestAttribute > longest.attribute)
    add(
      'too-long',
      `${name} has ${cookie.bytes} bytes; above 4096 browsers drop it without a word.`,
      `${name} has ${cookie.bytes} bytes.`,
    );
  if (target.site === 'cross-site' && sameSite !== 'none')
    add(
      siteCauseOf(target),
      `${target.origin} and ${api.origin} are two sites, and ${name} is for one site only.`,
      `${name} has ${sameSite === undefined ? 'no SameSite, which means Lax' : `SameSite=${sameSite}`}${path === undefined ? '' : ` and Path=${path}`}.`,
      fixOfSite(target),
    );
  return found;
}

function missingForPrefix({ name, secure, path, domain }: SetCookie): string[] {
  const isHost = /^__host-/i.test(name);
  if (!isHost && !/^__secure-/i.test(name)) return [];
  return [
    ...(secure ? [] : ['Secure']),
    ...(isHost && path !== '/' ? ['Path'] : []),
    ...(isHost && domain !== undefined ? ['Domain'] : []),
  ];
}

/** C19. */
function observeLife({ name, maxAge, expires, deletes }: SetCookie, from: Answered): Observation[] {
  if (deletes) return [];
  const isOver = maxAge === undefined ? expires !== undefined && expires <= from.outcome.at : maxAge <= 0;
  if (!isOver) return [];
  return [
    {
      id: 'born-expired',
      certainty: 'proved',
      says: `${name} has expired before it arrives.`,
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(from)} sets ${name} with ${maxAge === undefined ? 'Expires in the past' : `Max-Age=${maxAge}`}.`,
        },
      ],
    },
  ];
}

/** C12, for the cookies whose purpose is known. */
function observePath({ name, path }: SetCookie, from: Answered): Observation[] {
  const needed = /refresh/i.test(name)
    ? `${cookiePaths.refresh}/refresh`
    : /device/i.test(name)
      ? cookiePaths.device
      : '/protected';
  if (path === undefined ? pathCovers(folderOf(from.path), needed) : pathCovers(path, needed)) return [];
  return [
    {
      id: 'path-attribute',
      certainty: 'proved',
      says: `${name} goes to ${path ?? folderOf(from.path)} only, and ${needed} needs it.`,
      evidence: [{ witness: 'probe', saw: `${nameOf(from)} sets ${name} with Path=${path ?? '(none)'}.` }],
    },
  ];
}

/** The path of a cookie without Path (RFC 6265bis, section 5.1.4). */
function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** C18 and C20: two lines for one name that make two cookies. */
function observePairs(seen: readonly Seen[]): Observation[] {
  const found: Observation[] = [];
  for (const [index, one] of seen.entries())
    for (const other of seen.slice(index + 1)) {
      if (one.cookie.name !== other.cookie.name || keyOf(one.cookie) === keyOf(other.cookie)) continue;
      const isOneAnswer = one.from === other.from;
      if (!isOneAnswer && one.clears === other.clears) continue;
      found.push({
        id: isOneAnswer ? 'two-of-one-name' : 'not-cleared',
        certainty: 'proved',
        says: isOneAnswer
          ? `${one.cookie.name} is set twice, as two different cookies.`
          : `${one.cookie.name} is set with ${keyOf(one.cookie)}, and cleared with ${keyOf(other.cookie)}.`,
        evidence: [
          { witness: 'probe', saw: `${nameOf(one.from)}: ${one.cookie.name} with ${keyOf(one.cookie)}.` },
          {
            witness: 'probe',
            saw: `${nameOf(other.from)}: ${other.cookie.name} with ${keyOf(other.cookie)}.`,
          },
        ],
      });
    }
  return found;
}

/** What makes two cookies of one name different ones. */
function keyOf({ path, domain, partitioned }: SetCookie): string {
  return [
    `Path=${path ?? '(none)'}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(partitioned ? ['Partitioned'] : []),
  ].join('; ');
}
