/** A place where the fix is made, what to do there, and a line to copy. */
export type Fix = {
  readonly for: 'signet' | 'express' | 'nginx' | 'fetch' | 'browser' | 'shell';
  readonly do: string;
  readonly line?: string;
};

export type Reference = { readonly title: string; readonly url: string };

/** What is the same in every case of a cause. */
export type Cause = {
  /** The short name in tables: a letter for the group, and a number. */
  readonly code: string;
  /** What is wrong, in one sentence. */
  readonly says: string;
  /** What a developer sees. */
  readonly seen: string;
  /** Why it is so, and how it differs from what looks like it. */
  readonly why: string;
  /** What settles it where the doctor cannot prove it, because one browser, one call or one person shows it only. */
  readonly toBeSure?: string;
  readonly fix: readonly Fix[];
  readonly references: readonly Reference[];
};

const fetchStandard = 'https://fetch.spec.whatwg.org/';
const mdn = 'https://developer.mozilla.org/en-US/docs/Web/';

/** Sources that several causes name. */
export const sources = {
  corsCheck: { title: 'Fetch, CORS check', url: `${fetchStandard}#concept-cors-check` },
  preflight: { title: 'Fetch, CORS-preflight fetch', url: `${fetchStandard}#cors-preflight-fetch` },
  corsProtocol: { title: 'Fetch, CORS protocol', url: `${fetchStandard}#http-cors-protocol` },
  caches: {
    title: 'Fetch, CORS protocol and HTTP caches',
    url: `${fetchStandard}#cors-protocol-and-http-caches`,
  },
  credentials: {
    title: 'Fetch, CORS protocol and credentials',
    url: `${fetchStandard}#cors-protocol-and-credentials`,
  },
  origin: { title: 'Fetch, Origin header', url: `${fetchStandard}#origin-header` },
  methods: { title: 'Fetch, methods', url: `${fetchStandard}#methods` },
  badPorts: { title: 'Fetch, port blocking', url: `${fetchStandard}#port-blocking` },
  fetchHeaders: { title: 'Fetch, headers', url: `${fetchStandard}#headers-class` },
  networkError: { title: 'Fetch, network error', url: `${fetchStandard}#concept-network-error` },
  corp: {
    title: 'Fetch, Cross-Origin-Resource-Policy',
    url: `${fetchStandard}#cross-origin-resource-policy-header`,
  },
  corsErrors: { title: 'MDN, CORS errors', url: `${mdn}HTTP/Guides/CORS/Errors` },
  setCookie: { title: 'MDN, Set-Cookie', url: `${mdn}HTTP/Reference/Headers/Set-Cookie` },
  cookies: {
    title: 'RFC 6265bis, storage model',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model',
  },
  sameSite: {
    title: 'RFC 6265bis, same-site and cross-site requests',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-same-site-and-cross-site-re',
  },
  prefixes: {
    title: 'RFC 6265bis, cookie name prefixes',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-name-prefixes',
  },
  chips: {
    title: 'MDN, partitioned cookies',
    url: `${mdn}Privacy/Guides/Privacy_sandbox/Partitioned_cookies`,
  },
  csp: { title: 'MDN, connect-src', url: `${mdn}HTTP/Reference/Headers/Content-Security-Policy/connect-src` },
  mixedContent: { title: 'W3C, Mixed Content', url: 'https://www.w3.org/TR/mixed-content/' },
  hsts: { title: 'RFC 6797, section 8.3', url: 'https://www.rfc-editor.org/rfc/rfc6797#section-8.3' },
  localNetwork: { title: 'Local Network Access', url: 'https://wicg.github.io/local-network-access/' },
  serviceWorkers: { title: 'MDN, Service Worker API', url: `${mdn}API/Service_Worker_API` },
  eventSource: { title: 'MDN, EventSource', url: `${mdn}API/EventSource` },
  nginxHeaders: {
    title: 'nginx, add_header',
    url: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
  },
  expressCors: {
    title: 'Express, cors',
    url: 'https://expressjs.com/en/resources/middleware/cors.html',
  },
  docker: {
    title: 'Docker, port publishing',
    url: 'https://docs.docker.com/engine/network/port-publishing/',
  },
  nodeLookup: {
    title: 'Node, dns.lookup',
    url: 'https://nodejs.org/api/dns.html#dnslookuphostname-options-callback',
  },
  bearer: { title: 'RFC 6750, section 2.1', url: 'https://www.rfc-editor.org/rfc/rfc6750#section-2.1' },
  bearerErrors: { title: 'RFC 6750, section 3.1', url: 'https://www.rfc-editor.org/rfc/rfc6750#section-3.1' },
  jws: { title: 'RFC 7515, section 5.2', url: 'https://www.rfc-editor.org/rfc/rfc7515#section-5.2' },
  kid: { title: 'RFC 7515, section 4.1.4', url: 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4' },
  claims: { title: 'RFC 7519, section 4.1', url: 'https://www.rfc-editor.org/rfc/rfc7519#section-4.1' },
  accessTokens: { title: 'RFC 9068, section 2.1', url: 'https://www.rfc-editor.org/rfc/rfc9068#section-2.1' },
  jwtPractice: { title: 'RFC 8725, section 3.1', url: 'https://www.rfc-editor.org/rfc/rfc8725#section-3.1' },
  hmacKeys: { title: 'RFC 7518, section 3.2', url: 'https://www.rfc-editor.org/rfc/rfc7518#section-3.2' },
  refresh: { title: 'RFC 9700, section 4.14', url: 'https://www.rfc-editor.org/rfc/rfc9700#section-4.14' },
  csrf: {
    title: 'OWASP, CSRF prevention',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html',
  },
  fetchMetadata: { title: 'Fetch Metadata', url: 'https://www.w3.org/TR/fetch-metadata/' },
  tooLarge: { title: 'RFC 6585, section 5', url: 'https://www.rfc-editor.org/rfc/rfc6585#section-5' },
  misdirected: {
    title: 'RFC 9110, section 15.5.20',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20',
  },
  contentEncoding: {
    title: 'RFC 9110, section 8.4',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.4',
  },
  jsonBody: { title: 'MDN, using fetch: body', url: `${mdn}API/Fetch_API/Using_Fetch#setting_a_body` },
} as const satisfies Record<string, Reference>;
