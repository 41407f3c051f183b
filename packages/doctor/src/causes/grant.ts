import { type Cause, type Fix, sources } from './cause.ts';

/** Without this map the variable does not exist, and nginx does not start. */
const listInNginx = {
  for: 'nginx',
  do: 'List the origins, outside of server.',
  line: 'map $http_origin $granted_origin { "http://localhost:4100" "http://localhost:4100"; }',
} as const satisfies Fix;

/** An empty value sends no header, so an origin that is not listed gets none. */
const grantInNginx = {
  for: 'nginx',
  do: 'Send the origin that asks, if it is listed, with every answer.',
  line: 'add_header Access-Control-Allow-Origin $granted_origin always; add_header Vary Origin always;',
} as const satisfies Fix;

const grantInExpress = {
  for: 'express',
  do: 'List the origins; the package cors sends back the one that asks.',
  line: "cors({ origin: ['http://localhost:4100'], credentials: true })",
} as const satisfies Fix;

/** H: the headers by which an API allows a page to call it. */
export const grant = {
  'no-cors-at-all': {
    code: 'H1',
    says: 'The API allows no page of any other origin.',
    seen: 'The console says that Access-Control-Allow-Origin is missing.',
    why: 'No answer has an Access-Control header, for any origin.',
    fix: [
      {
        for: 'express',
        do: 'Answer CORS before everything else.',
        line: "app.use(cors({ origin: ['http://localhost:4100'], credentials: true }))",
      },
      {
        for: 'nginx',
        do: 'Do not remove what the API sends.',
        line: '# no proxy_hide_header Access-Control-…',
      },
    ],
    references: [sources.corsProtocol],
  },
  'wildcard-with-credentials': {
    code: 'H2',
    says: 'The answer allows the origin *, which does not count for calls with credentials.',
    seen: 'The call works without credentials and fails with them.',
    why: 'With credentials the answer must name the origin itself.',
    fix: [
      {
        for: 'express',
        do: 'Name the origins.',
        line: "cors({ origin: ['http://localhost:4100'], credentials: true })",
      },
      listInNginx,
      grantInNginx,
    ],
    references: [sources.credentials],
  },
  'grant-doubled': {
    code: 'H3',
    says: 'Access-Control-Allow-Origin is in the answer twice.',
    seen: 'The console says that there are several values.',
    why: 'A proxy and the API each add it. Browsers refuse two, even if they are equal.',
    fix: [
      {
        for: 'nginx',
        do: 'Let one of them add it.',
        line: 'proxy_hide_header Access-Control-Allow-Origin;',
      },
    ],
    references: [sources.corsCheck],
  },
  'grant-list': {
    code: 'H4',
    says: 'Access-Control-Allow-Origin holds something other than one origin.',
    seen: 'The console says that the value is invalid.',
    why: 'The header has room for one origin, without quotes; a list is not possible.',
    fix: [grantInExpress, listInNginx, grantInNginx],
    references: [sources.corsCheck],
  },
  'grant-for-another': {
    code: 'H5',
    says: 'Access-Control-Allow-Origin always names the same origin, which is not the one of the page.',
    seen: 'The console says that the values do not match.',
    why: 'The value is a constant, or comes from a cache.',
    fix: [grantInExpress, listInNginx, grantInNginx],
    references: [sources.corsCheck],
  },
  'credentials-not-granted': {
    code: 'H6',
    says: 'The answer does not allow credentials.',
    seen: 'The call works without credentials and fails with them.',
    why: 'Access-Control-Allow-Credentials must be exactly true, in small letters.',
    fix: [
      {
        for: 'express',
        do: 'Allow credentials.',
        line: "cors({ origin: ['http://localhost:4100'], credentials: true })",
      },
      {
        for: 'nginx',
        do: 'Send it with every answer.',
        line: 'add_header Access-Control-Allow-Credentials true always;',
      },
    ],
    references: [sources.credentials],
  },
  'preflight-status': {
    code: 'H7',
    says: 'The preflight is answered with an error. Its status must be 2xx.',
    seen: 'A simple GET works, and a call with JSON or a token fails.',
    why: 'The server has no answer to OPTIONS on this path.',
    fix: [
      { for: 'express', do: 'Answer CORS before the routes.', line: 'app.use(cors(options))' },
      {
        for: 'nginx',
        do: 'Let OPTIONS pass to the API: no limit_except and no return 405 before it.',
        line: 'limit_except GET POST PUT PATCH DELETE OPTIONS { deny all; }',
      },
    ],
    references: [sources.preflight],
  },
  'preflight-needs-auth': {
    code: 'H8',
    says: 'The preflight is asked for credentials, and browsers never send any with it.',
    seen: 'The console says that Access-Control-Allow-Origin is missing, and hides the status.',
    why: 'Authentication stands before CORS, so it refuses the question before the answer is known.',
    fix: [
      {
        for: 'express',
        do: 'Move CORS above authentication.',
        line: 'app.use(cors(options)); app.use(authenticate)',
      },
      {
        for: 'nginx',
        do: 'Ask for no credentials on OPTIONS.',
        line: 'limit_except OPTIONS { auth_basic "…"; }',
      },
    ],
    references: [sources.preflight],
  },
  'preflight-redirect-https': {
    code: 'H9',
    says: 'The preflight is redirected to https, and browsers follow no redirect of a preflight.',
    seen: 'The console says that a redirect is not allowed for a preflight.',
    why: 'A rule sends every http request to https.',
    fix: [
      { for: 'fetch', do: 'Call the https address at once.' },
      { for: 'nginx', do: 'Refuse http calls of the API instead of redirecting them.' },
    ],
    references: [sources.preflight],
  },
  'preflight-redirect-slash': {
    code: 'H10',
    says: 'The preflight is redirected to another path, and browsers follow no redirect of a preflight.',
    seen: 'The console says that a redirect is not allowed for a preflight.',
    why: 'A rule adds or removes a slash at the end of the path.',
    fix: [{ for: 'fetch', do: 'Call the path to which the redirect leads.' }],
    references: [sources.preflight],
  },
  'preflight-to-sign-in': {
    code: 'H11',
    says: 'A sign-in page answers in the place of the API.',
    seen: 'A redirect of the preflight, or a 401 of a host that is not yours.',
    why: 'A tunnel or a single sign-on proxy wants a person before it lets a request through.',
    fix: [{ for: 'browser', do: 'Make the forwarded port public, or serve page and API on one origin.' }],
    references: [sources.preflight],
  },
  'method-not-granted': {
    code: 'H12',
    says: 'The preflight does not allow the method of the call.',
    seen: 'Other calls work; the console names the method.',
    why: 'Access-Control-Allow-Methods lacks it. GET, HEAD and POST need no entry.',
    fix: [
      {
        for: 'express',
        do: 'Name the methods.',
        line: "cors({ methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] })",
      },
      {
        for: 'nginx',
        do: 'Name the methods.',
        line: 'add_header Access-Control-Allow-Methods "GET,HEAD,POST,PUT,PATCH,DELETE" always;',
      },
    ],
    references: [sources.preflight],
  },
  'method-case': {
    code: 'H13',
    says: 'The method is written in small letters, which makes it another method.',
    seen: 'The console names the method patch.',
    why: 'Browsers correct get, post, put, delete, head and options, but not patch.',
    fix: [{ for: 'fetch', do: 'Write the method in capitals.', line: "method: 'PATCH'" }],
    references: [sources.methods],
  },
  'header-not-granted': {
    code: 'H14',
    says: 'The preflight does not allow a header of the call.',
    seen: 'The console names the header.',
    why: 'Access-Control-Allow-Headers lacks it.',
    fix: [
      {
        for: 'express',
        do: 'Name the headers.',
        line: "cors({ allowedHeaders: ['Authorization', 'Content-Type'] })",
      },
      {
        for: 'nginx',
        do: 'Name the headers.',
        line: 'add_header Access-Control-Allow-Headers "Authorization,Content-Type" always;',
      },
    ],
    references: [sources.preflight],
  },
  'header-wildcard': {
    code: 'H15',
    says: 'The preflight allows the headers *, which does not cover Authorization.',
    seen: 'The console names the header authorization.',
    why: 'Authorization must be named. With credentials * is the name of a header and covers nothing.',
    fix: [
      {
        for: 'express',
        do: 'Name the headers.',
        line: "cors({ allowedHeaders: ['Authorization', 'Content-Type'] })",
      },
      {
        for: 'nginx',
        do: 'Name the headers.',
        line: 'add_header Access-Control-Allow-Headers "Authorization,Content-Type" always;',
      },
    ],
    references: [sources.preflight],
  },
  'nginx-if': {
    code: 'H16',
    says: 'A GET is allowed and its preflight is not.',
    seen: 'The console says that Access-Control-Allow-Origin is missing in the answer to the preflight.',
    why: 'In nginx, add_header inside if or an inner location drops every add_header of the outer block.',
    fix: [
      {
        for: 'nginx',
        do: 'Answer preflights in a location of their own, with all headers in it.',
        line: 'location = /-/preflight { add_header Access-Control-Allow-Origin $granted_origin always; return 204; }',
      },
      listInNginx,
    ],
    references: [sources.nginxHeaders],
  },
  'errors-without-grant': {
    code: 'H17',
    says: 'Successful answers allow the page and errors do not, so the page cannot read the errors.',
    seen: 'The console speaks of CORS where the answer is a 401, 404 or 413.',
    why: 'nginx adds headers to successes only unless it says always; a framework may drop them on errors.',
    fix: [
      {
        for: 'nginx',
        do: 'Add the headers to every answer.',
        line: 'add_header Access-Control-Allow-Origin $granted_origin always;',
      },
      listInNginx,
      {
        for: 'express',
        do: 'Answer CORS before everything that can refuse.',
        line: 'app.use(cors(options))',
      },
    ],
    references: [sources.nginxHeaders, sources.corsProtocol],
  },
  'not-exposed': {
    code: 'H18',
    says: 'A header was sent that script cannot read, because it is not exposed.',
    seen: 'headers.get answers null, and the developer tools show the header.',
    why: 'Script reads a few harmless headers, and those that Access-Control-Expose-Headers names.',
    toBeSure: 'The network panel shows the header, and headers.get answers null in script.',
    fix: [{ for: 'express', do: 'Expose the header.', line: "cors({ exposedHeaders: ['X-Request-Id'] })" }],
    references: [sources.corsProtocol],
  },
  'vary-missing': {
    code: 'H19',
    says: 'A cache can hand the answer for one origin to another, because Vary: Origin is missing.',
    seen: 'A call fails until the page is loaded without its cache.',
    why: 'The answer depends on Origin. Without Vary a cache does not know that.',
    fix: [
      { for: 'express', do: 'Send it with every answer.', line: "response.vary('Origin')" },
      { for: 'nginx', do: 'Send it with every answer.', line: 'add_header Vary Origin always;' },
    ],
    references: [sources.caches],
  },
  'preflight-every-time': {
    code: 'H20',
    says: 'Each call is preceded by a preflight, because the answer says nothing about how long it holds.',
    seen: 'OPTIONS before each call.',
    why: 'Without Access-Control-Max-Age browsers remember a preflight for five seconds.',
    toBeSure: 'Switch off "Disable cache" in the developer tools, and make the same call twice.',
    fix: [
      { for: 'express', do: 'Let browsers remember it.', line: 'cors({ maxAge: 7200 })' },
      {
        for: 'nginx',
        do: 'Let browsers remember it.',
        line: 'add_header Access-Control-Max-Age 7200 always;',
      },
    ],
    references: [sources.preflight],
  },
  'stale-grant': {
    code: 'H21',
    says: 'The call works here by a remembered preflight; asked again, the API refuses it.',
    seen: 'It works here and fails for a colleague.',
    why: 'This browser still holds an answer from before a change.',
    toBeSure: 'Make the call in a private window: it fails there, too.',
    fix: [{ for: 'fetch', do: 'Fix the API, then try without memory.', line: "cache: 'no-store'" }],
    references: [sources.preflight],
  },
  'redirected-away': {
    code: 'H22',
    says: 'The call was redirected to another origin, and Authorization was lost on the way.',
    seen: 'A 401 or a CORS error after a redirect.',
    why: 'Browsers drop Authorization on a redirect to another origin, and Origin becomes null.',
    fix: [{ for: 'fetch', do: 'Call the final address.' }],
    references: [sources.corsProtocol],
  },
  'grant-sent-by-client': {
    code: 'H23',
    says: 'The page sends a header that only a server can send with effect.',
    seen: 'A preflight without need, and the console names the header.',
    why: 'Access-Control-Allow-Origin in a request allows nothing, and needs a permission itself.',
    toBeSure: 'Remove the header from the call: the preflight no longer asks for it.',
    fix: [{ for: 'fetch', do: 'Delete the line. credentials belongs beside headers, not in it.' }],
    references: [sources.corsProtocol],
  },
  'grant-syntax': {
    code: 'H24',
    says: 'A list of the preflight is not a list of names.',
    seen: 'The console speaks of an invalid token.',
    why: 'Names are separated by commas. A space inside, quotes or a colon make the list invalid.',
    fix: [
      {
        for: 'nginx',
        do: 'Separate the names by commas.',
        line: 'add_header Access-Control-Allow-Methods "GET, HEAD, POST, PUT, PATCH, DELETE" always;',
      },
      {
        for: 'express',
        do: 'Let cors write the list.',
        line: "cors({ methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] })",
      },
    ],
    references: [sources.corsProtocol],
  },
  'not-http': {
    code: 'H25',
    says: 'The address does not begin with http:// or https://.',
    seen: 'fetch rejects at once; the console says that the scheme is not supported.',
    why: 'In localhost:8086/… the word localhost is read as the scheme.',
    fix: [{ for: 'fetch', do: 'Write the scheme.', line: 'http://localhost:8086' }],
    references: [sources.corsErrors],
  },
  'resource-policy': {
    code: 'H26',
    says: 'The answer forbids other origins to embed it.',
    seen: 'An image does not load, although fetch can read it.',
    why: 'Cross-Origin-Resource-Policy guards requests without CORS, such as those of <img>.',
    toBeSure: 'Read the address by fetch: that works, and the image does not load.',
    fix: [
      {
        for: 'express',
        do: 'Allow it for this answer.',
        line: "response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')",
      },
    ],
    references: [sources.corp],
  },
} as const satisfies Record<string, Cause>;
