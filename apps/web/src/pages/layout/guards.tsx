import { Navigate, Outlet, useLocation } from 'react-router';
import { z } from 'zod';
import { useSessionState } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';

/** The page to open after the sign-in. Parsed, because a history entry may come from an older build. */
const LocationState = z.object({ from: z.string().regex(/^\/(?!\/)/) });

/** Redirects to the page that was asked for, once the visitor is signed in. */
export function SignedOutOnly() {
  const { status } = useSessionState();
  const { state } = useLocation();
  if (status === 'signed-out') return <Outlet />;
  return <Navigate replace to={LocationState.safeParse(state).data?.from ?? paths.home} />;
}

/** Redirects to the sign-in page, which comes back here after the sign-in. */
export function SignedInOnly() {
  const { status } = useSessionState();
  const { pathname, search } = useLocation();
  if (status === 'signed-in') return <Outlet />;
  return (
    <Navigate
      replace
      to={paths.signIn}
      state={{ from: pathname + search } satisfies z.infer<typeof LocationState>}
    />
  );
}
