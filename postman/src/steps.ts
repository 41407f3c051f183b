import { request } from './request.ts';
import { answers, check, isLocatedAt, json, keep, keepUniqueName } from './script.ts';

/** Requests with which folders begin and end, so that each folder can run alone. */

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
      'Ends the session with which the folder began. From now on the API refuses the token in `{{token}}`.',
    bearer: 'token',
    tests: [answers(204)],
  });
}

export const memberPassword = 'a throw-away pass phrase';

/** Creates the user `{{member_uid}}` for this run; `deleteMember` deletes it. */
export function createMember() {
  return request({
    name: 'Make a user for this run',
    endpoint: 'createUser',
    about:
      'The **pre-request script** invents a user id that no run before this one has used, so that the folder can run again and again. The script stores the id of the new user as `{{member_id}}`. The last requests of the folder delete the user.',
    bearer: 'token',
    before: [keepUniqueName('member_uid')],
    json: { name: 'Postman Member', uid: '{{member_uid}}', password: memberPassword, dob: '1990-05-17' },
    tests: [
      answers(201),
      check('Location is the address of the new user', isLocatedAt('readUser')),
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
    about: 'Cleans up. The sessions and posts of the user are deleted too.',
    bearer: 'token',
    tests: [answers(204)],
  });
}
