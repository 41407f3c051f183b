import { Person, UserLinks } from './signed-in-user.tsx';

/** The foot of the drawer, which has the room to show the user menu at once. */
export function UserPanel({ onNavigate, onKeys }: { onNavigate: () => void; onKeys: () => void }) {
  return (
    <div className="grid gap-2">
      <div className="flex min-w-0 items-center gap-3 px-1.5">
        <Person />
      </div>
      <UserLinks onNavigate={onNavigate} onKeys={onKeys} />
    </div>
  );
}
