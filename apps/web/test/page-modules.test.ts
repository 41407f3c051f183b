import { expect, test } from 'vitest';
import { pageModules, pageNameAt } from '../src/page-modules.ts';
import { paths } from '../src/pages/paths.ts';

test.each([
  ['/', 'home', 'welcome'],
  ['/feed', 'feed', 'signIn'],
  ['/feed/7', 'post', 'signIn'],
  ['/users/new', 'newUser', 'signIn'],
  ['/users/7', 'user', 'signIn'],
  ['/users/7/', 'user', 'signIn'],
  ['/users/7/edit', 'editUser', 'signIn'],
  ['/account/devices', 'account', 'signIn'],
  ['/exchanges/0198', 'exchanges', 'exchanges'],
  ['/doctor/causes/preflight-refused', 'cause', 'cause'],
  ['/sign-in', 'home', 'signIn'],
  ['/sign-up', 'home', 'signUp'],
  ['/nowhere', 'notFound', 'notFound'],
  ['/users/7/nowhere', 'notFound', 'notFound'],
])('at %s a signed-in visitor sees the page %s, and a signed-out one %s', (path, signedIn, signedOut) => {
  expect(pageNameAt(path, true)).toBe(signedIn);
  expect(pageNameAt(path, false)).toBe(signedOut);
});

test('every path has the page that is loaded early for it', () => {
  for (const path of Object.values(paths)) {
    for (const isSignedIn of [true, false])
      expect(Object.keys(pageModules), path).toContain(pageNameAt(path.replace(':id', '1'), isSignedIn));
  }
});
