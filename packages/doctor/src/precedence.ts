import type { CauseId } from './causes/index.ts';

/**
 * The order in which causes hide each other: what stops a request in the browser hides the network, which
 * hides the server, which hides the origin, and so on to the session. A cause above silences those below it
 * for the same calls.
 */
export const precedence: readonly CauseId[] = [
  ...(['unsendable', 'not-http'] as const),
  ...(['csp-connect', 'mixed-content', 'local-network', 'bad-port'] as const),
  ...(['service-worker', 'blocked-by-extension'] as const),
  ...([
    'name-unknown',
    'api-not-running',
    'wrong-port',
    'loopback-family',
    'bound-inside-container',
  ] as const),
  ...(['certificate', 'upgraded-to-https', 'http-to-tls'] as const),
  ...(['no-answer', 'connections-used-up', 'closed-early', 'undecodable', 'page-left'] as const),
  ...([
    'host-unknown',
    'header-too-long',
    'other-program',
    'page-server-answers',
    'preflight-to-sign-in',
  ] as const),
  ...(['no-cors-mode', 'preflight-redirect-https', 'preflight-redirect-slash'] as const),
  ...(['preflight-needs-auth', 'preflight-status'] as const),
  ...(['grant-doubled', 'grant-list', 'grant-syntax'] as const),
  ...(['opaque-origin', 'loopback-names', 'page-moved-port', 'lan-or-tunnel', 'origin-spelling'] as const),
  ...(['origin-not-listed', 'nginx-if', 'no-cors-at-all'] as const),
  ...(['wildcard-with-credentials', 'credentials-not-granted', 'grant-for-another'] as const),
  ...(['method-case', 'method-not-granted', 'header-wildcard', 'header-not-granted'] as const),
  ...(['grant-sent-by-client', 'redirected-away', 'errors-without-grant'] as const),
  ...([
    'origin-lost',
    'authorization-stripped',
    'set-cookie-lost',
    'cookie-stripped',
    'header-wins',
  ] as const),
  ...(['cookie-by-script', 'sign-in-without-credentials', 'call-without-credentials'] as const),
  ...(['prefix-rule', 'none-without-secure', 'partition-differs', 'secure-over-http'] as const),
  ...(['domain-attribute', 'too-long', 'set-cookie-syntax', 'born-expired'] as const),
  ...(['loopback-names-cookie', 'scheme-differs', 'cross-site'] as const),
  ...(['third-party-blocked', 'cookies-off'] as const),
  ...([
    'path-attribute',
    'two-of-one-name',
    'same-name-other-app',
    'secure-in-the-way',
    'not-cleared',
  ] as const),
  ...(['resource-policy', 'vary-missing'] as const),
  ...(['wrong-place', 'literal-undefined', 'quoted', 'scheme-twice', 'no-scheme', 'too-big'] as const),
  ...([
    'wrong-kind',
    'truncated',
    'secret-encoding',
    'other-issuer',
    'key-changed',
    'alg',
    'changed',
  ] as const),
  ...(['expired', 'wrong-carrier', 'no-token', 'replicas-differ', 'client-clock', 'server-clocks'] as const),
  ...(['database-fresh', 'session-ended', 'refresh-reused', 'refresh-race', 'refresh-path'] as const),
  ...(['origin-refused', 'cross-site-refused', 'not-json-type', 'not-json-body'] as const),
  ...(['not-exposed', 'preflight-every-time', 'stale-grant', 'secure-on-http-loopback'] as const),
  ...(['httponly-invisible', 'postman-works', 'preflight-unseen'] as const),
  ...(['options-not-mine', 'cors-extension', '401-at-start'] as const),
];
