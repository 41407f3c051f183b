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
  `Provokes every problem that a request can provoke. An error is \`application/problem+json\` (RFC 9457): branch on \`code\`, show \`detail\` and \`hint\`, and report \`request_id\` to the operator of the server. \`type\` is the address of a page that explains the problem.

No request of this folder can provoke these seven codes: \`token_expired\` (it needs a token whose lifetime is over), \`token_not_yet_valid\` (it needs a clock that is ahead), \`quota_reached\` (it needs a user with very many posts), \`refresh_elsewhere\` (it needs a second address), \`internal\`, \`overloaded\` and \`not_ready\`. The folder *About* shows the page of the first.

Failed sign-ins are limited to 10 in 15 minutes for a user id and an address, so the failures here use ids that do not exist.`,
  [
    signInAsAdmin(),
    createMember(),
    signInAsMember(
      'Sign in as a user who is no admin',
      { token: 'member_token', refreshToken: 'member_refresh_token' },
      'The requests below need such a user.',
    ),
    request({
      name: '400: members that break rules',
      endpoint: 'signUp',
      about: 'The answer names all of them: `issues` has one entry for each. There is no 30th of February.',
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
      about: 'Unknown members are refused, not ignored, so that a user cannot sign up as an admin.',
      json: { name: 'Postman', uid: 'postman-admin', password: 'a throw-away pass phrase', role: 'admin' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '400: invalid JSON',
      endpoint: 'createToken',
      about: 'The Content-Type says JSON, and the body is not valid JSON.',
      raw: { type: 'application/json', text: '{"username": "toby",' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '400: a malformed Authorization header',
      endpoint: 'readProtected',
      about: '`Bearer` takes one token, and this header has two words.',
      headers: { Authorization: 'Bearer two words' },
      tests: [refuses(400, 'invalid_request')],
    }),
    request({
      name: '401: no token',
      endpoint: 'readProtected',
      about:
        'Neither a header nor a cookie. `WWW-Authenticate` names the scheme and no error, because no token was sent (RFC 6750, section 3.1).',
      tests: [
        refuses(401, 'token_missing'),
        check(
          'the message is the one of the lesson',
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
        'The **pre-request script** takes the token apart, writes another user into the payload and puts it together again. The signature was computed over the old payload, so it does not match.',
      bearer: 'altered_token',
      before: [
        ...alterToken,
        "claims.sub = '2';",
        keep('altered_token', "[header, toBase64Url(btoa(JSON.stringify(claims))), signature].join('.')"),
      ],
      tests: [
        refuses(401, 'token_invalid'),
        check(
          'the message is the one of the lesson',
          `pm.expect(${json}.message).to.eql('Invalid Authentication token!');`,
        ),
      ],
    }),
    request({
      name: '401: a token that claims to need no signature',
      endpoint: 'readProtected',
      about:
        'A well-known attack: `alg: none` and an empty signature. The API decides which algorithm it accepts, and ignores what the token claims.',
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
      about: 'The API does not support the scheme Basic.',
      headers: { Authorization: 'Basic dG9ieToxMjN0b2J5' },
      tests: [refuses(401, 'token_missing')],
    }),
    request({
      name: '401: two cookies of one name',
      endpoint: 'readProtected',
      about:
        'Another app on this host or on a parent domain has set a cookie of the same name. The API does not guess which one is meant. Signing in again does not help; clearing the cookies of the site does.',
      headers: { Cookie: '{{jwt_cookie_name}}=one; {{jwt_cookie_name}}=two' },
      tests: [refuses(401, 'cookies_ambiguous')],
    }),
    request({
      name: '401: wrong credentials (bearer)',
      endpoint: 'createToken',
      about:
        'The answer is the same and takes the same time whether the user exists or not, so that it does not reveal who has an account.',
      before: [keepUniqueName('nobody')],
      json: { username: '{{nobody}}', password: 'not the password' },
      tests: [
        refuses(401, 'credentials_invalid'),
        check(
          'the message is the one of the lesson',
          `pm.expect(${json}.message).to.eql('Bad username or password');`,
        ),
      ],
    }),
    request({
      name: '401: wrong credentials (cookie)',
      endpoint: 'authenticateUser',
      about: 'The endpoint for cookies has another message.',
      json: { uid: '{{nobody}}', password: 'not the password' },
      tests: [
        refuses(401, 'credentials_invalid'),
        check(
          'the message is the one of the lesson',
          `pm.expect(${json}.message).to.eql('Invalid user id or password');`,
        ),
        check('no cookie is set', "pm.expect(pm.response.headers.has('Set-Cookie')).to.eql(false);"),
      ],
    }),
    request({
      name: '401: an invalid refresh token',
      endpoint: 'refreshSession',
      about: 'Invented, cut off, or from another server.',
      json: { refresh_token: 'made.up.token' },
      tests: [refuses(401, 'refresh_invalid')],
    }),
    request({
      name: 'A refresh token is exchanged once …',
      endpoint: 'refreshSession',
      about:
        'The first of three steps that show a theft. The thief has copied `{{member_refresh_token}}`, and its owner exchanges it.',
      json: { refresh_token: '{{member_refresh_token}}' },
      tests: [answers(200), keep('next_refresh_token', `${json}.refresh_token`)],
    }),
    request({
      name: '… and its successor too …',
      endpoint: 'refreshSession',
      about: 'Later the owner exchanges the next refresh token.',
      json: { refresh_token: '{{next_refresh_token}}' },
      tests: [answers(200)],
    }),
    request({
      name: '401: … then somebody presents the first again',
      endpoint: 'refreshSession',
      about:
        'It was exchanged two generations ago, so this must be a copy. The API cannot distinguish the thief from the owner, so it ends the session for both and records an audit event.',
      json: { refresh_token: '{{member_refresh_token}}' },
      tests: [refuses(401, 'refresh_reused')],
    }),
    request({
      name: '401: the session has ended',
      endpoint: 'readProtected',
      about: 'The access tokens of the session end with it.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    signInAsMember(
      'Sign in again',
      { token: 'member_token' },
      'The owner knows the password. The thief does not.',
    ),
    request({
      name: '403: for admins only',
      endpoint: 'listAuditEvents',
      about: '401 means *I do not know who you are*. 403 means *I know who you are, and you have no access*.',
      bearer: 'member_token',
      tests: [refuses(403, 'forbidden')],
    }),
    request({
      name: '403: an origin that is not on the list',
      endpoint: 'createToken',
      about:
        'A browser adds `Origin` to this request, and a page cannot change it. The API refuses sign-ins, and changes by cookie, from pages of foreign origins, so that no site can act in the name of its visitors. Postman sends any header, so you can imitate the foreign page.',
      headers: { Origin: 'https://evil.example' },
      json: { username: '{{uid}}', password: '{{password}}' },
      tests: [refuses(403, 'origin_refused')],
    }),
    request({
      name: '421: a host name that the API does not have',
      method: 'GET',
      path: '/docs',
      about:
        "A foreign page can make its own name point to your machine (DNS rebinding), and then the API looks like that page's own server. Its requests still carry its name in `Host`, and a browser lets no page change that. So the API answers only to names that it knows.",
      headers: { Host: 'attacker.example' },
      tests: [refuses(421, 'host_unknown')],
    }),
    request({
      name: '404: no such path',
      method: 'GET',
      path: '/api/nothing',
      about: 'A problem like all others, not an HTML page.',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: '404: no such user',
      endpoint: 'readUser',
      params: { id: 2147483647 },
      about: 'The path exists, and no user has this id.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: '405: no such method here',
      endpoint: 'readProtected',
      method: 'PUT',
      about: 'The header `Allow` lists the methods of this path (RFC 9110, section 15.5.6).',
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
        'User ids are compared without case. The script writes the id in capitals, and it is still taken.',
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
        'Prepares the next request, which is sent only if the user of the environment is the only admin. On a server with several admins it would really remove the role.',
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
      about: 'The last admin must remain one. The request is skipped on a server with other admins.',
      bearer: 'token',
      before: ["if (pm.collectionVariables.get('is_only_admin') !== 'true') pm.execution.skipRequest();"],
      json: { role: 'user' },
      tests: [refuses(409, 'last_admin')],
    }),
    request({
      name: '413: a body that is too large',
      endpoint: 'createToken',
      about: 'A JSON body has at most 100 kB. The script makes a password of 200 kB.',
      before: ["pm.variables.set('large', 'x'.repeat(200000));"],
      json: { username: 'nobody', password: '{{large}}' },
      tests: [refuses(413, 'body_too_large')],
    }),
    request({
      name: '415: a body of another type than JSON',
      endpoint: 'createToken',
      about:
        'The API reads only `application/json`. This is a defence too: an HTML form can send text, fields and files to any site without a preflight, but not JSON.',
      raw: { type: 'text/plain', text: '{"username": "nobody", "password": "not the password"}' },
      tests: [refuses(415, 'unsupported_media_type')],
    }),
    request({
      name: '429: too many failed sign-ins',
      endpoint: 'createToken',
      about:
        'The **pre-request script** fails ten times with a user id that does not exist. This is the eleventh attempt. `Retry-After` says how many seconds to wait, and `RateLimit` how many attempts are left. Other users are not affected.',
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
          'Retry-After says when to retry',
          "pm.expect(Number(pm.response.headers.get('Retry-After'))).to.be.within(1, 900);",
        ),
        check(
          'RateLimit says that no attempt is left',
          "pm.expect(pm.response.headers.get('RateLimit')).to.include('r=0');",
        ),
      ],
    }),
    deleteMember(),
    signOut(),
  ],
);
