import { Navigate, Outlet, useLocation } from 'react-router';
import { useSessionState } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';
import { readReturnPath, returnTo } from '../return-path.ts';

/** Redirects to the page that was asked for, once the visitor is signed in. */
export function SignedOutOnly() {
  const { status } = useSessionState();
  const { state } = useLocation();
  if (status === 'signed-out') return <Outlet />;
  return <Navigate replace to={readReturnPath(state) ?? paths.home} />;
}

/** Redirects to the sign-in page, which comes back here after the sign-in. */
export function SignedInOnly() {
  const { status } = useSessionState();
  const { pathname, search } = useLocation();
  if (status === 'signed-in') return <Outlet />;
  return <Navigate replace to={paths.signIn} state={returnTo(pathname + search)} />;
}
