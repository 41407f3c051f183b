import { expect, test } from 'vitest';
import type { CallFacts, CallOutcome, PageFacts, Target, TokenForm } from '../src/facts.ts';
import { diagnose } from '../src/index.ts';

const target: Target = { api: 'http://localhost:8086', origin: 'http://localhost:4100', site: 'same-site' };

const refused = (more: Partial<Extract<CallOutcome, { kind: 'answered' }>> = {}): CallOutcome => ({
  kind: 'answered',
  status: 401,
  isRedirected: false,
  type: 'cors',
  ...more,
});

const call = (more: Partial<CallFacts>): CallFacts => ({
  url: 'http://localhost:8086/protected',
  method: 'GET',
  mode: 'cors',
  credentials: 'omit',
  headers: [],
  outcome: refused(),
  ...more,
});

const bearer = (more: Partial<TokenForm>): Partial<CallFacts> => ({
  headers: ['Authorization'],
  authorization: { place: 'header', scheme: 'bearer', parts: 3, bytes: 400, ...more },
});

test('A page from which nothing is wrong has no finding, and its own answer settles reach and origin.', () => {
  const page: PageFacts = {
    cookiesEnabled: true,
    fetches: [{ path: '/healthz', mode: 'cors', credentials: 'omit', outcome: 'answered' }],
  };
  const { findings, notices, checked } = diagnose({ target, page });
  expect([findings, notices]).toEqual([[], []]);
  expect(Object.fromEntries(checked.map(({ check, result }) => [check, result]))).toMatchObject({
    reach: 'right',
    origin: 'right',
    browser: 'right',
    preflights: 'unknown',
  });
});

test.each<[string, PageFacts]>([
  ['csp-connect', { blockedDirective: 'connect-src' }],
  ['service-worker', { serviceWorker: 'http://localhost:4100/other.js' }],
  [
    'local-network',
    {
      localNetwork: 'denied',
      fetches: [{ path: '/healthz', mode: 'cors', credentials: 'omit', outcome: 'rejected' }],
    },
  ],
  ['cookies-off', { cookiesEnabled: false }],
])('What the page alone can see leads to %s, and to nothing else.', (id, page) => {
  expect(diagnose({ target, page }).findings.map((each) => each.id)).toEqual([id]);
});

test.each<[string, Partial<CallFacts>]>([
  ['unsendable', { outcome: { kind: 'failed', error: 'invalid' } }],
  ['page-left', { outcome: { kind: 'failed', error: 'abort' } }],
  ['no-cors-mode', { mode: 'no-cors' }],
  ['page-server-answers', { outcome: refused({ status: 200, isHtml: true }) }],
  ['grant-sent-by-client', { headers: ['Access-Control-Allow-Origin'] }],
  ['cookie-by-script', { headers: ['Cookie'] }],
  ['call-without-credentials', { credentials: 'same-origin', othersCarryCookies: true }],
  [
    'sign-in-without-credentials',
    {
      url: 'http://localhost:8086/api/users/authenticate',
      method: 'POST',
      credentials: 'same-origin',
      outcome: refused({ status: 200 }),
    },
  ],
  ['header-too-long', { outcome: refused({ status: 431 }) }],
  ['literal-undefined', bearer({ placeholder: 'undefined' })],
  ['quoted', bearer({ isQuoted: true })],
  ['scheme-twice', bearer({ scheme: 'twice' })],
  ['no-scheme', bearer({ scheme: 'none' })],
  ['too-big', bearer({ bytes: 5000 })],
  ['wrong-kind', bearer({ parts: 5 })],
  ['secret-encoding', bearer({ verifiesAsBase64: true })],
  ['expired', { ...bearer({}), outcome: refused({ code: 'token_expired' }) }],
])('What a call shows leads to %s, and to nothing else.', (id, more) => {
  expect(diagnose({ target, call: call(more) }).findings.map((each) => each.id)).toEqual([id]);
});

test.each<[string, string]>([
  ['https://app.example', 'http://api.example:8086'],
  ['https://app.example', 'http://10.0.0.5:8086'],
])('A page at %s that calls %s is mixed content.', (origin, api) => {
  expect(diagnose({ target: { api, origin, site: 'cross-site' } }).findings.map(({ id }) => id)).toEqual([
    'mixed-content',
  ]);
});

const refusedPage: PageFacts = {
  fetches: [
    { path: '/healthz', mode: 'cors', credentials: 'omit', outcome: 'rejected' },
    { path: '/healthz', mode: 'no-cors', credentials: 'omit', outcome: 'rejected' },
  ],
};

test.each<[string, string[]]>([
  ['http://192.168.1.20:4100', ['lan-or-tunnel']],
  ['https://silly-name-4100.app.github.dev', ['lan-or-tunnel']],
  ['http://localhost:4100', []],
  ['https://app.example.org', []],
])('A page alone that was opened as %s and can read no answer leads to %j.', (origin, ids) => {
  const api = 'https://api.example.org';
  const { findings } = diagnose({ target: { api, origin, site: 'cross-site' }, page: refusedPage });
  expect(findings.map(({ id, certainty }) => [id, certainty])).toEqual(ids.map((id) => [id, 'possible']));
});

test('A header of the answer that script cannot read is a notice, and no finding.', () => {
  const { findings, notices } = diagnose({
    target,
    call: call({ outcome: refused({ status: 200, unreadable: ['x-request-id'] }) }),
  });
  expect(findings).toEqual([]);
  expect(notices.map(({ id }) => id)).toEqual(['not-exposed']);
});
