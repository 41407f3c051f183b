import { folder, request } from './request.ts';
import { answers, check, json, keep, keepCookie, refuses, setCookie } from './script.ts';
import {
  createMember,
  deleteMember,
  memberPassword,
  signInAsAdmin,
  signInAsMember,
  signOut,
} from './steps.ts';

export const sessions = folder(
  'Sessions',
  `One sign-in on one device is one session, in either flow. An access token lives for an hour at most; a **refresh token** exchanges it for the next one, and is itself exchanged each time.

The exchange makes theft visible: if a refresh token arrives that was exchanged before, somebody has a copy of it. The folder *Errors* shows what happens then.`,
  [
    signInAsAdmin(),
    createMember(),
    signInAsMember(
      'Sign in on the first device',
      { token: 'member_token', refreshToken: 'member_refresh_token' },
      'The user of this run signs in twice. This is the first session.',
    ),
    signInAsMember(
      'Sign in on the second device',
      { token: 'other_token' },
      'The same user, another session, another token.',
    ),
    request({
      name: 'List my sessions',
      endpoint: 'listSessions',
      about: 'All live sessions, newest first. The session of this request has `current: true`.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'there are two bearer sessions, and one of them is current',
          `pm.expect(${json}).to.have.lengthOf(2);`,
          `pm.expect(${json}.map((session) => session.carrier)).to.eql(['bearer', 'bearer']);`,
          `pm.expect(${json}.filter((session) => session.current)).to.have.lengthOf(1);`,
        ),
        keep('other_session_id', `${json}.find((session) => !session.current).id`),
      ],
    }),
    request({
      name: 'Renew (bearer)',
      endpoint: 'refreshSession',
      about: 'Exchanges the refresh token for a new access token and the next refresh token.',
      before: [
        "pm.collectionVariables.set('used_refresh_token', pm.collectionVariables.get('member_refresh_token'));",
      ],
      json: { refresh_token: '{{member_refresh_token}}' },
      tests: [
        answers(200),
        check(
          'both tokens are new',
          `pm.expect(${json}.token).to.not.eql(pm.variables.get('member_token'));`,
          `pm.expect(${json}.refresh_token).to.not.eql(pm.variables.get('used_refresh_token'));`,
        ),
        keep('member_token', `${json}.token`),
        keep('member_refresh_token', `${json}.refresh_token`),
      ],
    }),
    request({
      name: 'Renew once more with the same refresh token',
      endpoint: 'refreshSession',
      about:
        'Two tabs renew at once, or an answer is lost: then the same refresh token arrives twice within a few seconds. Both answers have the same successor, and the user stays signed in.',
      json: { refresh_token: '{{used_refresh_token}}' },
      tests: [
        answers(200),
        check(
          'the successor is the same',
          `pm.expect(${json}.refresh_token).to.eql(pm.variables.get('member_refresh_token'));`,
        ),
      ],
    }),
    request({
      name: 'The renewed token',
      endpoint: 'readProtected',
      about: 'The new access token works.',
      bearer: 'member_token',
      tests: [answers(200)],
    }),
    request({
      name: 'End the session on the second device',
      endpoint: 'endSession',
      params: { id: '{{other_session_id}}' },
      about: 'The first device ends it, for example because the second one is lost.',
      bearer: 'member_token',
      tests: [answers(204)],
    }),
    request({
      name: 'The second device is signed out',
      endpoint: 'readProtected',
      about: 'Its next request is refused.',
      bearer: 'other_token',
      tests: [refuses(401, 'session_ended')],
    }),
    request({
      name: "Somebody else's session",
      endpoint: 'endSession',
      params: { id: '{{other_session_id}}' },
      about:
        'The answer is 404 both for a session that has ended and for a session of another user, so that it reveals nothing.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: 'Sign in by cookie (cookie jar)',
      endpoint: 'authenticateUser',
      about:
        'The same user in the other flow. The refresh token is in a cookie of its own, which travels to `/api/sessions` only.',
      cookieJar: true,
      json: { uid: '{{member_uid}}', password: memberPassword },
      tests: [answers(200), keepCookie('refresh_cookie', 'refresh_cookie_name')],
    }),
    request({
      name: 'Renew (cookie jar)',
      endpoint: 'refreshSession',
      about:
        'The request has no body, because the refresh cookie identifies the session. The answer sets both cookies again, and has no token in its body.',
      cookieJar: true,
      tests: [
        answers(200),
        check(
          'both cookies are new',
          `pm.expect(${setCookie('jwt_cookie_name')}).to.be.a('string');`,
          `pm.expect(${setCookie('refresh_cookie_name')}).to.not.include(pm.variables.get('refresh_cookie'));`,
        ),
        check(
          'the body contains no token',
          'pm.expect(pm.response.text()).to.not.match(/eyJ[A-Za-z0-9_-]+\\./);',
        ),
        keepCookie('refresh_cookie', 'refresh_cookie_name'),
      ],
    }),
    request({
      name: 'Renew (Cookie header)',
      endpoint: 'refreshSession',
      about: 'The same request with the header written by hand.',
      headers: { Cookie: '{{refresh_cookie_name}}={{refresh_cookie}}' },
      tests: [answers(200), keepCookie('jwt_cookie', 'jwt_cookie_name')],
    }),
    request({
      name: 'End my other sessions (Cookie header)',
      endpoint: 'endOtherSessions',
      about: 'On every device but this one. The answer says how many sessions there were.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [
        answers(200),
        check('they are counted', 'pm.expect(pm.response.json().ended).to.be.a("number");'),
      ],
    }),
    request({
      name: 'End all my sessions (Cookie header)',
      endpoint: 'endSessions',
      about: 'Ends the sessions on all devices, this one included.',
      headers: { Cookie: '{{jwt_cookie_name}}={{jwt_cookie}}' },
      tests: [
        answers(204),
        check('the cookie is cleared', `pm.expect(${setCookie('jwt_cookie_name')}).to.include('Max-Age=0');`),
      ],
    }),
    request({
      name: 'The first device is signed out too',
      endpoint: 'readProtected',
      about:
        'Its session was a bearer session and has ended too, because both flows use the same kind of session.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    request({
      name: 'Empty the cookie jar',
      endpoint: 'endCurrentSession',
      about:
        'Signing out always answers 204, even if the session has ended before, so that a browser can delete its cookies.',
      cookieJar: true,
      tests: [answers(204)],
    }),
    request({
      name: 'Sign out with a broken token',
      endpoint: 'endCurrentSession',
      about: 'An invalid token gets 204 as well.',
      headers: { Authorization: 'Bearer broken' },
      tests: [answers(204)],
    }),
    signInAsMember('Sign in once more', { token: 'member_token' }, 'The admin ends this session next.'),
    request({
      name: "End all of a user's sessions",
      endpoint: 'endUserSessions',
      params: { id: '{{member_id}}' },
      about: 'For admins. The account remains, and everybody who is signed in to it is signed out.',
      bearer: 'token',
      tests: [answers(204)],
    }),
    request({
      name: 'That user is signed out',
      endpoint: 'readProtected',
      about: 'The next request of that user is refused.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    deleteMember(),
    signOut(),
  ],
);
