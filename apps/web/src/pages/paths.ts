/** Every path of the app, spelled once. */
export const paths = {
  home: '/',
  users: '/users',
  account: '/account',
  audit: '/audit',
  signIn: '/sign-in',
  signUp: '/sign-up',
} as const;
