import { corsPolicy, safelistedMethods } from '@signet/contracts';
import { allowOriginOf } from '../allow-origin.ts';
import { type Answered, headerOf, isSignet, isSuccess, listOf, nameOf } from '../answers.ts';
import type { Fix } from '../causes/cause.ts';
import type { Facts, ProbeFacts, Target } from '../facts.ts';
import type { Observation, Scope } from '../finding.ts';
import { asksForCredentials } from './origin.ts';
import { behindPreflights } from './scopes.ts';

/** H7 to H12, H14 and H16: a preflight that is refused as a whole. */
export function observePreflightAnswers(
  preflights: readonly Answered[],
  reads: readonly Answered[],
  { target, probe }: Facts,
): Observation[] {
  const { origin } = target;
  const isOurs = probe !== undefined && isSignet(probe);
  const isGranted = ({ outcome }: Answered) => allowOriginOf(outcome, origin) !== 'absent';
  const somethingIsGranted = reads.some(isGranted);
  const found: Observation[] = [];
  for (const preflight of preflights) {
    const { outcome, path } = preflight;
    if (isSuccess(outcome) && isGranted(preflight)) continue;
    // Of another API, only a path that the page can read is sure to be meant for it.
    const isMeant = isOurs || isNamed(preflight, target);
    const readsAreGranted = isMeant
      ? somethingIsGranted
      : reads.some((read) => read.path === path && isGranted(read));
    const smaller = ofSmaller(preflight, preflights, isGranted);
    if (smaller) {
      found.push({ ...smaller, isNotice: !isMeant });
      continue;
    }
    const saw = `${nameOf(preflight)} is answered with ${outcome.status}.`;
    const known = { certainty: 'proved', breaks: behindPreflights } as const;
    const isLimited = outcome.status === 429;
    const asks =
      asksForCredentials(outcome.status) || isLimited || (outcome.status === 403 && readsAreGranted);
    if (outcome.status >= 300 && outcome.status < 400) {
      if (isMeant || readsAreGranted || !somethingIsGranted) found.push(ofRedirect(preflight));
    } else if (asks) {
      found.push({
        ...known,
        id: 'preflight-needs-auth',
        says: isLimited
          ? 'A rate limit stands before CORS, and counts preflights (429).'
          : `The preflight was asked for credentials (${outcome.status}). Browsers never send any with it.`,
        ...(isLimited && { fix: beforeLimits }),
        evidence: [
          { witness: 'probe', saw },
          ...(readsAreGranted ? [{ witness: 'probe', saw: 'A simple GET is allowed.' } as const] : []),
        ],
      });
    } else if (!isSuccess(outcome) && (readsAreGranted || (isGranted(preflight) && isMeant))) {
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
        // A public GET without more needs no preflight, and frameworks answer OPTIONS to it by themselves.
        isNotice: !isMeant && isOnlyRead(preflight, reads),
        evidence: [
          { witness: 'probe', saw: `${saw} It has no Access-Control-Allow-Origin.` },
          { witness: 'probe', saw: `A GET allows ${origin}.` },
        ],
      });
    }
  }
  return found;
}

const beforeLimits: readonly Fix[] = [
  { for: 'express', do: 'Answer CORS before the limiter.', line: 'app.use(cors(options), limiter)' },
  {
    for: 'nginx',
    do: 'Count no preflights: an empty key is not limited.',
    line: 'map $request_method $limited { default $binary_remote_addr; OPTIONS ""; }',
  },
];

/**
 * H12, H14: some servers refuse a preflight as a whole, without any permission, where they mean the method or a
 * header. The same question with less in it is allowed then.
 */
function ofSmaller(
  { path, asked, outcome }: Answered,
  preflights: readonly Answered[],
  isGranted: (each: Answered) => boolean,
): Observation | undefined {
  if (!asked || asksForCredentials(outcome.status) || outcome.status === 429) return undefined;
  const passed = preflights.filter(
    (each) => each.path === path && isSuccess(each.outcome) && isGranted(each),
  );
  const headersOf = (each: Answered) => each.asked?.headers ?? [];
  const covers = (each: Answered) => asked.headers.every((name) => headersOf(each).includes(name));
  const [byMethod] = passed.filter((each) => each.asked?.method !== asked.method && covers(each));
  const [byHeader] = passed.filter((each) => each.asked?.method === asked.method && !covers(each));
  const allowed = byMethod ?? byHeader ?? passed[0];
  if (!allowed) return undefined;
  const evidence = [
    {
      witness: 'probe',
      saw: `the preflight of ${asked.method} ${path} with the headers ${asked.headers.join(', ') || '(none)'} is refused with ${outcome.status}.`,
    },
    {
      witness: 'probe',
      saw: `That of ${allowed.asked?.method} with the headers ${headersOf(allowed).join(', ') || '(none)'} is allowed.`,
    },
  ] as const;
  if (allowed !== byHeader)
    return {
      id: 'method-not-granted',
      certainty: 'proved',
      breaks: ['method'],
      says: `The preflight of a ${asked.method} is refused, that of a ${allowed.asked?.method} is not.`,
      evidence,
    };
  const refused = asked.headers.filter((name) => !headersOf(allowed).includes(name));
  return {
    id: 'header-not-granted',
    certainty: 'proved',
    breaks: callsWith(refused),
    says: `The preflight does not allow the header ${refused.join(', ')}.`,
    evidence,
    fix: namingHeaders,
  };
}

/** A read without credentials whose path has no other method. */
function isOnlyRead({ path, outcome }: Answered, reads: readonly Answered[]): boolean {
  const read = reads.find((each) => each.path === path);
  if (!read || headerOf(read.outcome, 'access-control-allow-credentials') !== undefined) return false;
  const methods = listOf(outcome, 'allow');
  return methods.length > 0 && methods.every((each) => /^(GET|HEAD|OPTIONS)$/.test(each));
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
export function observePreflightLists(
  preflights: readonly Answered[],
  facts: Facts,
  probe: ProbeFacts,
): Observation[] {
  const { target } = facts;
  const bare = ofBare(preflights, facts, probe);
  if (bare) return [bare];
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
        breaks: behindPreflights,
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

/**
 * Signet's preflights always list methods and headers. Without both, OPTIONS is answered by something that takes it for
 * no preflight, most often because its question was removed on the way.
 */
function ofBare(
  preflights: readonly Answered[],
  { target: { origin }, trace }: Facts,
  probe: ProbeFacts,
): Observation | undefined {
  const allowed = preflights.filter(
    ({ outcome }) => isSuccess(outcome) && allowOriginOf(outcome, origin) !== 'absent',
  );
  const lists = ['access-control-allow-methods', 'access-control-allow-headers'];
  const hasList = ({ outcome }: Answered) => lists.some((name) => headerOf(outcome, name) !== undefined);
  const [first] = allowed;
  if (!first || !isSignet(probe) || allowed.some(hasList)) return undefined;
  const id = headerOf(first.outcome, 'x-request-id');
  const exchange = trace?.find(({ request_id }) => request_id === id);
  return {
    id: 'method-not-granted',
    certainty: 'proved',
    breaks: ['method', ...behindPreflights],
    says: 'OPTIONS is answered as any other method: the answer lists neither methods nor headers.',
    evidence: [
      { witness: 'probe', saw: `${nameOf(first)} is answered with ${first.outcome.status} and no list.` },
      ...(exchange && !exchange.preflight
        ? [{ witness: 'api', saw: 'It arrived without Access-Control-Request-Method.' } as const]
        : []),
    ],
    fix: [
      {
        for: 'nginx',
        do: 'Pass the question of the preflight on.',
        line: 'proxy_set_header Access-Control-Request-Method $http_access_control_request_method;',
      },
      { for: 'express', do: 'Answer OPTIONS by CORS, before the routes.', line: 'app.use(cors(options))' },
    ],
  };
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

/** The calls that send one of these headers. */
function callsWith(headers: readonly string[]): readonly Scope[] {
  return headers.includes('authorization') ? ['header', 'token'] : ['header', 'sign-in', 'cookies'];
}

const namingHeaders: readonly Fix[] = [
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
];

type Meaning = { readonly withCredentials: boolean; readonly isMeant: boolean };

function ofHeader(preflight: Answered, name: string, { withCredentials, isMeant }: Meaning): Observation[] {
  const list = listOf(preflight.outcome, 'access-control-allow-headers').map((each) => each.toLowerCase());
  if (list.includes(name)) return [];
  const hasWildcard = list.includes('*');
  if (hasWildcard && !withCredentials && name !== 'authorization') return [];
  return [
    {
      id: hasWildcard ? 'header-wildcard' : 'header-not-granted',
      certainty: 'proved',
      breaks: callsWith([name]),
      isNotice: !isMeant && !(hasWildcard && withCredentials),
      says: hasWildcard
        ? `Access-Control-Allow-Headers: * does not cover ${name}. It must be named.`
        : `The preflight does not allow the header ${name}.`,
      evidence: [
        { witness: 'probe', saw: `${nameOf(preflight)} allows the headers ${list.join(', ') || '(none)'}.` },
      ],
      fix: namingHeaders,
    },
  ];
}
