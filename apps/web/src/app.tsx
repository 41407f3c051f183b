import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { BrowserRouter, Route, Routes, useLocation, useNavigate } from 'react-router';
import { type PageName, pageModules } from './page-modules.ts';
import { ErrorBoundary } from './pages/errors/error-page.tsx';
import { Frame, loadFrame } from './pages/layout/frame.tsx';
import { SignedInOnly, SignedOutOnly } from './pages/layout/guards.tsx';
import { ListOrForm } from './pages/list-or-form.tsx';
import { paths } from './pages/paths.ts';
import { StorageBanner } from './pages/storage-banner.tsx';
import type { AuthClient } from './session/auth-client.ts';
import { AuthProvider, useSessionState, useStoredSession } from './session/auth-context.tsx';
import { ArrivalContext } from './ui/arrival.ts';
import { lazyPart } from './ui/lazy-part.ts';

const parts = {
  welcome: lazyPart(pageModules.welcome, 'WelcomePage'),
  home: lazyPart(pageModules.home, 'HomePage'),
  feed: lazyPart(pageModules.feed, 'FeedPage'),
  post: lazyPart(pageModules.post, 'PostPage'),
  players: lazyPart(pageModules.players, 'PlayersPage'),
  newPlayer: lazyPart(pageModules.newPlayer, 'NewPlayerPage'),
  users: lazyPart(pageModules.users, 'UsersPage'),
  newUser: lazyPart(pageModules.newUser, 'NewUserPage'),
  user: lazyPart(pageModules.user, 'UserPage'),
  editUser: lazyPart(pageModules.editUser, 'EditUserPage'),
  account: lazyPart(pageModules.account, 'AccountPage'),
  audit: lazyPart(pageModules.audit, 'AuditPage'),
  cause: lazyPart(pageModules.cause, 'CausePage'),
  doctor: lazyPart(pageModules.doctor, 'DoctorPage'),
  flows: lazyPart(pageModules.flows, 'FlowsPage'),
  exchanges: lazyPart(pageModules.exchanges, 'ExchangesPage'),
  inspector: lazyPart(pageModules.inspector, 'InspectorPage'),
  lab: lazyPart(pageModules.lab, 'LabPage'),
  signIn: lazyPart(pageModules.signIn, 'SignInPage'),
  signUp: lazyPart(pageModules.signUp, 'SignUpPage'),
  notFound: lazyPart(pageModules.notFound, 'NotFoundPage'),
} as const satisfies Record<PageName, unknown>;

/** Loads the page and the frame around it. */
export async function loadPage(page: PageName, isSignedIn: boolean): Promise<void> {
  await Promise.all([parts[page].load(), loadFrame(isSignedIn)]);
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
        <Route path={paths.home} element={session ? <parts.home /> : <parts.welcome />} />
        <Route path={paths.inspector} element={<parts.inspector />} />
        <Route path={paths.exchanges} element={<parts.exchanges />} />
        <Route path={paths.exchange} element={<parts.exchanges />} />
        <Route path={paths.flows} element={<parts.flows />} />
        <Route path={paths.lab} element={<parts.lab />} />
        <Route path={paths.doctor} element={<parts.doctor />} />
        <Route path={paths.cause} element={<parts.cause />} />
        <Route element={<SignedOutOnly />}>
          <Route path={paths.signIn} element={<parts.signIn />} />
          <Route path={paths.signUp} element={<parts.signUp />} />
        </Route>
        <Route element={<SignedInOnly />}>
          <Route path={paths.feed} element={<parts.feed />} />
          <Route path={paths.post} element={<parts.post />} />
          <Route path={paths.players} element={<ListOrForm list={<parts.players />} />}>
            <Route path={paths.newPlayer} element={<parts.newPlayer />} />
          </Route>
          <Route path={paths.users} element={<ListOrForm list={<parts.users />} />}>
            <Route path={paths.newUser} element={<parts.newUser />} />
            <Route path={paths.editUser} element={<parts.editUser />} />
          </Route>
          <Route path={paths.user} element={<parts.user />} />
          <Route path={paths.account} element={<parts.account />}>
            <Route path={paths.devices} element={null} />
          </Route>
          <Route path={paths.audit} element={<parts.audit />} />
        </Route>
        <Route path="*" element={<parts.notFound />} />
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
