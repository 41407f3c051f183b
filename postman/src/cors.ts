import { folder, request } from './request.ts';
import { answers, check, refuses } from './script.ts';

const noGrant = check(
  'there is no grant of any kind',
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
  `**Postman enforces no CORS.** Cross-origin resource sharing is a rule that *browsers* keep on behalf of their users: a page may read the answer of another origin only if that answer allows it. Postman is no page. It sends what it is told and shows every answer, so everything works here that fails in a browser, and a request that works here proves nothing about CORS.

What Postman can do is show what the server says to a browser. These requests send \`Origin\` by hand and look at the \`Access-Control-*\` headers: a listed origin (\`{{web_origin}}\`) gets its grant, any other gets none and its browser keeps the answer to itself.`,
  [
    request({
      name: 'A listed origin',
      endpoint: 'readHealth',
      about:
        "The grant names the very origin, never `*`, which would be no use with credentials. `Vary: Origin` keeps a cache from giving one origin the grant of another. `Access-Control-Expose-Headers` lists the headers that the page's script may read.",
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
        'The answer is 200 and Postman shows it. A browser would show the page nothing of it: the grant is missing. **CORS protects reading. What protects writing is the origin guard** (see *Errors*, 403).',
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
        'What a sandboxed frame or a local file sends. Everybody can make one, so it is never granted anything.',
      headers: { Origin: 'null' },
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'No origin at all',
      endpoint: 'readHealth',
      about: 'As Postman and curl do it. `Vary: Origin` is there all the same, for the caches.',
      tests: [answers(200), noGrant],
    }),
    request({
      name: 'An error to a listed origin',
      endpoint: 'readProtected',
      about: 'Errors have the grant too. Without it a page could not tell *signed out* from *server down*.',
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
        'Before a request that no HTML form could send (here: because of `Authorization`) a browser asks by OPTIONS whether it may. The answer lists methods and headers, and holds for two hours (`Access-Control-Max-Age`), in which the browser does not ask again.',
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
        'Without `Access-Control-Request-Method` it is an ordinary question: which methods are there? `Allow` answers it.',
      tests: [
        answers(204),
        noGrant,
        check('Allow lists the methods', "pm.expect(pm.response.headers.get('Allow')).to.include('GET');"),
      ],
    }),
  ],
);
