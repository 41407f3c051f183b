/** Every path of the app, spelled once. */
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
