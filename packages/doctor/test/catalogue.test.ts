import { expect, test } from 'vitest';
import { loadCause } from '../src/causes/load-cause.ts';
import { type CauseId, causeIds, causes, isCauseId, precedence } from '../src/index.ts';

test('The catalogue has 118 causes in nine groups, each with a code of its own.', () => {
  const codes = causeIds.map((id) => causes[id].code);
  expect(new Set(codes).size).toBe(118);
  const count = (letter: string) => codes.filter((code) => code.startsWith(letter)).length;
  expect(Object.fromEntries([...'NOHCTSGBF'].map((letter) => [letter, count(letter)]))).toEqual({
    N: 24,
    O: 7,
    H: 26,
    C: 25,
    T: 18,
    S: 8,
    G: 2,
    B: 2,
    F: 6,
  });
});

test('The order of precedence has every cause once.', () => {
  expect([...precedence].sort()).toEqual([...causeIds].sort());
});

test('Every text is a sentence that ends with a full stop, and every cause has a source over https.', () => {
  for (const id of causeIds) {
    const { says, seen, why, toBeSure = why, fix, references } = causes[id];
    for (const text of [says, seen, why, toBeSure, ...fix.map((each) => each.do)])
      expect([id, text, /^\S.*[.?]$/.test(text)]).toEqual([id, text, true]);
    expect([id, references.length > 0 && references.every(({ url }) => url.startsWith('https://'))]).toEqual([
      id,
      true,
    ]);
  }
});

test('A text that is no id of a cause is refused, those of Object.prototype too.', () => {
  expect(['preflight-needs-auth', 'constructor', 'nothing'].map(isCauseId)).toEqual([true, false, false]);
});

test('Every cause can be loaded with its group alone, and a text that is no id loads nothing.', async () => {
  for (const id of causeIds) expect(await loadCause(id)).toBe(causes[id]);
  expect(await loadCause('constructor')).toBeUndefined();
});

/** What a request of the doctor shows by itself, so that its evidence settles it. */
const shown: readonly CauseId[] = [
  ...(['api-not-running', 'other-program', 'page-server-answers', 'loopback-family'] as const),
  ...(['bound-inside-container', 'name-unknown', 'certificate', 'upgraded-to-https'] as const),
  ...(['csp-connect', 'service-worker', 'bad-port', 'unsendable', 'closed-early'] as const),
  ...(['host-unknown', 'http-to-tls', 'undecodable', 'not-http'] as const),
  ...(['origin-not-listed', 'origin-spelling', 'loopback-names', 'opaque-origin', 'origin-lost'] as const),
  ...(['no-cors-at-all', 'wildcard-with-credentials', 'grant-doubled', 'grant-list'] as const),
  ...(['grant-for-another', 'credentials-not-granted', 'grant-syntax', 'vary-missing'] as const),
  ...(['preflight-status', 'preflight-needs-auth', 'preflight-to-sign-in', 'nginx-if'] as const),
  ...(['preflight-redirect-https', 'preflight-redirect-slash', 'redirected-away'] as const),
  ...(['method-not-granted', 'method-case', 'header-not-granted', 'header-wildcard'] as const),
  ...(['errors-without-grant', 'header-too-long', 'server-clocks', 'replicas-differ'] as const),
  ...(['secure-on-http-loopback', 'none-without-secure', 'loopback-names-cookie'] as const),
  ...(['domain-attribute', 'path-attribute', 'prefix-rule', 'too-long', 'born-expired'] as const),
  ...(['not-cleared', 'set-cookie-lost', 'set-cookie-syntax', 'cookie-stripped'] as const),
  'authorization-stripped',
];

test('Every cause that no request of the doctor shows says what settles it.', () => {
  const unsettled = causeIds.filter((id) => !shown.includes(id) && causes[id].toBeSure === undefined);
  expect(unsettled).toEqual([]);
});
