import { Navigate, Outlet, useLocation } from 'react-router';
import { z } from 'zod';
import { useSessionState } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';

/** Where to go on to after signing in. History entries outlive builds, so it is read as something from outside. */
const LocationState = z.object({ from: z.string().regex(/^\/(?!\/)/) });

/** Leads on to where the visitor was headed, once signed in. */
export function SignedOutOnly() {
  const { status } = useSessionState();
  const { state } = useLocation();
  if (status === 'signed-out') return <Outlet />;
  return <Navigate replace to={LocationState.safeParse(state).data?.from ?? paths.home} />;
}

/** Leads to the sign-in page, and remembers the way here. */
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
