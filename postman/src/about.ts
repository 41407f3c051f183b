import { folder, request } from './request.ts';
import { answers, check, json, keep, keepNextPage } from './script.ts';
import { signInAsAdmin, signOut } from './steps.ts';

export const audit = folder(
  'Audit',
  'Security events, for admins: who signed in, when and from where, and what was refused. Events are only ever added.',
  [
    signInAsAdmin(),
    request({
      name: 'List audit events',
      endpoint: 'listAuditEvents',
      query: { limit: 1 },
      about: 'Newest first. The first event is your own sign-in of a moment ago.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'the newest is a sign-in',
          `pm.expect(${json}).to.have.lengthOf(1);`,
          `pm.expect(${json}[0].event).to.eql('sign_in');`,
        ),
        check(
          'the body contains no token',
          'pm.expect(pm.response.text()).to.not.match(/eyJ[A-Za-z0-9_-]+\\./);',
        ),
        keep('first_id', `${json}[0].id`),
        keepNextPage('next_page'),
      ],
    }),
    request({
      name: 'List audit events, the next page',
      endpoint: 'listAuditEvents',
      query: { limit: 1, after: '{{next_page}}' },
      about: 'Events older than the first. The request is skipped if the first page was the last one.',
      bearer: 'token',
      before: ["if (!pm.collectionVariables.get('next_page')) pm.execution.skipRequest();"],
      tests: [
        answers(200),
        check(
          'the page continues below the first event',
          `pm.expect(${json}[0].id).to.be.below(Number(pm.variables.get('first_id')));`,
        ),
      ],
    }),
    request({
      name: 'Filter audit events',
      endpoint: 'listAuditEvents',
      query: { event: 'sign_in,sign_in_failed', user: '{{user_id}}', from: '2020-01-01', limit: 5 },
      about:
        '`event` has one or more names of events, with commas between them. `user` is the id of a user: events about them, and events of what they did to others. `from` and `to` are moments in ISO 8601; an event at `to` itself is not listed.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'only sign-ins of this user',
          `for (const { event, user_id } of ${json}) pm.expect([event.slice(0, 7), String(user_id)]).to.eql(['sign_in', String(pm.variables.get('user_id'))]);`,
        ),
      ],
    }),
    request({
      name: 'Export audit events as CSV',
      endpoint: 'listAuditEvents',
      query: { event: 'sign_in' },
      headers: { Accept: 'text/csv' },
      about:
        'The same filters, as CSV (RFC 4180): all events, 50 000 at most. `Link: <…>; rel="next"` leads to older ones, if there are more. A value that a spreadsheet would take for a formula has an apostrophe before it.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'a line of column names, and one for each event',
          "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/csv');",
          'pm.expect(pm.response.text()).to.match(/^id,at,event,user_id,[^\\r]*\\r\\n[0-9]+,/);',
        ),
      ],
    }),
    signOut(),
  ],
);

export const about = folder('About', 'What the API tells everybody about itself.', [
  request({
    name: 'Public keys (JWKS)',
    endpoint: 'readKeys',
    about:
      'The public keys that verify tokens (RFC 7517). Under HS256 the list is empty, because that key is a secret. With `JWT_ALGORITHM=RS256`, `PS256` or `ES256` everybody can verify a token with these keys, and cannot make one.',
    tests: [
      answers(200),
      check(
        'no key has a private member',
        `for (const key of ${json}.keys) pm.expect(key).to.not.have.any.keys('d', 'p', 'q', 'k');`,
      ),
    ],
  }),
  request({
    name: 'OpenAPI document',
    endpoint: 'readOpenApi',
    about: 'The description of this API for programs. Postman can import it, under *Import*.',
    tests: [
      answers(200),
      check(
        'OpenAPI 3.1',
        `pm.expect(${json}.openapi).to.match(/^3\\.1/);`,
        `pm.expect(${json}.paths).to.have.property('/protected');`,
      ),
    ],
  }),
  request({
    name: 'Reference page',
    endpoint: 'readDocs',
    about: 'The description of this API for people. The page loads nothing from other servers.',
    tests: [
      answers(200),
      check(
        'the page loads nothing from other servers',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/html');",
        'pm.expect(pm.response.text()).to.not.match(/(src|href)="(https?:)?\\/\\//);',
        "pm.expect(pm.response.headers.get('Content-Security-Policy')).to.include(\"script-src 'self'\");",
      ),
    ],
  }),
  request({
    name: 'Viewer of the reference page',
    endpoint: 'readDocsFile',
    params: { file: 'viewer.css' },
    about: 'One of the files that the reference page loads. They come from the API itself.',
    tests: [
      answers(200),
      check(
        'it is a style sheet',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/css');",
      ),
    ],
  }),
  request({
    name: 'What a problem means',
    endpoint: 'readProblem',
    params: { code: 'token_expired' },
    about:
      'The page that the `type` of an error names: what the error means, how to fix it, and which endpoints answer it.',
    tests: [
      answers(200),
      check(
        'the page says how to fix it',
        "pm.expect(pm.response.text()).to.include('/api/sessions/refresh');",
      ),
    ],
  }),
  request({
    name: 'Alive?',
    endpoint: 'readHealth',
    about: 'The process answers. Supervisors that restart it ask this.',
    tests: [answers(200), check('ok', `pm.expect(${json}).to.eql({ status: 'ok' });`)],
  }),
  request({
    name: 'Alive? (HEAD)',
    endpoint: 'readHealth',
    method: 'HEAD',
    about: 'Every GET endpoint answers HEAD too: the same headers and no body.',
    tests: [answers(200), check('no body', "pm.expect(pm.response.text()).to.eql('');")],
  }),
  request({
    name: 'Ready?',
    endpoint: 'readReadiness',
    about:
      'The database can be reached and has the current schema. Load balancers ask this before they send traffic.',
    tests: [answers(200), check('ready', `pm.expect(${json}).to.eql({ status: 'ready' });`)],
  }),
  request({
    name: 'Metrics',
    endpoint: 'readMetrics',
    about:
      'Counters and times of this process, in the text format that Prometheus reads. The proxy of a deployment answers 404, because they are internal.',
    tests: [
      check('metrics, or 404 from the proxy', 'pm.expect(pm.response.code).to.be.oneOf([200, 404]);'),
      check(
        'the answer has the text format of Prometheus',
        'if (pm.response.code === 404) return;',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/plain');",
        "pm.expect(pm.response.text()).to.include('signet_http_request_duration_seconds');",
      ),
    ],
  }),
  request({
    name: 'What the API saw',
    endpoint: 'listExchanges',
    query: { after: 'start' },
    about:
      "The last 500 requests as the API saw them: names of headers and cookies, what decided and by which rule, what CORS granted, and no value. It is there on one's own machine only; elsewhere the answer is 404. Without `after` the answer is a stream of server-sent events that goes on.",
    tests: [
      check(
        "events, or 404 where it is not one's own machine",
        'pm.expect(pm.response.code).to.be.oneOf([200, 404]);',
      ),
      check(
        'the requests of this collection are among them, without a token',
        'if (pm.response.code === 404) return;',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/event-stream');",
        'pm.expect(pm.response.text()).to.include(\'"route":"/readyz"\');',
        'pm.expect(pm.response.text()).to.not.match(/eyJ[A-Za-z0-9_-]+\\./);',
      ),
    ],
  }),
  request({
    name: 'Try cookies',
    endpoint: 'startCookieAssay',
    cookieJar: true,
    about:
      "The API sets harmless cookies for one minute that differ in one attribute each. It is there on one's own machine only; elsewhere the answer is 404.",
    tests: [
      check(
        "cookies, or 404 where it is not one's own machine",
        'pm.expect(pm.response.code).to.be.oneOf([204, 404]);',
      ),
    ],
  }),
  request({
    name: 'Which cookies came back',
    endpoint: 'readCookieAssay',
    cookieJar: true,
    about:
      'The names of the cookies of the request before that Postman kept and sent. On http a Secure cookie stays away, as it does in a browser.',
    tests: [
      check(
        "an answer, or 404 where it is not one's own machine",
        'pm.expect(pm.response.code).to.be.oneOf([200, 404]);',
      ),
      check(
        'a plain cookie came back, and one for another path did not',
        'if (pm.response.code === 404) return;',
        `pm.expect(${json}.came).to.include('lax');`,
        `pm.expect(${json}.came).to.not.include('deep-path');`,
      ),
    ],
  }),
]);
