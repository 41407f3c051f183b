import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { ErrorBoundary } from './pages/errors/error-page.tsx';
import { SignedInOnly, SignedOutOnly } from './pages/layout/guards.tsx';
import { paths } from './pages/paths.ts';
import type { AuthClient } from './session/auth-client.ts';
import { AuthProvider, useStoredSession } from './session/auth-context.tsx';

const SignInPage = lazy(() =>
  import('./pages/sign-in/sign-in-page.tsx').then((module) => ({ default: module.SignInPage })),
);
const SignUpPage = lazy(() =>
  import('./pages/sign-in/sign-up-page.tsx').then((module) => ({ default: module.SignUpPage })),
);
const SignedInLayout = lazy(() =>
  import('./pages/layout/signed-in-layout.tsx').then((module) => ({ default: module.SignedInLayout })),
);
const HomePage = lazy(() =>
  import('./pages/home/home-page.tsx').then((module) => ({ default: module.HomePage })),
);
const FeedPage = lazy(() =>
  import('./pages/feed/feed-page.tsx').then((module) => ({ default: module.FeedPage })),
);
const PlayersPage = lazy(() =>
  import('./pages/players/players-page.tsx').then((module) => ({ default: module.PlayersPage })),
);
const UsersPage = lazy(() =>
  import('./pages/users/users-page.tsx').then((module) => ({ default: module.UsersPage })),
);
const AccountPage = lazy(() =>
  import('./pages/account/account-page.tsx').then((module) => ({ default: module.AccountPage })),
);
const AuditPage = lazy(() =>
  import('./pages/audit-page.tsx').then((module) => ({ default: module.AuditPage })),
);
const NotFoundPage = lazy(() =>
  import('./pages/errors/not-found-page.tsx').then((module) => ({ default: module.NotFoundPage })),
);

export function App({ auth, queryClient }: { auth: AuthClient; queryClient: QueryClient }) {
  return (
    <ErrorBoundary>
      <AuthProvider auth={auth}>
        <QueryClientProvider client={queryClient}>
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

/** Every route there is. */
function Pages() {
  // Another sign-in gets pages of its own: nothing that one user's page holds is shown to the next.
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
          <Route path={paths.players} element={<PlayersPage />} />
          <Route path={paths.users} element={<UsersPage />} />
          <Route path={paths.account} element={<AccountPage />} />
          <Route path={paths.audit} element={<AuditPage />} />
        </Route>
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
