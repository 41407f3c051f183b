import { isLoopback, maxImageBytes } from '@signet/contracts';
import { allowOriginOf, loopbackTwinsOf, spellingsOf } from '../allow-origin.ts';
import {
  type Answered,
  answered,
  headerOf,
  isSignet,
  isSuccess,
  linesOf,
  membersOf,
  problemCodeOf,
} from '../answers.ts';
import { bare } from '../bare.ts';
import { type Facts, isAnswer, type Outcome, type ProbeFacts, type Sent, type Target } from '../facts.ts';
import { readTrace } from './read-trace.ts';
import { addressesOf, send, speaksTls, tryAddress } from './request.ts';

export type ProbeOptions = {
  /** Whether to sign in as a demo user, which is done on one's own machine only. */
  readonly signsIn?: boolean;
  /** So long an answer may take, in milliseconds; 4000 if it is absent. */
  readonly answerMs?: number;
};

/** So long a sign-in or a sign-out may take: one that was given up would leave a session behind. */
const patientMs = 20_000;

/** So long the answer to a head without its body is waited for: a proxy that buffers bodies never gives one. */
const headMs = 2000;

/** No list has it: the name is reserved (RFC 6761, section 6.4). */
const strangeOrigin = 'https://doctor.invalid';

/** As the value of Origin: the request has none, as one of a program that is no browser. */
const withoutOrigin = '';

/** Origins from which pages are often served in development. */
const usualOrigins = [4100, 3000, 5173, 8080].flatMap((port) => [
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}`,
]);

/** Published passwords, which the API accepts where it has the demo data. */
const demoUser = { uid: 'niko', password: '123niko' } as const;

const none = {
  addresses: [],
  reads: [],
  preflights: [],
  otherOrigins: [],
  grantedOrigins: [],
  guarded: [],
  signetElsewhere: [],
} as const satisfies ProbeFacts;

/**
 * Asks the API what a browser would ask, from a program that may read every answer: reads, preflights, calls
 * that the origin guard refuses, a sign-out without a session. It changes nothing but a demo user's sign-in,
 * which it ends again.
 */
export async function probe(target: Target, options: ProbeOptions = {}): Promise<Facts> {
  if (!/^https?:\/\//i.test(target.api) || !URL.canParse(target.api)) return { target };
  const api = new URL(target.api);
  const port = Number(api.port || (api.protocol === 'https:' ? 443 : 80));
  const names = await addressesOf(api.hostname);
  const addresses = await tryAll(names, port);
  const open = addresses.find(({ failure }) => !failure)?.address;
  const { answerMs } = options;
  const ask = createAsk(api, open, { pageOrigin: target.origin, answerMs });
  const askPatiently = createAsk(api, open, { pageOrigin: target.origin, answerMs: answerMs ?? patientMs });
  const first = await ask('GET', '/protected');
  if (!isAnswer(first.outcome)) return { target, probe: await ofSilence(first, { addresses, api, port }) };

  const reads = [first, ...(await Promise.all(readPaths(target).map((path) => ask('GET', path))))];
  const preflights = await askFirst(ask, target, reads);
  // Servers of TLS answer plain http with 400 and a page that says so.
  const isRefused = answered(reads).every(({ outcome }) => outcome.status === 400);
  const seen: ProbeFacts = {
    ...none,
    addresses,
    reads,
    preflights,
    ...(isRefused && { otherScheme: await tryOtherScheme(api, port, open) }),
  };
  const isOurs = isSignet(seen);
  const isGranted = answered([...reads, ...preflights]).some(
    ({ outcome }) => allowOriginOf(outcome, target.origin) !== 'absent',
  );
  const needsPermission = target.site !== 'same-origin';
  // At the same time as the rest, because a proxy that buffers bodies is waited for until the time is over.
  const askBriefly = createAsk(api, open, { pageOrigin: target.origin, answerMs: headMs });
  const limits = isOurs && needsPermission ? askForLimits(askBriefly) : undefined;
  const facts: ProbeFacts = {
    ...seen,
    ...(needsPermission && (await askForOthers(ask, target, { isGranted, path: knownPath(reads) }))),
    ...(isOurs && needsPermission && !isGranted && { guarded: await askGuard(ask, target.origin) }),
    ...(isOurs && {
      // Two words after Bearer are refused as bad syntax, which leaves no mark in the audit log.
      withAuthorization: await ask('GET', '/protected', { Authorization: 'Bearer doctor probe' }),
      signOut: await ask('DELETE', '/api/sessions/current'),
    }),
    ...(options.signsIn !== false && (await isOwnMachine(isOurs, api, open)) && (await signIn(askPatiently))),
    ...(await limits),
  };
  const trace = isOurs ? ofProbe(await readTrace(api, open), facts) : undefined;
  return { target, probe: facts, ...(trace && { trace }) };
}

/** The exchanges of the probe alone: what others sent is nobody's business here. */
function ofProbe(trace: Facts['trace'], probe: ProbeFacts): Facts['trace'] {
  const { reads, preflights, otherOrigins, guarded, withAuthorization, signOut, signIn, withCookie } = probe;
  const single = [withAuthorization, signOut, signIn, withCookie].filter((each) => each !== undefined);
  const ids = new Set(
    answered([...reads, ...preflights, ...otherOrigins, ...guarded, ...single]).map(({ outcome }) =>
      headerOf(outcome, 'x-request-id'),
    ),
  );
  return trace?.filter(({ request_id }) => ids.has(request_id));
}

/** Only there the API shows its trace, and only there it can have the demo data. */
async function isOwnMachine(isOurs: boolean, api: URL, address: string | undefined): Promise<boolean> {
  return isOurs && isLoopback(api.href) && (await readTrace(api, address)) !== undefined;
}

type Ask = ReturnType<typeof createAsk>;

/** Sends requests below the address of the API, with the page's origin unless another one is given. */
function createAsk(
  api: URL,
  address: string | undefined,
  { pageOrigin, answerMs }: { readonly pageOrigin: string; readonly answerMs: number | undefined },
) {
  const base = api.pathname.replace(/\/$/, '');
  const ask = async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Sent> => {
    const url = new URL(`${base}${path}`, api);
    const { Origin: origin = pageOrigin, ...others } = headers;
    const outcome = await send({
      url,
      method,
      // Servers of pages answer only those who accept anything, as a browser does.
      headers: { Accept: '*/*', ...others, ...(origin !== withoutOrigin && { Origin: origin }) },
      ...(body !== undefined && { body }),
      ...(address !== undefined && { address }),
      ...(answerMs !== undefined && { answerMs }),
    });
    return { url: url.href, method, path, ...(origin !== withoutOrigin && { origin }), outcome };
  };
  const first = async (path: string, asked: NonNullable<Sent['asked']>): Promise<Sent> => {
    const sent = await ask('OPTIONS', path, {
      'Access-Control-Request-Method': asked.method,
      ...(asked.headers.length > 0 && { 'Access-Control-Request-Headers': asked.headers.join(',') }),
    });
    return { ...sent, asked };
  };
  return Object.assign(ask, { first });
}

/** Successes and errors, so that headers which only one kind has can be told. */
function readPaths({ call }: Target): string[] {
  const paths = [
    '/healthz',
    '/.well-known/jwks.json',
    '/openapi.json',
    '/api/users',
    '/api/posts',
    '/api/players',
  ];
  return [...(call ? [call.path] : []), '/', ...paths, '/there-is-nothing-here'];
}

type Preflight = { readonly path: string } & NonNullable<Sent['asked']>;

function preflightsOf({ call }: Target, reads: readonly Sent[], origin: string): Preflight[] {
  if (call)
    return [
      { path: call.path, method: call.method, headers: call.headers.map((name) => name.toLowerCase()) },
    ];
  const both = ['authorization', 'content-type'];
  if (!isSignet({ ...none, reads })) {
    const kinds = [
      { method: 'GET', headers: ['authorization'] },
      { method: 'POST', headers: ['content-type'] },
      { method: 'PUT', headers: both },
      { method: 'DELETE', headers: ['authorization'] },
    ];
    return pathsOfAnother(reads, origin).flatMap((path) => kinds.map((kind) => ({ path, ...kind })));
  }
  return [
    { path: '/protected', method: 'GET', headers: ['authorization'] },
    { path: '/token', method: 'POST', headers: ['content-type'] },
    { path: '/api/users/authenticate', method: 'POST', headers: ['content-type'] },
    { path: '/api/posts', method: 'POST', headers: both },
    { path: '/api/users/1', method: 'PUT', headers: both },
    { path: '/api/users/1', method: 'PATCH', headers: both },
    { path: '/api/posts/1', method: 'DELETE', headers: ['authorization'] },
  ];
}

/**
 * Paths of an API of another make that it is sure to have: those that it allows the page to read, and those that it
 * answers otherwise than with 404. An API may have CORS on its own paths only.
 */
function pathsOfAnother(reads: readonly Sent[], origin: string): string[] {
  const answers = answered(reads);
  const isAllowed = ({ outcome }: Answered) => allowOriginOf(outcome, origin) !== 'absent';
  const allowed = answers.filter(isAllowed);
  const others = answers.filter((each) => !isAllowed(each) && each.outcome.status !== 404);
  const paths = [...allowed.slice(0, 2), ...others.slice(0, 2)].map(({ path }) => path);
  return paths.length > 0 ? paths : ['/protected'];
}

/**
 * Sends the preflights. One that is refused is sent again with less in the question, because some servers refuse a
 * preflight as a whole where they mean the method or a header.
 */
async function askFirst(ask: Ask, target: Target, reads: readonly Sent[]): Promise<Sent[]> {
  const sendAll = (list: readonly Preflight[]) =>
    Promise.all(list.map(({ path, ...asked }) => ask.first(path, asked)));
  const sent = await sendAll(preflightsOf(target, reads, target.origin));
  const smaller = answered(sent).flatMap(({ path, asked, outcome }): Preflight[] => {
    const passes = isSuccess(outcome) && allowOriginOf(outcome, target.origin) !== 'absent';
    if (passes || !asked || target.site === 'same-origin') return [];
    const { method, headers } = asked;
    return [
      ...(method === 'GET' ? [] : [{ path, method: 'GET', headers }]),
      ...(headers.length === 0 ? [] : [{ path, method, headers: [] }]),
      { path, method: 'GET', headers: [] },
    ];
  });
  const unique = new Map(smaller.map((each) => [JSON.stringify(each), each]));
  return [...sent, ...(await sendAll([...unique.values()]))];
}

/** Tries every address; of a loopback address that is refused, the other one as well. */
async function tryAll(names: readonly string[], port: number): Promise<ProbeFacts['addresses']> {
  const result = await Promise.all(names.map((address) => tryOne(address, port)));
  const [only] = result;
  if (result.length !== 1 || !only?.failure || !isLoopback(only.address)) return result;
  return [only, await tryOne(only.address === '::1' ? '127.0.0.1' : '::1', port)];
}

async function tryOne(address: string, port: number): Promise<ProbeFacts['addresses'][number]> {
  const failure = await tryAddress(address, port);
  return { address, ...(failure && { failure }) };
}

type Silence = { readonly addresses: ProbeFacts['addresses']; readonly api: URL; readonly port: number };

/** The first request failed: what else there is to be seen. */
async function ofSilence(first: Sent, { addresses, api, port }: Silence): Promise<ProbeFacts> {
  const { outcome } = first;
  const stage = isAnswer(outcome) ? undefined : outcome.stage;
  const open = addresses.find(({ failure }) => !failure)?.address;
  // A stop in the middle of an answer, or a long silence, has nothing to do with TLS.
  const isCutOff = ['TIMEOUT', 'UNENDED', 'INCOMPLETE', 'UNDECODABLE'].includes(
    isAnswer(outcome) ? '' : outcome.code,
  );
  return {
    ...none,
    addresses,
    reads: [first],
    ...((stage === 'tls' || (stage === 'answer' && !isCutOff)) && {
      otherScheme: await tryOtherScheme(api, port, open),
    }),
    ...(stage === 'connect' && isLoopback(api.href) && { signetElsewhere: await findSignet(api, port) }),
  };
}

/** Whether the port speaks http where https was asked for, and the reverse. */
async function tryOtherScheme(
  api: URL,
  port: number,
  address = bare(api.hostname),
): Promise<'spoken' | 'silent'> {
  if (api.protocol === 'http:') return (await speaksTls(api.hostname, port, address)) ? 'spoken' : 'silent';
  const plain = new URL(`http://${api.hostname}:${port}/`);
  return isAnswer(await send({ url: plain, method: 'GET', address })) ? 'spoken' : 'silent';
}

/** Whether Signet answers at its usual port of this machine. */
async function findSignet(api: URL, port: number): Promise<string[]> {
  const usualPort = 8086;
  if (port === usualPort) return [];
  const url = new URL(`http://${api.hostname}:${usualPort}/protected`);
  const outcome: Outcome = await send({ url, method: 'GET', answerMs: 1000 });
  return isAnswer(outcome) && problemCodeOf(outcome) !== undefined ? [url.origin] : [];
}

/** A path that the API has, so that the answer is its own: the first that is not answered with 404. */
function knownPath(reads: readonly Sent[]): string {
  return answered(reads).find(({ outcome }) => outcome.status !== 404)?.path ?? '/protected';
}

/** Which other origins the API allows. Many are tried only where the page itself is not. */
async function askForOthers(
  ask: Ask,
  { origin }: Target,
  { isGranted, path }: { readonly isGranted: boolean; readonly path: string },
) {
  const strange = await ask('GET', path, { Origin: strangeOrigin });
  if (isGranted) return { otherOrigins: [strange] };
  const candidates = new Set([...loopbackTwinsOf(origin), ...spellingsOf(origin), ...usualOrigins]);
  candidates.delete(origin);
  const tried = await Promise.all([...candidates].map((Origin) => ask('GET', path, { Origin })));
  const granted = answered(tried).filter(
    ({ outcome, origin: from }) => linesOf(outcome, 'access-control-allow-origin')[0] === from,
  );
  return {
    otherOrigins: [strange],
    grantedOrigins: granted.flatMap(({ origin: from }) => (from ? [from] : [])),
  };
}

/** A sign-in without credentials: the origin guard answers before anything looks at it. */
function askGuard(ask: Ask, origin: string): Promise<Sent[]> {
  const json = { 'Content-Type': 'application/json' };
  return Promise.all(
    [origin, strangeOrigin, withoutOrigin].map((Origin) =>
      ask('POST', '/api/users/authenticate', { ...json, Origin }, '{}'),
    ),
  );
}

/** What a proxy before Signet may refuse although Signet takes it: an image of 5 MiB, and 10 kB of cookies. */
async function askForLimits(ask: Ask) {
  const image = {
    'Content-Type': 'multipart/form-data; boundary=doctor',
    'Content-Length': String(maxImageBytes),
  };
  const [upload, longHeader] = await Promise.all([
    ask('POST', '/api/posts', image),
    ask('GET', '/protected', { Cookie: `signet-doctor=${'x'.repeat(10_000)}` }),
  ]);
  return { upload, longHeader };
}

/** Signs a demo user in with both flows, and out again. */
async function signIn(ask: Ask): Promise<Pick<ProbeFacts, 'signIn' | 'withCookie' | 'sameToken'>> {
  const json = { 'Content-Type': 'application/json' };
  const { uid, password } = demoUser;
  const sent = await ask('POST', '/api/users/authenticate', json, JSON.stringify({ uid, password }));
  if (!isAnswer(sent.outcome) || !isSuccess(sent.outcome)) return {};
  const pairs = linesOf(sent.outcome, 'set-cookie').map((line) => line.split(';', 1)[0] ?? '');
  const cookies = { Cookie: pairs.join('; ') };
  const withCookie = pairs.length > 0 ? await ask('GET', '/protected', cookies) : undefined;
  if (pairs.length > 0) await ask('DELETE', '/api/sessions/current', cookies);
  const seen = { signIn: sent, ...(withCookie && { withCookie }) };
  const { outcome } = await ask('POST', '/token', json, JSON.stringify({ username: uid, password }));
  const { token } = isAnswer(outcome) ? membersOf(outcome.body) : {};
  if (typeof token !== 'string') return seen;
  const headers = { Authorization: `Bearer ${token}` };
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) {
    const { outcome: answer } = await ask('GET', '/protected', headers);
    if (isAnswer(answer)) statuses.push(answer.status);
  }
  await ask('DELETE', '/api/sessions/current', headers);
  return { ...seen, sameToken: statuses };
}
