import { paths } from './pages/paths.ts';

/** The modules of the pages, by the names of their paths; `welcome` is `home` for those who are signed out. */
export const pageModules = {
  welcome: () => import('./pages/welcome-page.tsx'),
  home: () => import('./pages/home/home-page.tsx'),
  feed: () => import('./pages/feed/feed-page.tsx'),
  post: () => import('./pages/feed/post-page.tsx'),
  players: () => import('./pages/players/players-page.tsx'),
  newPlayer: () => import('./pages/players/new-player-page.tsx'),
  users: () => import('./pages/users/users-page.tsx'),
  newUser: () => import('./pages/users/new-user-page.tsx'),
  user: () => import('./pages/users/user-page.tsx'),
  editUser: () => import('./pages/users/edit-user-page.tsx'),
  account: () => import('./pages/account/account-page.tsx'),
  audit: () => import('./pages/audit/audit-page.tsx'),
  cause: () => import('./pages/doctor/cause-page.tsx'),
  doctor: () => import('./pages/doctor/doctor-page.tsx'),
  flows: () => import('./pages/flows/flows-page.tsx'),
  exchanges: () => import('./pages/exchanges/exchanges-page.tsx'),
  inspector: () => import('./pages/inspector/inspector-page.tsx'),
  lab: () => import('./pages/lab/lab-page.tsx'),
  signIn: () => import('./pages/sign-in/sign-in-page.tsx'),
  signUp: () => import('./pages/sign-in/sign-up-page.tsx'),
  notFound: () => import('./pages/not-found/not-found-page.tsx'),
} as const;

/** What the frame of every page shows of a user. */
export const loadUserMenu = () => import('./pages/layout/user-menu.tsx');

export type PageName = keyof typeof pageModules;

/** Paths that a page shares with another. */
const partOf: Partial<Record<keyof typeof paths, PageName>> = { devices: 'account', exchange: 'exchanges' };

const forEveryone: readonly PageName[] = [
  'cause',
  'doctor',
  'flows',
  'exchanges',
  'inspector',
  'lab',
  'notFound',
];
const forSignedOut: readonly PageName[] = ['signIn', 'signUp'];

/** The page that this visitor will see at the path, as the routes and their guards in `app.tsx` decide. */
export function pageNameAt(pathname: string, isSignedIn: boolean): PageName {
  // The first that matches: a form's path comes before that of a user in `paths`, whose pattern matches it, too.
  const key = Object.entries(paths).find(([, path]) => patternOf(path).test(pathname))?.[0] ?? 'notFound';
  const name = partOf[key as keyof typeof paths] ?? (key as PageName); // the keys of `paths` are names or in `partOf`
  if (forEveryone.includes(name)) return name;
  if (isSignedIn) return forSignedOut.includes(name) ? 'home' : name;
  if (name === 'home') return 'welcome';
  // Who is signed out is asked to sign in first.
  return forSignedOut.includes(name) ? name : 'signIn';
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/, '[^/]+')}/?$`);
}
