import { useQuery } from '@tanstack/react-query';
import {
  CircleUserRound,
  House,
  type LucideIcon,
  MessageSquareText,
  ScrollText,
  Trophy,
  UsersRound,
} from 'lucide-react';
import { NavLink } from 'react-router';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';

type Item = { to: string; label: string; icon: LucideIcon; for?: 'admin' };

/** A page is one line here and one route in `app.tsx`. */
const groups: readonly { title: string; items: readonly Item[] }[] = [
  { title: 'Session', items: [{ to: paths.home, label: 'Overview', icon: House }] },
  {
    title: 'Demo data',
    items: [
      { to: paths.feed, label: 'Feed', icon: MessageSquareText },
      { to: paths.players, label: 'Players', icon: Trophy },
      { to: paths.users, label: 'Users', icon: UsersRound },
    ],
  },
  {
    title: 'Your account',
    items: [
      { to: paths.account, label: 'Account', icon: CircleUserRound },
      { to: paths.audit, label: 'Audit log', icon: ScrollText, for: 'admin' },
    ],
  },
];

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const me = useQuery(queries.me(useCall()));
  const isAdmin = me.data?.role === 'admin';
  return (
    <nav aria-label="Pages" className="grid gap-5">
      {groups.map(({ title, items }) => (
        <div key={title}>
          <p className="mb-1 px-3 font-medium text-muted text-xs">{title}</p>
          <ul className="grid gap-0.5">
            {items
              .filter((item) => item.for !== 'admin' || isAdmin)
              .map(({ to, label, icon: Icon }) => (
                <li key={to}>
                  <NavLink
                    to={to}
                    end={to === paths.home}
                    {...(onNavigate && { onClick: onNavigate })}
                    className="flex items-center gap-3 rounded-lg px-3 py-2 font-medium text-muted transition-colors hover:bg-ink/5 hover:text-ink aria-[current=page]:bg-ink/8 aria-[current=page]:text-ink"
                  >
                    <Icon aria-hidden className="size-4.5" />
                    {label}
                  </NavLink>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
