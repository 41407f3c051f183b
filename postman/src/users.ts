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
  `Create, read, change and delete users. Everybody who is signed in may read; to change somebody one must be that user, or an admin. Birth dates are for oneself and for admins.

The folder makes two users of its own and deletes them again.`,
  [
    signInAsAdmin(),
    createMember(),
    request({
      name: 'Sign up',
      endpoint: 'signUp',
      about:
        'Makes an account for oneself: no token is needed. Where the server runs with `SIGNUP=closed` the answer is 403; set the variable `signup` to `closed` for such a server.',
      before: [keepUniqueName('newcomer_uid')],
      json: { name: 'Postman Newcomer', uid: '{{newcomer_uid}}', password: memberPassword },
      tests: [
        "const isOpen = pm.variables.get('signup') === 'open';",
        "pm.test('answers 201, or 403 where signing up is closed', () => pm.response.to.have.status(isOpen ? 201 : 403));",
        check(
          'the password does not come back, and nobody becomes an admin',
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
        'Lists are arrays, paged by key. `limit` says how many (100 unless given, 500 at most). The header `Link: <…>; rel="next"` leads to the next page, and its absence says that this was the last. The script stores the cursor as `{{next_page}}`.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'one user, and more to come',
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
      about: 'The cursor is opaque: take it from `Link` as it is, and do not make one up.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'the page goes on after the first',
          `pm.expect(${json}[0].id).to.be.above(Number(pm.variables.get('first_id')));`,
        ),
      ],
    }),
    request({
      name: 'Find users',
      endpoint: 'listUsers',
      query: { q: '{{member_uid}}' },
      about: '`q` is a prefix of a user id or of a name, in any case.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'exactly the one',
          `pm.expect(${json}.map((user) => user.uid)).to.eql([pm.variables.get('member_uid')]);`,
        ),
      ],
    }),
    request({
      name: 'Read a user',
      endpoint: 'readUser',
      params: { id: '{{member_id}}' },
      about: 'An admin sees the date of birth, and the age that follows from it.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'with date of birth and age',
          `pm.expect(${json}.dob).to.eql('1990-05-17');`,
          `pm.expect(${json}.age).to.be.above(30);`,
        ),
        check('never the password', "pm.expect(pm.response.text()).to.not.include('password');"),
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
          'the name is new, the date of birth is not',
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
        'PUT replaces: what is left out is gone. This one has no `dob`, so the user has none afterwards.',
      bearer: 'token',
      json: { name: 'Postman Replaced', uid: '{{member_uid}}' },
      tests: [
        answers(200),
        check(
          'the date of birth is gone',
          `pm.expect(${json}.name).to.eql('Postman Replaced');`,
          `pm.expect(${json}.dob).to.eql(null);`,
        ),
      ],
    }),
    signInAsMember(
      'Sign in as that user',
      { token: 'member_token' },
      'The user has a token of their own now, kept as `{{member_token}}`.',
    ),
    request({
      name: 'Read oneself',
      endpoint: 'readMe',
      about: '`me` is whoever the token stands for.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check('it is the user of this run', `pm.expect(${json}.uid).to.eql(pm.variables.get('member_uid'));`),
      ],
    }),
    request({
      name: 'Read somebody else: no birth date',
      endpoint: 'readUser',
      params: { id: '{{user_id}}' },
      about:
        'Reading is for everybody who is signed in. The birth date of somebody else is not in the answer at all.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'neither date of birth nor age',
          `pm.expect(${json}).to.not.have.any.keys('dob', 'age', 'password');`,
        ),
      ],
    }),
    request({
      name: 'Change somebody else: refused',
      endpoint: 'updateUser',
      params: { id: '{{user_id}}' },
      about: 'Only that user and admins may.',
      bearer: 'member_token',
      json: { name: 'Not for you' },
      tests: [refuses(403, 'forbidden')],
    }),
    request({
      name: 'Change the password',
      endpoint: 'changePassword',
      about:
        "Takes the present password too: whoever finds an unlocked screen must not be able to take the account over. It ends the user's other sessions.",
      bearer: 'member_token',
      json: { current_password: memberPassword, new_password: newPassword },
      tests: [answers(204)],
    }),
    request({
      name: 'Sign in with the new password',
      endpoint: 'createToken',
      about: 'The old password does not work any more; this is the new one.',
      json: { username: '{{member_uid}}', password: newPassword },
      tests: [answers(200)],
    }),
    deleteMember(),
    request({
      name: 'The deleted user is not found',
      endpoint: 'readUser',
      params: { id: '{{member_id}}' },
      about: 'Deleted is deleted.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    request({
      name: "The deleted user's token",
      endpoint: 'readProtected',
      about: 'With a user go the sessions: the token is refused on the very next request.',
      bearer: 'member_token',
      tests: [refuses(401, 'session_ended')],
    }),
    request({
      name: 'Delete the newcomer',
      endpoint: 'deleteUser',
      params: { id: '{{newcomer_id}}' },
      about: 'Tidies up after *Sign up*. Skipped where signing up is closed.',
      bearer: 'token',
      before: ["if (!pm.variables.get('newcomer_id')) pm.execution.skipRequest();"],
      tests: [answers(204)],
    }),
    signOut(),
  ],
);
