import { folder, request } from './request.ts';
import { answers, check, refuses } from './script.ts';

const noGrant = check(
  'the answer has no Access-Control header',
  "pm.expect(pm.response.headers.filter((header) => header.key.toLowerCase().startsWith('access-control-'))).to.eql([]);",
);

const once = (header: string, value: string) =>
  check(
    `${header} is there exactly once`,
    `const values = pm.response.headers.filter((header) => header.key.toLowerCase() === '${header.toLowerCase()}').map((header) => header.value);`,
    `pm.expect(values).to.eql([${value}]);`,
  );

export const cors = folder(
  'CORS',
  `**Postman enforces no CORS.** Cross-origin resource sharing is a rule that *browsers* enforce for their users: a page can read the answer of another origin only if that answer allows it. Postman is not a page. It shows every answer, so a request that works here proves nothing about CORS in a browser.

Postman can show what the server tells a browser. These requests set \`Origin\` by hand and check the \`Access-Control-*\` headers: a listed origin (\`{{web_origin}}\`) gets a grant. Any other origin gets none, and its browser hides the answer from the page.`,
  [
    request({
      name: 'A listed origin',
      endpoint: 'readHealth',
      about:
        "The grant names the exact origin and never `*`, because browsers reject `*` with credentials. `Vary: Origin` keeps caches from serving one origin the grant of another. `Access-Control-Expose-Headers` lists the headers that the page's script may read.",
      headers: { Origin: '{{web_origin}}' },
      tests: [
        answers(200),
        once('Access-Control-Allow-Origin', "pm.variables.get('web_origin')"),
        once('Access-Control-Allow-Credentials', "'true'"),
        check(
          'the page may read these headers',
          "pm.expect(pm.response.headers.get('Access-Control-Expose-Headers').split(',')).to.include.members(['Link', 'Location', 'Retry-After']);",
        ),
      ],
    }),
    request({
      name: 'An origin that is not listed',
      endpoint: 'readHealth',
      about:
        'The answer is 200 and Postman shows it. A browser would hide it from the page, because the grant is missing. **CORS protects reading. What protects writing is the origin guard** (see *Errors*, 403).',
      headers: { Origin: 'https://evil.example' },
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'An origin that differs in its port only',
      endpoint: 'readHealth',
      about:
        'An origin is scheme, host and port. `http://localhost:1` is another origin than the app on the same host.',
      headers: { Origin: 'http://localhost:1' },
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'The origin null',
      endpoint: 'readHealth',
      about:
        'Sandboxed frames and local files send this origin. Every site can create such a frame, so the API never grants it anything.',
      headers: { Origin: 'null' },
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'No origin at all',
      endpoint: 'readHealth',
      about: 'Postman and curl send no origin. `Vary: Origin` is in the answer anyway, for caches.',
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'An error to a listed origin',
      endpoint: 'readProtected',
      about:
        'Errors have the grant too. Without it a page could not distinguish *signed out* from *server down*.',
      headers: { Origin: '{{web_origin}}' },
      tests: [
        refuses(401, 'token_missing'),
        once('Access-Control-Allow-Origin', "pm.variables.get('web_origin')"),
      ],
    }),
    request({
      name: 'Preflight from a listed origin',
      endpoint: 'readProtected',
      method: 'OPTIONS',
      about:
        'Before a request that an HTML form cannot send (here: one with `Authorization`) a browser asks for permission by OPTIONS. The answer lists methods and headers. The browser remembers it for two hours (`Access-Control-Max-Age`).',
      headers: {
        Origin: '{{web_origin}}',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
      tests: [
        answers(204),
        once('Access-Control-Allow-Origin', "pm.variables.get('web_origin')"),
        once('Access-Control-Allow-Credentials', "'true'"),
        once('Access-Control-Max-Age', "'7200'"),
        check(
          'DELETE and PATCH are allowed',
          "pm.expect(pm.response.headers.get('Access-Control-Allow-Methods')).to.include('DELETE').and.to.include('PATCH');",
        ),
        check(
          'the Authorization header is allowed',
          "pm.expect(pm.response.headers.get('Access-Control-Allow-Headers')).to.include('Authorization');",
        ),
      ],
    }),
    request({
      name: 'Preflight from an origin that is not listed',
      endpoint: 'readProtected',
      method: 'OPTIONS',
      about: 'Refused, and the browser never sends the request itself.',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' },
      tests: [refuses(403, 'origin_refused'), noGrant],
    }),
    request({
      name: 'OPTIONS that is no preflight',
      endpoint: 'readProtected',
      method: 'OPTIONS',
      about:
        'Without `Access-Control-Request-Method` it is an ordinary OPTIONS request. `Allow` lists the methods.',
      tests: [
        answers(204),
        noGrant,
        check('Allow lists the methods', "pm.expect(pm.response.headers.get('Allow')).to.include('GET');"),
      ],
    }),
  ],
);
