/** The paths of all pages; no other file contains one. */
export const paths = {
  home: '/',
  feed: '/feed',
  players: '/players',
  users: '/users',
  account: '/account',
  audit: '/audit',
  signIn: '/sign-in',
  signUp: '/sign-up',
} as const;
