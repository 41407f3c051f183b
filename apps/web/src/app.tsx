import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { ErrorBoundary } from './pages/errors/error-page.tsx';
import { SignedInOnly, SignedOutOnly } from './pages/layout/guards.tsx';
import { paths } from './pages/paths.ts';
import { StorageBanner } from './pages/storage-banner.tsx';
import type { AuthClient } from './session/auth-client.ts';
import { AuthProvider, useStoredSession } from './session/auth-context.tsx';
import { lazyPart } from './ui/lazy-part.ts';

const SignInPage = lazyPart(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage');
const SignUpPage = lazyPart(() => import('./pages/sign-in/sign-up-page.tsx'), 'SignUpPage');
const SignedInLayout = lazyPart(() => import('./pages/layout/signed-in-layout.tsx'), 'SignedInLayout');
const HomePage = lazyPart(() => import('./pages/home/home-page.tsx'), 'HomePage');
const FeedPage = lazyPart(() => import('./pages/feed/feed-page.tsx'), 'FeedPage');
const PlayersPage = lazyPart(() => import('./pages/players/players-page.tsx'), 'PlayersPage');
const UsersPage = lazyPart(() => import('./pages/users/users-page.tsx'), 'UsersPage');
const UserPage = lazyPart(() => import('./pages/users/user-page.tsx'), 'UserPage');
const AccountPage = lazyPart(() => import('./pages/account/account-page.tsx'), 'AccountPage');
const AuditPage = lazyPart(() => import('./pages/audit/audit-page.tsx'), 'AuditPage');
const NotFoundPage = lazyPart(() => import('./pages/errors/not-found-page.tsx'), 'NotFoundPage');

export function App({ auth, queryClient }: { auth: AuthClient; queryClient: QueryClient }) {
  return (
    <ErrorBoundary>
      <AuthProvider auth={auth}>
        <QueryClientProvider client={queryClient}>
          <StorageBanner />
          <BrowserRouter>
            <Suspense>
              <Pages />
            </Suspense>
          </BrowserRouter>
        </QueryClientProvider>
      </AuthProvider>
    </ErrorBoundary>
  );
}

/** All routes. */
function Pages() {
  // The key remounts all pages at a new sign-in, so that no page keeps the state of another user.
  const signInId = useStoredSession()?.signInId ?? '';
  return (
    <Routes key={signInId}>
      <Route element={<SignedOutOnly />}>
        <Route path={paths.signIn} element={<SignInPage />} />
        <Route path={paths.signUp} element={<SignUpPage />} />
      </Route>
      <Route element={<SignedInOnly />}>
        <Route element={<SignedInLayout />}>
          <Route path={paths.home} element={<HomePage />} />
          <Route path={paths.feed} element={<FeedPage />} />
          <Route path={paths.players} element={<PlayersPage />}>
            <Route path={paths.newPlayer} element={null} />
          </Route>
          <Route path={paths.users} element={<UsersPage />}>
            <Route path={paths.newUser} element={null} />
            <Route path={paths.editUser} element={null} />
          </Route>
          <Route path={paths.user} element={<UserPage />} />
          <Route path={paths.account} element={<AccountPage />} />
          <Route path={paths.audit} element={<AuditPage />} />
        </Route>
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
