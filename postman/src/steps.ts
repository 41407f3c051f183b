import { request } from './request.ts';
import { answers, check, isLocatedAt, json, keep, keepUniqueName } from './script.ts';

/** Requests that several folders begin or end with, so that each folder runs by itself. */

export function signInAsAdmin() {
  return request({
    name: 'Sign in as an admin',
    endpoint: 'createToken',
    about:
      'The bearer sign-in with the user of the environment (`{{uid}}`, an admin). The **Scripts** tab stores the token as `{{token}}`: the requests of this folder send it.',
    json: { username: '{{uid}}', password: '{{password}}' },
    tests: [answers(200), keep('token', `${json}.token`), keep('user_id', `${json}.user_id`)],
  });
}

export function signOut() {
  return request({
    name: 'Sign out',
    endpoint: 'endCurrentSession',
    about:
      'Ends the session that the folder began with. The token in `{{token}}` is worth nothing from now on.',
    bearer: 'token',
    tests: [answers(204)],
  });
}

export const memberPassword = 'a throw-away pass phrase';

/** Makes a user for this run, `{{member_uid}}`, whom `deleteMember` removes. */
export function createMember() {
  return request({
    name: 'Make a user for this run',
    endpoint: 'createUser',
    about:
      'The **pre-request script** invents a user id that no run before this one has used, so that the folder can run again and again. The id of the new user is kept as `{{member_id}}`; the last requests of the folder delete it.',
    bearer: 'token',
    before: [keepUniqueName('member_uid')],
    json: { name: 'Postman Member', uid: '{{member_uid}}', password: memberPassword, dob: '1990-05-17' },
    tests: [
      answers(201),
      check('Location leads to the new user', isLocatedAt('readUser')),
      keep('member_id', `${json}.id`),
    ],
  });
}

export function signInAsMember(
  name: string,
  keepAs: { token: string; refreshToken?: string },
  about: string,
) {
  return request({
    name,
    endpoint: 'createToken',
    about,
    json: { username: '{{member_uid}}', password: memberPassword },
    tests: [
      answers(200),
      keep(keepAs.token, `${json}.token`),
      ...(keepAs.refreshToken ? [keep(keepAs.refreshToken, `${json}.refresh_token`)] : []),
    ],
  });
}

export function deleteMember() {
  return request({
    name: 'Delete the user of this run',
    endpoint: 'deleteUser',
    params: { id: '{{member_id}}' },
    about: "Tidies up: with the user go that user's sessions and posts.",
    bearer: 'token',
    tests: [answers(204)],
  });
}
