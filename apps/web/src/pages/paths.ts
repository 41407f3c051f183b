/** The paths of all pages; no other file contains one. */
export const paths = {
  home: '/',
  feed: '/feed',
  players: '/players',
  newPlayer: '/players/new',
  users: '/users',
  newUser: '/users/new',
  user: '/users/:id',
  editUser: '/users/:id/edit',
  account: '/account',
  audit: '/audit',
  flows: '/flows',
  exchanges: '/exchanges',
  exchange: '/exchanges/:id',
  inspector: '/inspector',
  signIn: '/sign-in',
  signUp: '/sign-up',
} as const;

/**
 * The page that a path belongs to. A dialog with an address of its own is part of the page that it opens over, so
 * opening it neither scrolls that page nor moves the focus to its heading.
 */
export function pageOf(pathname: string): string {
  return pathname.replace(/^(\/users|\/players)\/(?:new|\d+\/edit)\/?$/, '$1');
}
