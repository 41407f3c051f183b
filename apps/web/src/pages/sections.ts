import { isLoopback } from '@signet/contracts';
import {
  ArrowLeftRight,
  ArrowUpDown,
  FlaskConical,
  House,
  type LucideIcon,
  MessageSquareText,
  ScanSearch,
  ScrollText,
  Stethoscope,
  Trophy,
  UsersRound,
} from 'lucide-react';
import { paths } from './paths.ts';

export type Entry = {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Who can open the page. */
  readonly access: 'public' | 'signed-in' | 'admin';
};

/** A tool that shows why: it is an entry of the navigation, and a link on the pages that lead to it. */
export type Tool = Entry & {
  readonly access: 'public';
  /** What the link says: "Inspect a token". */
  readonly door: string;
};

/** The tools, in the order of learning. */
export const tools: readonly Tool[] = [
  {
    to: paths.inspector,
    label: 'Inspector',
    icon: ScanSearch,
    access: 'public',
    door: 'Inspect a token',
  },
  {
    to: paths.exchanges,
    label: 'Exchanges',
    icon: ArrowUpDown,
    access: 'public',
    door: 'See both sides of a call',
  },
  {
    to: paths.flows,
    label: 'Flows',
    icon: ArrowLeftRight,
    access: 'public',
    door: 'Compare the flows',
  },
  {
    to: paths.doctor,
    label: 'Doctor',
    icon: Stethoscope,
    access: 'public',
    door: 'Find out why a call fails',
  },
  // Its servers run on one's own machine only, as the page says elsewhere.
  ...(isLoopback(window.location.origin)
    ? [
        {
          to: paths.lab,
          label: 'Lab',
          icon: FlaskConical,
          access: 'public' as const,
          door: 'Break it on purpose',
        },
      ]
    : []),
];

/** The navigation. A page is one line here and one route in `app.tsx`; a group without entries is not shown. */
export const sections: readonly { readonly title: string | null; readonly entries: readonly Entry[] }[] = [
  { title: null, entries: [{ to: paths.home, label: 'Overview', icon: House, access: 'public' }] },
  { title: 'Understand', entries: tools },
  {
    title: 'Demo data',
    entries: [
      { to: paths.feed, label: 'Feed', icon: MessageSquareText, access: 'signed-in' },
      { to: paths.players, label: 'Players', icon: Trophy, access: 'signed-in' },
      { to: paths.users, label: 'Users', icon: UsersRound, access: 'signed-in' },
    ],
  },
  {
    title: 'Admin',
    entries: [{ to: paths.audit, label: 'Audit log', icon: ScrollText, access: 'admin' }],
  },
];

/** What the navigation calls the page at a path, or the page above it: `/users/2` is in Users. */
export function labelOf(pathname: string): string | undefined {
  const [, first = ''] = pathname.split(/[/?]/);
  if (`/${first}` === paths.account) return 'your account';
  return sections.flatMap(({ entries }) => entries).find(({ to }) => to === `/${first}`)?.label;
}

/** The page whose path begins as a mistyped one does: `/user` and `/users-list` are near Users. */
export function nearestEntry(pathname: string): Entry | undefined {
  const typed = pathname.toLowerCase();
  return sections
    .flatMap(({ entries }) => entries)
    .find(({ to, access }) => {
      const start = to.slice(0, 4).toLowerCase();
      return access !== 'admin' && start.length > 3 && typed.startsWith(start);
    });
}
