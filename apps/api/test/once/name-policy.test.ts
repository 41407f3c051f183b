import { expect, test } from 'vitest';
import { refuseLookAlikes } from '../../src/auth/name-policy.ts';

const mixed = 't\u043eby';
const hidden = 'To\u200dm';

test('what does not change passes, also what no new user could have', () => {
  expect(() => refuseLookAlikes({}, { name: hidden, uid: mixed })).not.toThrow();
  expect(() => refuseLookAlikes({ name: hidden, uid: mixed }, { name: hidden, uid: mixed })).not.toThrow();
  expect(() => refuseLookAlikes({ name: 'Tom', uid: 'toby' }, { name: hidden, uid: mixed })).not.toThrow();
});

test.each([
  [
    { name: hidden, uid: 'tom' },
    'name',
    'Name has an invisible character, or one that changes the direction of the text',
  ],
  [{ name: 'Tom', uid: mixed }, 'uid', 'User ID has letters of more than one script'],
])('a change to what no new user could have is refused: %j', (changes, path, message) => {
  expect(() => refuseLookAlikes(changes, { name: 'Thomas', uid: 'toby' })).toThrow(
    expect.objectContaining({ code: 'invalid_request', message, issues: [{ path, message }] }),
  );
});
