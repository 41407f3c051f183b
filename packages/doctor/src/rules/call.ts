import { safelistedMethods } from '@signet/contracts';
import type { CallFacts, Facts } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** What script did to one of its calls: causes of the groups N, H, C and F that only the call itself shows. */
export function observeCall({ call, target, page, probe }: Facts): Observation[] {
  if (!call) return [];
  const found: Observation[] = [];
  const add = (id: Observation['id'], saw: string, more: Partial<Observation> = {}) =>
    found.push({
      id,
      certainty: 'proved',
      breaks: ['header'],
      evidence: [{ witness: 'page', saw }],
      ...more,
    });
  const names = call.headers.map((each) => each.toLowerCase());
  const { outcome, exchange } = call;
  const failed = outcome.kind === 'failed' ? outcome.error : undefined;
  const status = outcome.kind === 'answered' ? outcome.status : undefined;
  const isCross = target.site !== 'same-origin';
  const isRefused = status === 401;

  if (/^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(call.url))
    add('not-http', 'The address has another scheme.', { breaks: ['all'] });
  if (failed === 'invalid') add('unsendable', 'fetch threw before it sent anything.', { breaks: ['all'] });
  if (failed === 'abort')
    add('page-left', 'The call was cancelled when the page was left.', { breaks: ['all'] });
  if (failed === 'network' && exchange?.status === 499)
    add('closed-early', 'The request arrived, and its answer did not.', { breaks: ['all'] });
  if (call.mode === 'no-cors') add('no-cors-mode', 'The call has mode no-cors.', { breaks: ['all'] });
  if (outcome.kind === 'answered' && outcome.isHtml)
    add('page-server-answers', 'The answer is a page.', { breaks: ['all'] });
  if (names.some((name) => name.startsWith('access-control-')) || names.includes('credentials'))
    add(
      'grant-sent-by-client',
      `The page sends ${names.filter((name) => /^access-control-|^credentials$/.test(name)).join(', ')}.`,
    );
  if (failed === 'network' && call.method === 'patch')
    add('method-case', 'The method is patch, in small letters.', { breaks: ['method'] });
  if (outcome.kind === 'answered' && outcome.isRedirected && isRefused)
    add('redirected-away', 'The answer came after a redirect.', { certainty: 'likely' });
  if (names.includes('cookie'))
    add('cookie-by-script', 'The page sets the header Cookie.', { breaks: ['cookies'] });
  if (isCross && isRefused && call.credentials !== 'include' && call.othersCarryCookies)
    add(
      'call-without-credentials',
      `The call has credentials ${call.credentials ?? 'same-origin'}; others send cookies.`,
      { breaks: ['cookies'] },
    );
  const isSignIn = /\/api\/users\/authenticate\/?$/.test(call.url);
  if (isCross && isSignIn && status === 200 && call.credentials !== 'include')
    add('sign-in-without-credentials', `Signing in has credentials ${call.credentials ?? 'same-origin'}.`, {
      breaks: ['cookies'],
    });
  if (status === 431) add('header-too-long', 'The answer is 431.', { breaks: ['all'] });
  if (
    failed === 'network' &&
    page?.fetches?.some(({ cache, outcome: end }) => cache === 'no-store' && end === 'rejected')
  )
    add('stale-grant', 'Asked again without memory, the call is refused.', { isNotice: true });
  if (outcome.kind === 'answered' && outcome.unreadable?.length)
    add('not-exposed', `Script got null for ${outcome.unreadable.join(', ')}.`, { isNotice: true });
  return [...found, ...observeNoFault(call, isCross, probe !== undefined)];
}

/** F: nothing is wrong. */
function observeNoFault(call: CallFacts, isCross: boolean, isProbed: boolean): Observation[] {
  const { outcome, preflight } = call;
  const found: Observation[] = [];
  const add = (id: Observation['id'], witness: 'page' | 'api' | 'probe', saw: string) =>
    found.push({ id, certainty: 'proved', isNotice: true, evidence: [{ witness, saw }] });
  if (outcome.kind !== 'answered') return found;
  const needs = needsPreflight(call);
  if (isCross && needs !== undefined && preflight)
    add('options-not-mine', 'api', `The browser asked first, because of ${needs}.`);
  if (isCross && needs !== undefined && preflight === null)
    add(
      'preflight-unseen',
      'api',
      'A preflight is needed, and none arrived: the browser remembers an earlier one.',
    );
  if (outcome.status === 200 && call.exchange?.cookies.length && call.credentials === 'include')
    add('httponly-invisible', 'api', `The request had the cookie ${call.exchange.cookies.join(', ')}.`);
  if (outcome.status === 401 && outcome.code === 'token_missing' && /\/api\/users\/me\/?$/.test(call.url))
    add('401-at-start', 'page', 'The page asked who is signed in.');
  if (isProbed && outcome.status < 400 && call.mode === 'cors' && call.exchange === undefined)
    add(
      'postman-works',
      'probe',
      'A program outside of the browser is answered as well, which proves nothing about CORS.',
    );
  return found;
}

const simpleTypes = ['none', 'text', 'form'];

/** Why a browser asks first (Fetch, section 4.8); undefined where it does not. */
export function needsPreflight({ method, headers, body, hasUploadListener }: CallFacts): string | undefined {
  if (!safelistedMethods.includes(method.toUpperCase())) return `the method ${method}`;
  const safe = ['accept', 'accept-language', 'content-language', 'content-type', 'range'];
  const unsafe = headers.find((name) => !safe.includes(name.toLowerCase()));
  if (unsafe !== undefined) return `the header ${unsafe}`;
  if (body !== undefined && !simpleTypes.includes(body)) return 'Content-Type: application/json';
  return hasUploadListener ? 'the upload listener' : undefined;
}
