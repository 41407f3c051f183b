import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { NavLink } from 'react-router';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { openFinding } from '../doctor-finding.ts';
import { paths } from '../paths.ts';
import { type Entry, sections } from '../sections.ts';
import { useIsAdmin } from '../use-is-admin.ts';

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const isAdmin = useIsAdmin();
  const isSignedIn = useStoredSession() !== null;
  const shown = sections
    .map(({ title, entries }) => ({
      title,
      entries: entries.filter(({ access }) => access !== 'admin' || isAdmin),
    }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <nav aria-label="Pages" className="grid gap-4">
      {shown.map(({ title, entries }) => (
        <div key={title}>
          {title && <p className="mb-1 px-3 font-medium text-muted text-xs">{title}</p>}
          <ul className="grid gap-0.5">
            {entries.map((entry) => (
              <li key={entry.to}>
                <NavigationLink entry={entry} {...(onNavigate && { onNavigate })} />
              </li>
            ))}
          </ul>
          {title === 'Demo data' && !isSignedIn && (
            <p className="px-3 pt-1 text-muted text-xs">Sign in to open these.</p>
          )}
        </div>
      ))}
    </nav>
  );
}

function NavigationLink({ entry, onNavigate }: { entry: Entry; onNavigate?: () => void }) {
  const { to, label, icon: Icon } = entry;
  return (
    <NavLink
      to={to}
      end={to === paths.home}
      {...(onNavigate && { onClick: onNavigate })}
      className="flex h-9 items-center gap-3 rounded-lg border border-transparent px-3 font-medium text-muted hover:bg-ink/5 hover:text-ink aria-[current=page]:bg-ink/8 aria-[current=page]:text-ink forced-colors:border-[Canvas] forced-colors:aria-[current=page]:border-[Highlight]"
    >
      <Icon aria-hidden className="size-4.5" />
      {label}
      {to === paths.exchanges && <UnseenCalls />}
      {to === paths.doctor && <OpenFinding />}
    </NavLink>
  );
}

const mostShown = 99;

function UnseenCalls() {
  const { callLog } = useAuth();
  const unseen = useSyncExternalStore(callLog.subscribe, callLog.unseen);
  if (unseen === 0) return null;
  const shown = unseen > mostShown ? `${mostShown}+` : unseen;
  return (
    <span className="ml-auto text-xs tabular-nums">
      <span aria-hidden>{shown}</span>
      <span className="sr-only">{`, ${shown} new ${unseen === 1 ? 'call' : 'calls'}`}</span>
    </span>
  );
}

function OpenFinding() {
  if (!useQuery(openFinding).data) return null;
  return (
    <span className="ml-auto">
      <CircleAlert aria-hidden className="size-4 text-danger" />
      <span className="sr-only">, found a fault</span>
    </span>
  );
}
