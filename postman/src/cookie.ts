import { folder, request } from './request.ts';
import { answers, check, json, keepCookie, refuses, setCookie } from './script.ts';

export const cookie = folder(
  'Cookie',
  `The token comes in a cookie. The browser (here: Postman's **cookie jar**, under *Cookies* below the Send button) stores it and sends it automatically. It is \`HttpOnly\`: scripts on a page cannot read it.

The requests marked *cookie jar* let Postman send the cookies that it has stored. The others switch that off (*Settings → Disable cookie jar*) and set the \`Cookie\` header by hand.`,
  [
    request({
      name: 'Sign in (cookie jar)',
      endpoint: 'authenticateUser',
      about:
        'The same user id and password at the endpoint for cookies. The body has the user and **no token**. `Set-Cookie` has one cookie for the API (`jwt`), one for renewing (`jwt_refresh`, sent to `/api/sessions` only) and one by which the sign-in recognises this device (`signet_device`, which signs nobody in). Look at the attributes under *Headers* of the answer.',
      cookieJar: true,
      json: { uid: '{{uid}}', password: '{{password}}' },
      tests: [
        answers(200),
        check(
          'the message is the one of the lesson',
          `pm.expect(${json}.message).to.eql('Authentication for ' + ${json}.data.user.uid + ' successful');`,
        ),
        check(
          'the body contains no token',
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
      about: 'This request sets no Authorization and no header. Postman adds the cookie, as a browser would.',
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
        'The header that the cookie jar builds, written by hand: `Cookie: jwt=…`. The script of the sign-in stored the value.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [
        answers(200),
        check('it is the user who signed in', `pm.expect(${json}.username).to.eql(pm.variables.get('uid'));`),
      ],
    }),
    request({
      name: 'The token of the cookie, in the Authorization header',
      endpoint: 'readProtected',
      about:
        'The token from the cookie, sent as `Authorization: Bearer`. It is refused, because a token works only with the carrier for which it was issued: a token that leaks from a cookie is useless in a header.',
      bearer: 'jwt_cookie',
      tests: [refuses(401, 'token_invalid')],
    }),
    request({
      name: 'A bad header beside a good cookie',
      endpoint: 'readProtected',
      about:
        'If there is a header, the API does not look at the cookie, even if the header is invalid: the caller meant the header.',
      headers: { Authorization: 'Bearer not.a.token', Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [refuses(401, 'token_invalid')],
    }),
    request({
      name: 'Sign out (cookie jar)',
      endpoint: 'endCurrentSession',
      about:
        'Ends the session and clears both cookies. A browser deletes a cookie only if the answer repeats the attributes that it was set with. A page cannot delete it, because scripts cannot reach an HttpOnly cookie.',
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
      about: 'The cookie jar is empty, so the request has no token.',
      cookieJar: true,
      tests: [refuses(401, 'token_missing')],
    }),
    request({
      name: 'A copy of the cookie after signing out (Cookie header)',
      endpoint: 'readProtected',
      about: 'A copy of the cookie does not work any more, because the session has ended on the server.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [refuses(401, 'session_ended')],
    }),
  ],
);
