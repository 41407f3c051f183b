import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { BrowserRouter, matchPath, Route, Routes, useLocation, useNavigate } from 'react-router';
import { ErrorBoundary } from './pages/errors/error-page.tsx';
import { Frame } from './pages/layout/frame.tsx';
import { SignedInOnly, SignedOutOnly } from './pages/layout/guards.tsx';
import { ListOrForm } from './pages/list-or-form.tsx';
import { paths } from './pages/paths.ts';
import { StorageBanner } from './pages/storage-banner.tsx';
import type { AuthClient } from './session/auth-client.ts';
import { AuthProvider, useSessionState, useStoredSession } from './session/auth-context.tsx';
import { ArrivalContext } from './ui/arrival.ts';
import { lazyPart } from './ui/lazy-part.ts';

const SignInPage = lazyPart(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage');
const SignUpPage = lazyPart(() => import('./pages/sign-in/sign-up-page.tsx'), 'SignUpPage');
const WelcomePage = lazyPart(() => import('./pages/welcome-page.tsx'), 'WelcomePage');
const HomePage = lazyPart(() => import('./pages/home/home-page.tsx'), 'HomePage');
const FeedPage = lazyPart(() => import('./pages/feed/feed-page.tsx'), 'FeedPage');
const PostPage = lazyPart(() => import('./pages/feed/post-page.tsx'), 'PostPage');
const PlayersPage = lazyPart(() => import('./pages/players/players-page.tsx'), 'PlayersPage');
const NewPlayerPage = lazyPart(() => import('./pages/players/new-player-page.tsx'), 'NewPlayerPage');
const UsersPage = lazyPart(() => import('./pages/users/users-page.tsx'), 'UsersPage');
const NewUserPage = lazyPart(() => import('./pages/users/new-user-page.tsx'), 'NewUserPage');
const EditUserPage = lazyPart(() => import('./pages/users/edit-user-page.tsx'), 'EditUserPage');
const UserPage = lazyPart(() => import('./pages/users/user-page.tsx'), 'UserPage');
const AccountPage = lazyPart(() => import('./pages/account/account-page.tsx'), 'AccountPage');
const InspectorPage = lazyPart(() => import('./pages/inspector/inspector-page.tsx'), 'InspectorPage');
const FlowsPage = lazyPart(() => import('./pages/flows/flows-page.tsx'), 'FlowsPage');
const ExchangesPage = lazyPart(() => import('./pages/exchanges/exchanges-page.tsx'), 'ExchangesPage');
const LabPage = lazyPart(() => import('./pages/lab/lab-page.tsx'), 'LabPage');
const DoctorPage = lazyPart(() => import('./pages/doctor/doctor-page.tsx'), 'DoctorPage');
const CausePage = lazyPart(() => import('./pages/doctor/cause-page.tsx'), 'CausePage');
const AuditPage = lazyPart(() => import('./pages/audit/audit-page.tsx'), 'AuditPage');
const NotFoundPage = lazyPart(() => import('./pages/errors/not-found-page.tsx'), 'NotFoundPage');

/** The page at each path. A form's comes before that of a user, whose path would match it too. */
const pages = {
  everyone: [
    [paths.inspector, InspectorPage],
    [paths.exchanges, ExchangesPage],
    [paths.exchange, ExchangesPage],
    [paths.flows, FlowsPage],
    [paths.lab, LabPage],
    [paths.doctor, DoctorPage],
    [paths.cause, CausePage],
  ],
  signedOut: [
    [paths.signIn, SignInPage],
    [paths.signUp, SignUpPage],
  ],
  signedIn: [
    [paths.feed, FeedPage],
    [paths.post, PostPage],
    [paths.players, PlayersPage],
    [paths.newPlayer, NewPlayerPage],
    [paths.users, UsersPage],
    [paths.newUser, NewUserPage],
    [paths.editUser, EditUserPage],
    [paths.user, UserPage],
    [paths.account, AccountPage],
    [paths.devices, AccountPage],
    [paths.audit, AuditPage],
  ],
} as const;

/** Begins to load the page that this visitor will see at the path, before the app can be drawn. */
export function loadPage(pathname: string, isSignedIn: boolean): void {
  pageAt(pathname, isSignedIn)?.load();
}

function pageAt(pathname: string, isSignedIn: boolean) {
  if (pathname === paths.home) return isSignedIn ? HomePage : WelcomePage;
  const pageIn = (some: (typeof pages)[keyof typeof pages]) =>
    some.find(([path]) => matchPath(path, pathname))?.[1];
  if (isSignedIn) return pageIn(pages.everyone) ?? pageIn(pages.signedIn);
  // Who is signed out is asked to sign in first.
  return pageIn(pages.everyone) ?? pageIn(pages.signedOut) ?? (pageIn(pages.signedIn) && SignInPage);
}

export function App({ auth, queryClient }: { auth: AuthClient; queryClient: QueryClient }) {
  const hasArrived = useRef(false);
  return (
    <ErrorBoundary>
      <AuthProvider auth={auth}>
        <QueryClientProvider client={queryClient}>
          <StorageBanner />
          <ArrivalContext value={hasArrived}>
            <BrowserRouter>
              <Pages />
            </BrowserRouter>
          </ArrivalContext>
        </QueryClientProvider>
      </AuthProvider>
    </ErrorBoundary>
  );
}

/** All routes. */
function Pages() {
  const session = useStoredSession();
  useSignInPageAfterSignOut();
  // The key remounts all pages at a new sign-in, so that no page keeps the state of another user.
  return (
    <Routes key={session?.signInId ?? ''}>
      <Route element={<Frame />}>
        <Route path={paths.home} element={session ? <HomePage /> : <WelcomePage />} />
        <Route path={paths.inspector} element={<InspectorPage />} />
        <Route path={paths.exchanges} element={<ExchangesPage />} />
        <Route path={paths.exchange} element={<ExchangesPage />} />
        <Route path={paths.flows} element={<FlowsPage />} />
        <Route path={paths.lab} element={<LabPage />} />
        <Route path={paths.doctor} element={<DoctorPage />} />
        <Route path={paths.cause} element={<CausePage />} />
        <Route element={<SignedOutOnly />}>
          <Route path={paths.signIn} element={<SignInPage />} />
          <Route path={paths.signUp} element={<SignUpPage />} />
        </Route>
        <Route element={<SignedInOnly />}>
          <Route path={paths.feed} element={<FeedPage />} />
          <Route path={paths.post} element={<PostPage />} />
          <Route path={paths.players} element={<ListOrForm list={<PlayersPage />} />}>
            <Route path={paths.newPlayer} element={<NewPlayerPage />} />
          </Route>
          <Route path={paths.users} element={<ListOrForm list={<UsersPage />} />}>
            <Route path={paths.newUser} element={<NewUserPage />} />
            <Route path={paths.editUser} element={<EditUserPage />} />
          </Route>
          <Route path={paths.user} element={<UserPage />} />
          <Route path={paths.account} element={<AccountPage />}>
            <Route path={paths.devices} element={null} />
          </Route>
          <Route path={paths.audit} element={<AuditPage />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

/** The overview is there for visitors, too, so no guard leads away from it: a session that ends there needs its reason. */
function useSignInPageAfterSignOut() {
  const { status } = useSessionState();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const wasSignedIn = useRef(status === 'signed-in');
  useEffect(() => {
    if (wasSignedIn.current && status === 'signed-out' && pathname === paths.home)
      navigate(paths.signIn, { replace: true });
    wasSignedIn.current = status === 'signed-in';
  }, [status, pathname, navigate]);
}
