import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ThemeToggle } from '../../ui/theme-toggle.tsx';
import { queries, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

/** Who is signed in, by which flow, and the button to sign out. */
export function SignedInUser() {
  const auth = useAuth();
  const me = useQuery(queries.me(useCall()));
  const signOut = useSubmit({ mutationFn: auth.signOut });
  const carrier = useStoredSession()?.carrier;
  return (
    <div className="grid gap-3 border-line border-t pt-4">
      <div className="flex h-10 min-w-0 items-center gap-3">
        {me.data ? <Avatar name={me.data.name} /> : <Skeleton className="size-9 shrink-0 rounded-full" />}
        <div className="min-w-0 grow leading-tight">
          {me.data ? (
            <p className="truncate font-medium text-sm">{me.data.name}</p>
          ) : (
            <Skeleton className="mb-1 h-4 w-24" />
          )}
          {me.data ? (
            <p className="truncate text-muted text-sm">{me.data.uid}</p>
          ) : (
            <Skeleton className="h-4 w-16" />
          )}
        </div>
        {carrier && <Badge>{carrier}</Badge>}
      </div>
      <div className="flex items-center justify-between gap-2">
        <ThemeToggle />
        <Button look="quiet" size="small" busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {!signOut.isPending && <LogOut aria-hidden className="size-4" />}
          Sign out
        </Button>
      </div>
    </div>
  );
}
