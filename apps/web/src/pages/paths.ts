/** The paths of all pages; no other file contains one. */
export const paths = {
  home: '/',
  feed: '/feed',
  post: '/feed/:id',
  players: '/players',
  newPlayer: '/players/new',
  users: '/users',
  newUser: '/users/new',
  user: '/users/:id',
  editUser: '/users/:id/edit',
  account: '/account',
  devices: '/account/devices',
  audit: '/audit',
  cause: '/doctor/causes/:id',
  doctor: '/doctor',
  flows: '/flows',
  exchanges: '/exchanges',
  exchange: '/exchanges/:id',
  inspector: '/inspector',
  lab: '/lab',
  signIn: '/sign-in',
  signUp: '/sign-up',
} as const;

/**
 * The page that a path belongs to. A dialog or a panel with an address of its own is part of its page, so opening it
 * neither scrolls to the page's top nor moves the focus to its heading. So is a call of the log, beside its list.
 */
export function pageOf(pathname: string): string {
  return pathname
    .replace(/^(\/users|\/players)\/(?:new|\d+\/edit)\/?$/, '$1')
    .replace(/^\/account\/devices\/?$/, paths.account)
    .replace(/^\/exchanges\/[^/]+\/?$/, paths.exchanges);
}
