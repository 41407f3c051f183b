import { folder, request } from './request.ts';
import { answers, check, json, keep, keepNextPage } from './script.ts';
import { signInAsAdmin, signOut } from './steps.ts';

export const audit = folder(
  'Audit',
  'What security cares about, for admins: who signed in, when and from where, and what was refused. Append-only.',
  [
    signInAsAdmin(),
    request({
      name: 'List audit events',
      endpoint: 'listAuditEvents',
      query: { limit: 1 },
      about: 'Newest first. The first one is the sign-in that you have just done.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'the newest is a sign-in',
          `pm.expect(${json}).to.have.lengthOf(1);`,
          `pm.expect(${json}[0].event).to.eql('sign_in');`,
        ),
        check('no token is in it', 'pm.expect(pm.response.text()).to.not.match(/eyJ[A-Za-z0-9_-]+\\./);'),
        keep('first_id', `${json}[0].id`),
        keepNextPage('next_page'),
      ],
    }),
    request({
      name: 'List audit events, the next page',
      endpoint: 'listAuditEvents',
      query: { limit: 1, after: '{{next_page}}' },
      about:
        'Older than the first. If this answers an empty page or a 400, nothing else has happened on this server yet.',
      bearer: 'token',
      before: ["if (!pm.collectionVariables.get('next_page')) pm.execution.skipRequest();"],
      tests: [
        answers(200),
        check(
          'the page goes on below the first',
          `pm.expect(${json}[0].id).to.be.below(Number(pm.variables.get('first_id')));`,
        ),
      ],
    }),
    signOut(),
  ],
);

export const about = folder('About', 'What the API says of itself, to everybody.', [
  request({
    name: 'Public keys (JWKS)',
    endpoint: 'readKeys',
    about:
      'The public keys that verify tokens (RFC 7517). Under HS256 there are none, because its key is a secret; with `JWT_ALGORITHM=RS256`, `PS256` or `ES256` they are here, and everybody can verify a token without being able to make one.',
    tests: [
      answers(200),
      check(
        'no private member of a key',
        `for (const key of ${json}.keys) pm.expect(key).to.not.have.any.keys('d', 'p', 'q', 'k');`,
      ),
    ],
  }),
  request({
    name: 'OpenAPI document',
    endpoint: 'readOpenApi',
    about: 'This API for machines. Postman can import it, under *Import*.',
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
    about: 'This API for people. The page loads nothing from elsewhere.',
    tests: [
      answers(200),
      check(
        'a page that loads nothing',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/html');",
        'pm.expect(pm.response.text()).to.not.match(/<script|src=/);',
      ),
    ],
  }),
  request({
    name: 'What a problem means',
    endpoint: 'readProblem',
    params: { code: 'token_expired' },
    about: 'Where the `type` of an error leads: what it means, how to mend it, and who answers it.',
    tests: [
      answers(200),
      check('how to mend it', "pm.expect(pm.response.text()).to.include('/api/sessions/refresh');"),
    ],
  }),
  request({
    name: 'Alive?',
    endpoint: 'readHealth',
    about: 'The process answers. For whatever restarts it.',
    tests: [answers(200), check('ok', `pm.expect(${json}).to.eql({ status: 'ok' });`)],
  }),
  request({
    name: 'Alive? (HEAD)',
    endpoint: 'readHealth',
    method: 'HEAD',
    about: 'Wherever there is GET there is HEAD: the same headers and no body.',
    tests: [answers(200), check('no body', "pm.expect(pm.response.text()).to.eql('');")],
  }),
  request({
    name: 'Ready?',
    endpoint: 'readReadiness',
    about: 'The database can be reached and has the current schema. For whatever sends the traffic.',
    tests: [answers(200), check('ready', `pm.expect(${json}).to.eql({ status: 'ready' });`)],
  }),
  request({
    name: 'Metrics',
    endpoint: 'readMetrics',
    about:
      "The process's measurements, for Prometheus. Behind the deployment's nginx this is 404: they are for the inside.",
    tests: [
      check('measurements, or hidden by the proxy', 'pm.expect(pm.response.code).to.be.oneOf([200, 404]);'),
      check(
        'in the text format',
        "if (pm.response.code === 200) pm.expect(pm.response.text()).to.include('signet_http_request_duration_seconds');",
      ),
    ],
  }),
  request({
    name: 'Measurements',
    endpoint: 'readMetrics',
    about:
      'Counters and times of this process, in the text format that Prometheus reads. The proxy of a deployment does not publish them: through it the answer is 404.',
    tests: [
      check('measurements, or nothing at all', 'pm.expect(pm.response.code).to.be.oneOf([200, 404]);'),
      check(
        'in the text format',
        'if (pm.response.code === 404) return;',
        "pm.expect(pm.response.headers.get('Content-Type')).to.include('text/plain');",
        "pm.expect(pm.response.text()).to.include('# TYPE ');",
      ),
    ],
  }),
]);
