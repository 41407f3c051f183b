import { folder, request } from './request.ts';
import { answers, check, json, keep, keepNextPage, keepUniqueName, refuses } from './script.ts';
import {
  createMember,
  deleteMember,
  memberPassword,
  signInAsAdmin,
  signInAsMember,
  signOut,
} from './steps.ts';

const newPassword = 'another throw-away phrase';

export const users = folder(
  'Users',
  `Create, read, change and delete users. Every signed-in user can read. Users change themselves, and admins change everybody. Only the user and admins see a date of birth.

The folder makes two users of its own and deletes them again.`,
  [
    signInAsAdmin(),
    createMember(),
    request({
      name: 'Sign up',
      endpoint: 'signUp',
      about:
        'Creates an account without a token. A server with `SIGNUP=closed` answers 403. For such a server set the variable `signup` to `closed`.',
      before: [keepUniqueName('newcomer_uid')],
      json: { name: 'Postman Newcomer', uid: '{{newcomer_uid}}', password: memberPassword },
      tests: [
        "const isOpen = pm.variables.get('signup') === 'open';",
        "pm.test('answers 201, or 403 where signing up is closed', () => pm.response.to.have.status(isOpen ? 201 : 403));",
        check(
          'the answer has no password, and the new user is no admin',
          `if (!isOpen) return pm.expect(${json}.code).to.eql('forbidden');`,
          `pm.expect(${json}).to.not.have.property('password');`,
          `pm.expect(${json}.role).to.eql('user');`,
        ),
        keep('newcomer_id', `isOpen ? ${json}.id : ''`),
      ],
    }),
    request({
      name: 'List users, a page at a time',
      endpoint: 'listUsers',
      query: { limit: 1 },
      about:
        'Lists are arrays, one page at a time. `limit` is the size of a page (100 by default, 500 at most). The header `Link: <…>; rel="next"` has the address of the next page. The last page has no such header. The script stores the cursor as `{{next_page}}`.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'one user, and a next page',
          `pm.expect(${json}).to.have.lengthOf(1);`,
          "pm.expect(pm.response.headers.get('Link')).to.include('rel=\"next\"');",
        ),
        keep('first_id', `${json}[0].id`),
        keepNextPage('next_page'),
      ],
    }),
    request({
      name: 'List users, the next page',
      endpoint: 'listUsers',
      query: { limit: 1, after: '{{next_page}}' },
      about: 'The cursor is opaque: use it as it is in `Link`.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'the page continues after the first user',
          `pm.expect(${json}[0].id).to.be.above(Number(pm.variables.get('first_id')));`,
        ),
      ],
    }),
    request({
      name: 'Find users',
      endpoint: 'listUsers',
      query: { q: '{{member_uid}}' },
      about:
        '`q` is a prefix of the user id or of any word of the name, in any case. What matched decides the order.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'the list has exactly that user',
          `pm.expect(${json}.map((user) => user.uid)).to.eql([pm.variables.get('member_uid')]);`,
        ),
      ],
    }),
    request({
      name: 'List the newest users',
      endpoint: 'listUsers',
      query: { sort: 'newest', role: 'user', limit: 1 },
      about: '`sort` is `name` or `newest`; without it users are sorted by id. `role` is `user` or `admin`.',
      bearer: 'token',
      tests: [
        answers(200),
        check('only users without the admin role', `pm.expect(${json}[0].role).to.eql('user');`),
      ],
    }),
    request({
      name: 'Count users',
      endpoint: 'countUsers',
      query: { q: '{{member_uid}}' },
      about:
        'How many users a list with the same `q` and `role` has. Users are counted to 10 000; `more` is true if there are more.',
      bearer: 'token',
      tests: [
        answers(200),
        check('exactly one user has this user id', `pm.expect(${json}).to.eql({ count: 1, more: false });`),
      ],
    }),
    request({
      name: 'Read what a user has and did',
      endpoint: 'readUserActivity',
      params: { id: '{{member_id}}' },
      about: 'For an admin, and for oneself: the last sign-in, and how many sessions and posts there are.',
      bearer: 'token',
      tests: [answers(200), check('the new user has no posts', `pm.expect(${json}.posts).to.eql(0);`)],
    }),
    request({
      name: 'Read a user',
      endpoint: 'readUser',
      params: { id: '{{member_id}}' },
      about: 'An admin sees the date of birth and the age.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'with date of birth and age',
          `pm.expect(${json}.dob).to.eql('1990-05-17');`,
          `pm.expect(${json}.age).to.be.above(30);`,
        ),
        check('the answer has no password', "pm.expect(pm.response.text()).to.not.include('password');"),
      ],
    }),
    request({
      name: 'Change some of a user',
      endpoint: 'updateUser',
      params: { id: '{{member_id}}' },
      about: 'PATCH changes what it names and leaves the rest.',
      bearer: 'token',
      json: { name: 'Postman Renamed' },
      tests: [
        answers(200),
        check(
          'the name has changed and the date of birth has not',
          `pm.expect(${json}.name).to.eql('Postman Renamed');`,
          `pm.expect(${json}.dob).to.eql('1990-05-17');`,
        ),
      ],
    }),
    request({
      name: 'Replace a user',
      endpoint: 'replaceUser',
      params: { id: '{{member_id}}' },
      about:
        'PUT replaces the user: a member that is left out is removed. This request has no `dob`, so the user has none afterwards.',
      bearer: 'token',
      json: { name: 'Postman Replaced', uid: '{{member_uid}}' },
      tests: [
        answers(200),
        check(
          'the user has no date of birth',
          `pm.expect(${json}.name).to.eql('Postman Replaced');`,
          `pm.expect(${json}.dob).to.eql(null);`,
        ),
      ],
    }),
    signInAsMember(
      'Sign in as that user',
      { token: 'member_token' },
      'The script stores the token of this user as `{{member_token}}`.',
    ),
    request({
      name: 'Read the signed-in user',
      endpoint: 'readMe',
      about: '`me` is the user to whom the token belongs.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check('it is the user of this run', `pm.expect(${json}.uid).to.eql(pm.variables.get('member_uid'));`),
      ],
    }),
    request({
      name: 'Read another user: no date of birth',
      endpoint: 'readUser',
      params: { id: '{{user_id}}' },
      about: 'Every signed-in user can read other users. The answer does not contain their date of birth.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'the answer has neither date of birth nor age',
          `pm.expect(${json}).to.not.have.any.keys('dob', 'age', 'password');`,
        ),
      ],
    }),
    request({
      name: 'Change another user: refused',
      endpoint: 'updateUser',
      params: { id: '{{user_id}}' },
      about: 'Only that user and admins can change a user.',
      bearer: 'member_token',
      json: { name: 'Not for you' },
      tests: [refuses(403, 'forbidden')],
    }),
    request({
      name: 'Change the password',
      endpoint: 'changePassword',
      about:
        "Needs the current password too, so that a stranger at an unlocked screen cannot take over the account. It ends all of the user's sessions and begins a new one, whose tokens are in the answer: a thief who has a copy of the old ones is out.",
      bearer: 'member_token',
      json: { current_password: memberPassword, new_password: newPassword },
      tests: [
        answers(200),
        check(
          'the new token is not the old one',
          `pm.expect(${json}.token).to.not.eql(pm.variables.get('member_token'));`,
        ),
        keep('former_token', "pm.variables.get('member_token')"),
        keep('member_token', `${json}.token`),
      ],
    }),
    request({
      name: 'The token from before the change: refused',
      endpoint: 'readProtected',
      about: 'Its session ended with the old password.',
      bearer: 'former_token',
      tests: [refuses(401, 'session_ended')],
    }),
    request({
      name: 'Sign in with the new password',
      endpoint: 'createToken',
      about: 'The old password does not work any more. This request uses the new one.',
      json: { username: '{{member_uid}}', password: newPassword },
      tests: [answers(200)],
    }),
    request({
      name: 'Change one’s own user ID',
      endpoint: 'updateUser',
      params: { id: '{{member_id}}' },
      about:
        'The user id is what one signs in with, so changing one’s own takes the current password. Here it is wrong, and nothing changes.',
      bearer: 'member_token',
      json: { uid: '{{member_uid}}-2', current_password: 'not the password' },
      tests: [refuses(401, 'credentials_invalid')],
    }),
    request({
      name: 'Set the password of another user',
      endpoint: 'setPassword',
      params: { id: '{{member_id}}' },
      about:
        'For admins, when a user has forgotten theirs. It ends all sessions of the user. To change your own password, use *Change the password*.',
      bearer: 'token',
      json: { new_password: memberPassword },
      tests: [answers(204)],
    }),
    signInAsMember(
      'Sign in with the password that the admin set',
      { token: 'member_token' },
      'The sessions from before have ended.',
    ),
    deleteMember(),
    request({
      name: 'The deleted user is not found',
      endpoint: 'readUser',
      params: { id: '{{member_id}}' },
      about: 'The user does not exist any more.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: "The deleted user's token",
      endpoint: 'readProtected',
      about:
        'The sessions of a user are deleted with the user, so the next request with the token is refused.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    request({
      name: 'Delete the newcomer',
      endpoint: 'deleteUser',
      params: { id: '{{newcomer_id}}' },
      about:
        'Cleans up after *Sign up*. The request is skipped if signing up is closed. With `{"current_password": …}` as its body, the API checks your own password first.',
      bearer: 'token',
      before: ["if (!pm.variables.get('newcomer_id')) pm.execution.skipRequest();"],
      tests: [answers(204)],
    }),
    signOut(),
  ],
);
