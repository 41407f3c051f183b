import { causeIds, causes } from '@signet/doctor';
import { generatePath, Link } from 'react-router';
import { useStoredSession } from '../../session/auth-context.tsx';
import { paths } from '../paths.ts';
import { sections } from '../sections.ts';
import { useIsAdmin } from '../use-is-admin.ts';

/** So many are shown: a search that finds more needs another word. */
const most = 8;

type Place = { readonly to: string; readonly says: string };

/** The pages and causes that have every word of the text, and for a signed-in reader the users. */
export function FoundPlaces({ text }: { text: string }) {
  const isAdmin = useIsAdmin();
  const isSignedIn = useStoredSession() !== null;
  const words = text.toLowerCase().split(/\s+/);
  const pages = sections
    .flatMap(({ entries }) => entries)
    .filter(({ access }) => access !== 'admin' || isAdmin)
    .map((entry) => ({
      to: entry.to,
      says: 'door' in entry ? `${entry.label}: ${entry.door}` : entry.label,
    }));
  const found = [
    ...pages,
    { to: paths.account, says: 'Account: profile, password and devices' },
    ...causeIds.map((id) => ({ to: generatePath(paths.cause, { id }), says: causes[id].says })),
  ].filter(({ says }) => words.every((word) => says.toLowerCase().includes(word)));
  const places: Place[] = [
    ...found.slice(0, most),
    ...(isSignedIn ? [{ to: `${paths.users}?q=${encodeURIComponent(text)}`, says: `Users: “${text}”` }] : []),
  ];
  if (places.length === 0) return <p className="text-muted text-sm">Nothing found.</p>;
  return (
    <ul className="grid gap-2 text-sm">
      {places.map(({ to, says }) => (
        <li key={to} className="[overflow-wrap:anywhere]">
          <Link to={to} className="font-medium underline underline-offset-4">
            {says}
          </Link>
        </li>
      ))}
    </ul>
  );
}
