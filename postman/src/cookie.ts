import { folder, request } from './request.ts';
import { answers, check, json, keepCookie, refuses, setCookie } from './script.ts';

export const cookie = folder(
  'Cookie',
  `The token comes in a cookie. The browser (here: Postman's **cookie jar**, under *Cookies* below the Send button) keeps it and sends it by itself. It is \`HttpOnly\`: no script of a page can read it.

The requests marked *cookie jar* let Postman send what it has stored. The others switch that off (*Settings → Disable cookie jar*) and write the \`Cookie\` header by hand.`,
  [
    request({
      name: 'Sign in (cookie jar)',
      endpoint: 'authenticateUser',
      about:
        'The same user id and password at the other door. The answer has the user in its body and **no token**: that is in `Set-Cookie`, once for the API (`jwt`) and once for renewing (`jwt_refresh`, for `/api/sessions` only). Look at the attributes under *Headers* of the answer.',
      cookieJar: true,
      json: { uid: '{{uid}}', password: '{{password}}' },
      tests: [
        answers(200),
        check(
          'the lesson knows this message',
          `pm.expect(${json}.message).to.eql('Authentication for ' + ${json}.data.user.uid + ' successful');`,
        ),
        check(
          'no token is in the body',
          'pm.expect(pm.response.text()).to.not.match(/eyJ[A-Za-z0-9_-]+\\./);',
        ),
        check(
          'both cookies are HttpOnly, and the refresh cookie is for the sessions only',
          `const jwt = ${setCookie('jwt_cookie_name')};`,
          `const refresh = ${setCookie('refresh_cookie_name')};`,
          "pm.expect(jwt).to.include('HttpOnly').and.to.include('SameSite=');",
          "pm.expect(refresh).to.include('HttpOnly').and.to.include('Path=/api/sessions');",
        ),
        keepCookie('jwt_cookie', 'jwt_cookie_name'),
        keepCookie('refresh_cookie', 'refresh_cookie_name'),
      ],
    }),
    request({
      name: 'Who am I? (cookie jar)',
      endpoint: 'readProtected',
      about:
        'Nothing is set in this request: no Authorization, no header. Postman adds the cookie, as a browser would.',
      cookieJar: true,
      tests: [
        answers(200),
        check('it is the user who signed in', `pm.expect(${json}.username).to.eql(pm.variables.get('uid'));`),
      ],
    }),
    request({
      name: 'Who am I? (Cookie header)',
      endpoint: 'readProtected',
      about:
        'The header that the jar makes, written by hand: `Cookie: jwt=…`. The value was stored by the script of the sign-in.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [
        answers(200),
        check('it is the user who signed in', `pm.expect(${json}.username).to.eql(pm.variables.get('uid'));`),
      ],
    }),
    request({
      name: 'The token of the cookie, in the other place',
      endpoint: 'readProtected',
      about:
        'The token out of the cookie, sent as `Authorization: Bearer`. It is refused: a token works only in the place that it was made for, so one that leaks out of a cookie is of no use in a header.',
      bearer: 'jwt_cookie',
      tests: [refuses(401, 'token_invalid')],
    }),
    request({
      name: 'A bad header beside a good cookie',
      endpoint: 'readProtected',
      about:
        'A header that is present decides alone. If it is bad, the API does not fall back to the cookie: the caller meant the header.',
      headers: { Authorization: 'Bearer not.a.token', Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [refuses(401, 'token_invalid')],
    }),
    request({
      name: 'Sign out (cookie jar)',
      endpoint: 'endCurrentSession',
      about:
        'Ends the session and clears both cookies. A cookie goes only if it is cleared with the attributes that it was set with; a page could not do it, since it cannot reach an HttpOnly cookie.',
      cookieJar: true,
      tests: [
        answers(204),
        check(
          'both cookies are cleared',
          `pm.expect(${setCookie('jwt_cookie_name')}).to.include('Max-Age=0').and.to.include('HttpOnly');`,
          `pm.expect(${setCookie('refresh_cookie_name')}).to.include('Max-Age=0').and.to.include('Path=/api/sessions');`,
        ),
      ],
    }),
    request({
      name: 'After signing out (cookie jar)',
      endpoint: 'readProtected',
      about: 'The jar has nothing left to send.',
      cookieJar: true,
      tests: [refuses(401, 'token_missing')],
    }),
    request({
      name: 'A copy of the cookie after signing out (Cookie header)',
      endpoint: 'readProtected',
      about: 'Whoever kept a copy of the cookie finds that the session has ended on the server too.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [refuses(401, 'session_ended')],
    }),
  ],
);
