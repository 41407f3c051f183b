import { endpoints } from '@signet/contracts';
import { folder, request } from './request.ts';
import { answers, check, json, keep, keepUniqueName, refuses } from './script.ts';
import { createMember, deleteMember, signInAsAdmin, signInAsMember, signOut } from './steps.ts';

/** Text of Postman's script: the token's payload changed, its signature kept. */
const alterToken = [
  "const [header, payload, signature] = pm.collectionVariables.get('token').split('.');",
  "const toBase64 = (text) => text.replace(/-/g, '+').replace(/_/g, '/');",
  "const toBase64Url = (text) => text.replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');",
  'const claims = JSON.parse(atob(toBase64(payload)));',
];

export const errors = folder(
  'Errors',
  `Every problem that can be provoked, on purpose. An error is \`application/problem+json\` (RFC 9457): branch on \`code\`, show \`detail\` and \`hint\`, and give \`request_id\` to whoever runs the server. \`type\` leads to a page that explains it.

Four codes are not here, since no request brings them about: \`token_expired\` (wait until the token's lifetime is over), \`internal\`, \`overloaded\` and \`not_ready\`. The folder *About* shows the page of the first.

Failed sign-ins are limited to 10 in 15 minutes for a user id and an address, so the failures here use ids that nobody has.`,
  [
    signInAsAdmin(),
    createMember(),
    signInAsMember(
      'Sign in as a user who is no admin',
      { token: 'member_token', refreshToken: 'member_refresh_token' },
      'For the refusals that need one.',
    ),
    request({
      name: '400: members that break rules',
      endpoint: 'signUp',
      about: 'All of them at once: `issues` has one entry for each. There is no 30th of February.',
      json: { name: 'A', uid: '', password: 'short', dob: '2020-02-30' },
      tests: [
        refuses(400, 'invalid_request'),
        check(
          'an issue for each member',
          `const issues = ${json}.issues;`,
          "pm.expect(issues.map((issue) => issue.path)).to.have.members(['name', 'uid', 'password', 'dob']);",
          "pm.expect(issues.find((issue) => issue.path === 'dob').message).to.eql('Date of birth format error 2020-02-30, must be yyyy-mm-dd');",
        ),
      ],
    }),
    request({
      name: '400: a member that the contract does not name',
      endpoint: 'signUp',
      about: 'Unknown members are refused and not ignored: nobody signs up as an admin by trying.',
      json: { name: 'Postman', uid: 'postman-admin', password: 'a throw-away pass phrase', role: 'admin' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '400: no JSON',
      endpoint: 'createToken',
      about: 'The Content-Type promises JSON, and the body is none.',
      raw: { type: 'application/json', text: '{"username": "toby",' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '400: a malformed Authorization header',
      endpoint: 'readProtected',
      about: '`Bearer` takes one token, and here are two words.',
      headers: { Authorization: 'Bearer two words' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '401: no token',
      endpoint: 'readProtected',
      about:
        'Neither a header nor a cookie. `WWW-Authenticate` names the scheme, and no error: none was made.',
      tests: [
        refuses(401, 'token_missing'),
        check(
          'in the words of the lesson',
          `pm.expect(${json}.message).to.eql('Authentication Token is missing!');`,
        ),
        check(
          'WWW-Authenticate names the scheme only',
          `pm.expect(pm.response.headers.get('WWW-Authenticate')).to.eql('Bearer realm="signet"');`,
        ),
      ],
    }),
    request({
      name: '401: a token with a claim changed',
      endpoint: 'readProtected',
      about:
        'The **pre-request script** takes the token apart, writes another user into the payload and puts it together again. The signature was made over the old payload, so it does not fit.',
      bearer: 'altered_token',
      before: [
        ...alterToken,
        "claims.sub = '2';",
        keep('altered_token', "[header, toBase64Url(btoa(JSON.stringify(claims))), signature].join('.')"),
      ],
      tests: [
        refuses(401, 'token_invalid'),
        check(
          'in the words of the lesson',
          `pm.expect(${json}.message).to.eql('Invalid Authentication token!');`,
        ),
      ],
    }),
    request({
      name: '401: a token that claims to need no signature',
      endpoint: 'readProtected',
      about:
        'The oldest trick there is: `alg: none` and an empty signature. The API names the algorithm that it accepts and never asks the token.',
      bearer: 'altered_token',
      before: [
        ...alterToken,
        "const unsigned = { ...JSON.parse(atob(toBase64(header))), alg: 'none' };",
        keep('altered_token', "[toBase64Url(btoa(JSON.stringify(unsigned))), payload, ''].join('.')"),
      ],
      tests: [refuses(401, 'token_invalid')],
    }),
    request({
      name: '401: another scheme',
      endpoint: 'readProtected',
      about: 'Basic is not spoken here.',
      headers: { Authorization: 'Basic dG9ieToxMjN0b2J5' },
      tests: [refuses(401, 'token_missing')],
    }),
    request({
      name: '401: wrong credentials (bearer)',
      endpoint: 'createToken',
      about:
        'The answer is the same, and takes the same time, whether the user exists or not: it tells a stranger nothing.',
      before: [keepUniqueName('nobody')],
      json: { username: '{{nobody}}', password: 'not the password' },
      tests: [
        refuses(401, 'credentials_invalid'),
        check('in the words of the lesson', `pm.expect(${json}.message).to.eql('Bad username or password');`),
      ],
    }),
    request({
      name: '401: wrong credentials (cookie)',
      endpoint: 'authenticateUser',
      about: 'The other door has other words.',
      json: { uid: '{{nobody}}', password: 'not the password' },
      tests: [
        refuses(401, 'credentials_invalid'),
        check(
          'in the words of the lesson',
          `pm.expect(${json}.message).to.eql('Invalid user id or password');`,
        ),
        check('no cookie is set', "pm.expect(pm.response.headers.has('Set-Cookie')).to.eql(false);"),
      ],
    }),
    request({
      name: '401: a refresh token that is none',
      endpoint: 'refreshSession',
      about: 'Made up, of another server, or cut off.',
      json: { refresh_token: 'made.up.token' },
      tests: [refuses(401, 'refresh_invalid')],
    }),
    request({
      name: 'A refresh token is exchanged once …',
      endpoint: 'refreshSession',
      about:
        'The first of three steps to a theft. The thief has copied `{{member_refresh_token}}`; its owner exchanges it.',
      json: { refresh_token: '{{member_refresh_token}}' },
      tests: [answers(200), keep('next_refresh_token', `${json}.refresh_token`)],
    }),
    request({
      name: '… and its successor too …',
      endpoint: 'refreshSession',
      about: 'Time goes by, and the owner exchanges the next one.',
      json: { refresh_token: '{{next_refresh_token}}' },
      tests: [answers(200)],
    }),
    request({
      name: '401: … then somebody presents the first again',
      endpoint: 'refreshSession',
      about:
        'It was used up two generations ago, so it must be a copy. Nobody can tell the thief from the owner: the session ends for both, and an audit event says so.',
      json: { refresh_token: '{{member_refresh_token}}' },
      tests: [refuses(401, 'refresh_reused')],
    }),
    request({
      name: '401: the session has ended',
      endpoint: 'readProtected',
      about: 'And with the session its access tokens.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    signInAsMember(
      'Sign in again',
      { token: 'member_token' },
      'The owner knows the password, and the thief does not.',
    ),
    request({
      name: '403: for admins only',
      endpoint: 'listAuditEvents',
      about: '401 says *who are you?*, 403 says *I know, and you may not*.',
      bearer: 'member_token',
      tests: [refuses(403, 'forbidden')],
    }),
    request({
      name: '403: an origin that is not on the list',
      endpoint: 'createToken',
      about:
        "A browser adds `Origin` to this request, and a page cannot change it. Sign-ins, and whatever a cookie carries and changes something, are refused to pages of foreign origins: no site can act in its visitors' name. Postman sends what it is told to, so you can play the foreign page.",
      headers: { Origin: 'https://evil.example' },
      json: { username: '{{uid}}', password: '{{password}}' },
      tests: [refuses(403, 'origin_refused')],
    }),
    request({
      name: '404: no such path',
      method: 'GET',
      path: '/api/nothing',
      about: 'An error like all others, and no HTML page.',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: '404: no such user',
      endpoint: 'readUser',
      params: { id: 2147483647 },
      about: 'The path is right, and nobody has this number.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: '405: no such method here',
      endpoint: 'readProtected',
      method: 'PUT',
      about: 'The header `Allow` says what would be taken (RFC 9110, section 15.5.6).',
      tests: [
        refuses(405, 'method_not_allowed'),
        check(
          'Allow lists the methods',
          "pm.expect(pm.response.headers.get('Allow').split(', ')).to.have.members(['GET', 'HEAD', 'OPTIONS']);",
        ),
      ],
    }),
    request({
      name: '409: a user id that is taken',
      endpoint: 'createUser',
      about:
        'User ids are compared without case. The script writes the id in capitals, and it is taken all the same.',
      bearer: 'token',
      before: [keep('shouted_uid', "pm.collectionVariables.get('member_uid').toUpperCase()")],
      json: { name: 'Postman Double', uid: '{{shouted_uid}}', password: 'a throw-away pass phrase' },
      tests: [refuses(409, 'uid_taken')],
    }),
    request({
      name: 'Who is an admin?',
      endpoint: 'listUsers',
      query: { limit: 500 },
      about:
        'Before the next request: it is sent only if the user of the environment is known to be the one admin. On a server with several it would really take the role away.',
      bearer: 'token',
      tests: [
        answers(200),
        `const admins = ${json}.filter((user) => user.role === 'admin').map((user) => String(user.id));`,
        "const isWhole = !pm.response.headers.has('Link');",
        keep(
          'is_only_admin',
          "String(isWhole && admins.length === 1 && admins[0] === String(pm.collectionVariables.get('user_id')))",
        ),
      ],
    }),
    request({
      name: '409: the last admin',
      endpoint: 'updateUser',
      params: { id: '{{user_id}}' },
      about: 'Somebody must be left who can administer. Skipped where there are other admins.',
      bearer: 'token',
      before: ["if (pm.collectionVariables.get('is_only_admin') !== 'true') pm.execution.skipRequest();"],
      json: { role: 'user' },
      tests: [refuses(409, 'last_admin')],
    }),
    request({
      name: '413: a body that is too large',
      endpoint: 'createToken',
      about: 'JSON ends at 100 kB. The script makes a password of 200 kB.',
      before: ["pm.variables.set('large', 'x'.repeat(200000));"],
      json: { username: 'nobody', password: '{{large}}' },
      tests: [refuses(413, 'body_too_large')],
    }),
    request({
      name: '415: a body that is no JSON',
      endpoint: 'createToken',
      about:
        'Only `application/json` is read. That is a defence too: an HTML form can send text, fields and files to any site without asking, but never JSON.',
      raw: { type: 'text/plain', text: '{"username": "nobody", "password": "not the password"}' },
      tests: [refuses(415, 'unsupported_media_type')],
    }),
    request({
      name: '429: too many failed sign-ins',
      endpoint: 'createToken',
      about:
        'The **pre-request script** fails ten times as a user whom nobody knows; this is the eleventh. `Retry-After` says how many seconds to wait, and `RateLimit` what is left. Nobody is locked out for good, and nobody else notices.',
      before: [
        keepUniqueName('guessed'),
        "const body = JSON.stringify({ username: pm.collectionVariables.get('guessed'), password: 'a guess' });",
        `const guess = { url: pm.variables.replaceIn('{{base_url}}${endpoints.createToken.path}'), method: 'POST', header: { 'Content-Type': 'application/json' }, body: { mode: 'raw', raw: body } };`,
        'const guesses = Array.from({ length: 10 }, () => guess);',
        'const next = () => guesses.length > 0 && pm.sendRequest(guesses.pop(), next);',
        'next();',
      ],
      json: { username: '{{guessed}}', password: 'a guess' },
      tests: [
        refuses(429, 'too_many_requests'),
        check(
          'it says when to come back',
          "pm.expect(Number(pm.response.headers.get('Retry-After'))).to.be.within(1, 900);",
        ),
        check('nothing is left', "pm.expect(pm.response.headers.get('RateLimit')).to.include('r=0');"),
      ],
    }),
    deleteMember(),
    signOut(),
  ],
);
