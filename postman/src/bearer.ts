import { folder, request } from './request.ts';
import { answers, check, json, keep, refuses } from './script.ts';

export const bearer = folder(
  'Bearer',
  `The token comes in the body. Your code stores it and sends it in \`Authorization: Bearer …\`.

Run the folder from top to bottom. The first request stores what the others need. You can see it under **Variables** of the collection: \`token\` and \`refresh_token\`.`,
  [
    request({
      name: 'Sign in',
      endpoint: 'createToken',
      about:
        'Sends user id and password. The answer has a token (a signed JWT), its lifetime in seconds, and the refresh token that renews it.\n\nPaste the token into the Inspector of the app, or into any JWT decoder: **it is signed, not encrypted**. Everybody who has it can read it, and a changed token is refused.',
      json: { username: '{{uid}}', password: '{{password}}' },
      tests: [
        answers(200),
        check(
          'a token of three parts, its lifetime, and a refresh token',
          `pm.expect(${json}.token.split('.')).to.have.lengthOf(3);`,
          `pm.expect(${json}.token_type).to.eql('Bearer');`,
          `pm.expect(${json}.expires_in).to.be.within(60, 3600);`,
          `pm.expect(${json}.refresh_token).to.be.a('string').and.not.empty;`,
        ),
        check('no cookie is set', "pm.expect(pm.response.headers.has('Set-Cookie')).to.eql(false);"),
        check(
          'no cache stores the answer',
          "pm.expect(pm.response.headers.get('Cache-Control')).to.eql('no-store');",
        ),
        keep('token', `${json}.token`),
        keep('refresh_token', `${json}.refresh_token`),
        keep('user_id', `${json}.user_id`),
      ],
    }),
    request({
      name: 'Who am I? (Authorization tab)',
      endpoint: 'readProtected',
      about:
        'Look at the **Authorization** tab: type *Bearer Token*, token `{{token}}`. Postman builds the header `Authorization: Bearer …` from it. You can see the header in the console.',
      bearer: 'token',
      tests: [
        answers(200),
        check('it is the user who signed in', `pm.expect(${json}.username).to.eql(pm.variables.get('uid'));`),
      ],
    }),
    request({
      name: 'Who am I? (Headers tab)',
      endpoint: 'readProtected',
      about: 'The same request with the header written by hand under **Headers**. Both send the same bytes.',
      headers: { Authorization: 'Bearer {{token}}' },
      tests: [
        answers(200),
        check('it is the user who signed in', `pm.expect(${json}.username).to.eql(pm.variables.get('uid'));`),
      ],
    }),
    request({
      name: 'The scheme in lower case',
      endpoint: 'readProtected',
      about:
        'The name of an authentication scheme is case-insensitive (RFC 9110, section 11.1): `bearer` equals `Bearer`.',
      headers: { Authorization: 'bearer {{token}}' },
      tests: [answers(200)],
    }),
    request({
      name: 'Sign out',
      endpoint: 'endCurrentSession',
      about:
        'Ends the session on the server. Deleting the token is not enough, because a copy of it would work until it expires.',
      bearer: 'token',
      tests: [answers(204)],
    }),
    request({
      name: 'The token after signing out',
      endpoint: 'readProtected',
      about:
        'The token has a valid signature and has not expired. It is refused because the API checks at every request that the session is live.\n\nLook at `WWW-Authenticate` in the answer: it says `invalid_token` (RFC 6750, section 3.1).',
      bearer: 'token',
      tests: [
        refuses(401, 'session_ended'),
        check(
          'WWW-Authenticate says so',
          `pm.expect(pm.response.headers.get('WWW-Authenticate')).to.include('error="invalid_token"');`,
        ),
      ],
    }),
  ],
);
