import { useQuery } from '@tanstack/react-query';
import { CircleUserRound, Keyboard, LogOut, type LucideIcon, MonitorSmartphone } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ThemeToggle } from '../../ui/theme-toggle.tsx';
import { passOffers } from '../../ui/toasts.ts';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';

/** Who is signed in: picture, name, user ID and role. */
export function Person() {
  const { knownRole } = useAuth();
  const ownerId = useStoredSession()?.ownerId;
  const { data: me, isPending } = useQuery(queries.me(useCall()));
  const role = me?.role;
  useEffect(() => {
    if (ownerId !== undefined && role) knownRole.note(ownerId, role === 'admin');
  }, [knownRole, ownerId, role]);
  if (isPending)
    return (
      <>
        <Skeleton shape="circle" className="size-9 shrink-0" />
        <span className="grid h-10 grow content-center gap-1">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-4 w-16" />
        </span>
      </>
    );
  if (!me) return <span className="flex h-10 grow items-center font-medium text-sm">Your account</span>;
  return (
    <>
      <Avatar name={me.name} />
      <span className="grid h-10 min-w-0 grow content-center text-sm leading-tight">
        <span className="truncate font-medium">{me.name}</span>
        <span className="flex text-muted">
          <span className="truncate">{me.uid}</span>
          <span className="shrink-0 whitespace-pre"> · {me.role}</span>
        </span>
      </span>
    </>
  );
}

const rowClass =
  'flex h-9 w-full items-center gap-3 rounded-lg border border-transparent px-3 font-medium text-muted text-sm hover:bg-ink/5 hover:text-ink';

/** What the signed-in user can do from every page. */
export function UserLinks({ onNavigate, onKeys }: { onNavigate: () => void; onKeys: () => void }) {
  const auth = useAuth();
  const signOut = useSubmit({
    mutationFn: async () => {
      // What waits for an Undo needs the session that is about to end.
      await passOffers();
      return auth.signOut();
    },
  });
  const links: readonly [string, string, LucideIcon][] = [
    [paths.account, 'Account', CircleUserRound],
    [paths.devices, 'Devices', MonitorSmartphone],
  ];
  return (
    <div className="grid gap-0.5">
      {links.map(([to, label, Icon]) => (
        <Link key={to} to={to} onClick={onNavigate} className={rowClass}>
          <Icon aria-hidden className="size-4.5" />
          {label}
        </Link>
      ))}
      <div className="flex items-center justify-between gap-3 py-1 pl-3">
        <span className="font-medium text-muted text-sm">Theme</span>
        <ThemeToggle />
      </div>
      <button
        type="button"
        onClick={() => {
          onNavigate();
          onKeys();
        }}
        className={rowClass}
      >
        <Keyboard aria-hidden className="size-4.5" />
        Keyboard shortcuts
      </button>
      <button
        type="button"
        aria-disabled={signOut.isPending || undefined}
        onClick={() => signOut.mutate()}
        className={rowClass}
      >
        <LogOut aria-hidden className="size-4.5" />
        Sign out
      </button>
    </div>
  );
}
